/** The words and signs of an expression in Java. */
const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|0[xX][\da-fA-F_]+[lL]?|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdDlL]?|[\p{IDS}_$][\p{IDC}$]*|->|::|\+\+|--|&&|\|\||[=!<>]=|[-+*/%&|^]=|<<|[-+*/%&|^!~<>=?:.,;()[\]{}]/uy;

export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words that are no names. */
export const RESERVED = new Set(
  (
    'abstract assert break case catch class const continue default do else enum extends final finally for goto if ' +
    'implements import instanceof interface native new package private protected public return static strictfp super ' +
    'switch synchronized this throw throws transient try volatile while true false null byte short int long float ' +
    'double boolean char void'
  ).split(' '),
);

/** Blanks and comments are left out. Throws SyntaxError. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < code.length; ) {
    TOKEN.lastIndex = at;
    const text = TOKEN.exec(code)?.[0];
    if (text === undefined) throw new SyntaxError(`no Java at ${code.slice(at, at + 10)}`);
    if (!/^(?:\s|\/\/|\/\*)/.test(text)) tokens.push({ text, start: at, end: at + text.length });
    at += text.length;
  }
  return tokens;
}
