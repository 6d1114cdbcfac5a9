/**
 * Whether an option's letter stands at a place of a text, and stands there as an option: not as a word of a sentence, a
 * variable of a formula, the beginning of a name or one of several.
 */

/** The text of the reader: full-width and circled letters and signs as ASCII, one for one, so that places stay. */
export function plainText(text: string): string {
  return text.replace(/[\u24b6-\u24cf\uff01-\uff5e]/g, (char) => {
    const code = char.charCodeAt(0);
    return String.fromCharCode(code >= 0xff01 ? code - 0xfee0 : code - 0x24b6 + 0x41);
  });
}

export interface Letter {
  /** Upper case. */
  readonly letter: string;
  readonly at: number;
}

const HAN = String.raw`\p{Script=Han}`;
/** How far behind a letter is looked. */
const LOOK_BEHIND = 80;

/** What may stand between a turn of phrase and its letter: brackets, quotes, stars, LaTeX that dresses it; not without end. */
const DRESS = /(?:[\s*_"'“”‘’`([{【「『<《$:,>-]|\\[([]|\\(?:f?boxed|text\w*|math\w*|bf|rm)\b\{?){0,80}/uy;
/** Words that may. Longer ones first. */
const WORDS =
  /(?:(?:the\s+)?(?:option|choice|letter|statement|answer)s?|most\s+likely|(?:most\s+)?probably|likely|definitely|clearly|indeed|simply|actually|still|therefore|thus|hence|i\s+(?:think|believe|would\s+say)|it\s+is|it's|that|is)(?![\p{L}\p{N}'’])[\s,:]*|选项|选择|选|应该是|应为|应是|是|为/iuy;

/** The letters that may be chosen, and what is made of them once. */
export interface Letters {
  /** In upper case. */
  readonly all: string;
  /** Behind a letter: another one, as in `A and C`, `B or (D)`, `A, C.` */
  readonly another: RegExp;
}

export function lettersOf(all: string): Letters {
  const close = String.raw`^[\s)*\]"'}]*`;
  const open = String.raw`\s*(?:[Oo]ption\s+|[Cc]hoice\s+|选项)?[("'*[]*`;
  const joined = String.raw`(?:and|or|&|和|或|及|与|以及)${open}[${all}](?!(?!${HAN})[\p{L}\p{N}'’]|\s+(?:is|was|seems)\b)`;
  const listed = String.raw`[,、/]${open}[${all}](?=[\s)"'*\]]*(?:[,.、;。]|and\b|or\b|和|或|\n|$))`;
  return { all, another: new RegExp(`${close}(?:${joined}|${listed})`, 'u') };
}

/** Where the letter behind a turn of phrase that ends at `place` would stand. */
export function skipDress(text: string, place: number): number {
  let at = skip(DRESS, text, place);
  for (let words = 0; words < 4; words++) {
    const next = skip(DRESS, text, skip(WORDS, text, at));
    if (next === at) break;
    at = next;
  }
  return at;
}

/** The one letter behind a turn of phrase that ends at `place`. */
export function letterBehind(text: string, place: number, letters: Letters): Letter | undefined {
  const found = optionAt(text, skipDress(text, place), letters);
  if (found === undefined) return undefined;
  return letters.another.test(text.slice(found.at + 1, found.at + 1 + LOOK_BEHIND)) ? undefined : found;
}

function skip(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : at;
}

/** The letter begins a word, a name or a number: `Both`, `C++`, `A's`, `B-cells`, `C_2`. */
const GOES_ON = new RegExp(
  String.raw`^(?:(?!${HAN})[\p{L}\p{N}+#^&]|['’]\p{L}|_[\p{L}\p{N}{]|-[\p{L}\p{N}])`,
  'u',
);
/** It is part of a formula: `B = 2`, `A \times C`. */
const FORMULA = /^\s*(?:[=≤≥≠+×÷/]|<(?![/|a-z])|\*(?=[\p{L}\p{N}(])|\\(?!text|quad|[)\],; ]))/u;
/** A noun behind `A` or `I` makes a word of it; these do not: `the answer is A because …`. */
const CONNECTORS =
  /^[ \t]+(?:because|since|as|and|or|with|for|which|due|given|based|in|from|according|if|when|but|while|so|not|rather|where|is|that|by|on|here|this|the)\b/;
const BEFORE_A_WORD = /^[ \t]+["'“]?(?!\p{Script=Han})\p{L}/u;
/** What closes a letter in lower case, which would be a word otherwise. */
const CLOSED = /^["'”’]?(?:[)\]}*]|[.,;:。]?\s*(?:\n|$))/u;

/** The option whose letter stands exactly at a place. */
export function optionAt(text: string, at: number, { all }: Letters): Letter | undefined {
  const char = text[at];
  if (char === undefined || !/[A-Za-z]/.test(char)) return undefined;
  const letter = char.toUpperCase();
  const behind = text.slice(at + 1, at + 1 + LOOK_BEHIND);
  if (!all.includes(letter) || GOES_ON.test(behind) || FORMULA.test(behind)) return undefined;
  if (char !== letter && !CLOSED.test(behind)) return undefined;
  const isWord = /[AI]/.test(char) && BEFORE_A_WORD.test(behind) && !CONNECTORS.test(behind);
  return isWord ? undefined : { letter, at };
}
