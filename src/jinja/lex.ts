/** From a Jinja template to its tokens, with the blanks taken away as chat templates expect it. */

/** What a template holds that is no Jinja, or is Jinja that we do not understand. */
export class JinjaError extends Error {
  override readonly name = 'JinjaError';
}

type Kind = 'name' | 'string' | 'number' | 'sign' | 'end';

export interface Token {
  readonly kind: Kind;
  readonly text: string;
}

/** A piece of a template: plain text, what is printed `{{ }}`, or a statement `{% %}`. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print' | 'statement'; readonly tokens: readonly Token[] };

const TAG = /\{(?:\{|%|#)/g;
const CLOSES: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' };

/**
 * Cuts a template into its parts. As in Hugging Face's `transformers`, the line break behind a statement and the blanks of
 * its own line before it belong to the statement. Throws JinjaError.
 */
export function lexTemplate(template: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  let trimsNext: 'no' | 'line' | 'all' = 'no';
  while (at < template.length) {
    TAG.lastIndex = at;
    const open = TAG.exec(template);
    let text = template.slice(at, open?.index ?? template.length);
    if (trimsNext === 'all') text = text.trimStart();
    else if (trimsNext === 'line') text = text.replace(/^\r?\n/, '');
    trimsNext = 'no';
    if (open === null) {
      parts.push({ kind: 'text', text });
      break;
    }
    const mark = open[0];
    const end = endOf(template, open.index + 2, CLOSES[mark]!, mark === '{#');
    const inner = template.slice(open.index + 2, end);
    if (inner.startsWith('-')) text = text.trimEnd();
    else if (mark !== '{{' && !inner.startsWith('+')) text = withoutIndent(text, parts.length === 0);
    if (text !== '') parts.push({ kind: 'text', text });
    if (inner.endsWith('-')) trimsNext = 'all';
    else if (mark !== '{{' && !inner.endsWith('+')) trimsNext = 'line';
    if (mark !== '{#') {
      const tokens = lexCode(inner.replace(/^[-+]/, '').replace(/[-+]$/, ''));
      parts.push({ kind: mark === '{{' ? 'print' : 'statement', tokens });
    }
    at = end + 2;
  }
  return parts;
}

function withoutIndent(text: string, isFirst: boolean): string {
  return isFirst && !text.includes('\n') ? text.trimStart() : text.replace(/(\n)[ \t]*$/, '$1');
}

/** Where a tag ends: not between quotes, and not while a bracket is open. */
function endOf(template: string, from: number, close: string, isComment: boolean): number {
  let quote = '';
  let open = 0;
  for (let at = from; at < template.length - 1; at++) {
    const sign = template[at]!;
    if (quote !== '') {
      if (sign === '\\') at++;
      else if (sign === quote) quote = '';
    } else if (open === 0 && template.startsWith(close, at)) return at;
    else if (isComment) continue;
    else if (sign === "'" || sign === '"') quote = sign;
    else if ('([{'.includes(sign)) open += 1;
    else if (')]}'.includes(sign)) open -= 1;
  }
  throw new JinjaError(`a tag is not closed with ${close}`);
}

const TOKEN =
  /\s+|([A-Za-z_]\w*)|(\d+(?:\.\d+)?)|('(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(==|!=|<=|>=|\/\/|\*\*|[-+*/%~|()[\]{}:,.=<>])/y;

function lexCode(code: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < code.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(code);
    if (match === null) throw new JinjaError(`cannot read ${JSON.stringify(code.slice(start, start + 20))}`);
    const [, name, number, string, sign] = match;
    if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (string !== undefined) tokens.push({ kind: 'string', text: unescaped(string.slice(1, -1)) });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code?: string, sign?: string) =>
    code === undefined ? (ESCAPES[sign!] ?? sign!) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
