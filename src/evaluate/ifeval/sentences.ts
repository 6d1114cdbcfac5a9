/**
 * Sentences as Punkt finds them (Kiss and Strunk, 2006), with the English model that upstream takes from nltk: a period, a
 * question mark or an exclamation mark breaks the text, but not a period behind an abbreviation, behind an initial of a
 * name, or behind a number that goes on in lower case.
 *
 * It breaks where nltk does, with one exception. nltk's model also holds how each of 20,000 words of its training text
 * was capitalised, and uses it behind abbreviations, dots, initials and numbers only. Here that is known of a few dozen words.
 * So `Acme Inc. Carbon` and `Wait... Carbon` are one sentence here and two there; behind the initials A, B, I, J, O, Q,
 * U, X, Y and Z the words of `COMMON` start a sentence and all others are names, where nltk knows more words; and behind
 * `1.` a few lower-case words break there.
 */
import { ABBREVIATIONS, AFTER_INITIAL, AFTER_NUMBER, NEVER_NAMES, STARTERS } from './punkt-facts.ts';
import { isLower, isUpper, NOT_SPACE, SPACE, strip } from './python-text.ts';
import { remembering } from './remembering.ts';

/** The sentences of a text, without the space between them. */
export const sentences: (text: string) => readonly string[] = remembering((text) =>
  [...realigned(text, pieces(text))].map(([start, end]) => text.slice(start, end)),
);

type Span = readonly [start: number, end: number];

const CHUNK = new RegExp(`${NOT_SPACE}+`, 'gu');
const CLOSES_WORD = /[?!)";}\]*:@'({[]/;

/** Stretches of the text, cut behind every end of a sentence. */
function* pieces(text: string): Generator<Span> {
  const chunks = [...text.matchAll(CHUNK)].map(({ 0: chunk, index }) => ({ chunk, index }));
  let start = 0;
  for (const [i, { chunk, index }] of chunks.entries()) {
    const next = chunks[i + 1];
    const end = lastEnd(chunk, next !== undefined);
    if (end === undefined) continue;
    const isInside = end < chunk.length;
    // What comes before the end decides with the one character behind it, or with the whole next chunk.
    const context = isInside ? chunk.slice(0, end + 1) : text.slice(index, next!.index + next!.chunk.length);
    if (!hasBreak(context)) continue;
    yield [start, index + end];
    start = isInside ? index + end : next!.index;
  }
  yield [start, text.length];
}

/** Position behind the last `.`, `?` or `!` of a chunk that may end a sentence; undefined where there is none. */
function lastEnd(chunk: string, hasNext: boolean): number | undefined {
  for (let end = chunk.length; end > 0; end--) {
    if (!/[.?!]/.test(chunk[end - 1]!)) continue;
    if (end === chunk.length ? hasNext : CLOSES_WORD.test(chunk[end]!)) return end;
  }
  return undefined;
}

const CLOSING = new RegExp(String.raw`^["')\]}]+?(?:${SPACE}+|(?=--)|(?=\n)|$)`, 'u');

/** Gives closing quotes and brackets at the start of a piece to the one before. */
function* realigned(text: string, spans: Iterable<Span>): Generator<Span> {
  let previous: Span | undefined;
  for (const span of spans) {
    const closing = previous && CLOSING.exec(text.slice(...span))?.[0];
    if (previous && closing !== undefined) yield [previous[0], span[0] + strip(closing).length];
    else if (previous && previous[0] < previous[1]) yield previous;
    previous = [span[0] + (closing?.length ?? 0), span[1]];
  }
  if (previous && previous[0] < previous[1]) yield previous;
}

interface Token {
  readonly text: string;
  /** Lower case, all numbers alike; without the period of a sentence's end. */
  readonly type: string;
  readonly isInitial: boolean;
  readonly isShortened: boolean;
  readonly isBreak: boolean;
}

/** Whether a sentence ends in this text, before its last token. */
function hasBreak(context: string): boolean {
  const tokens = context.split('\n').flatMap((line) => tokensOf(line).map(asToken));
  return tokens.some((token, i) => {
    const next = tokens[i + 1];
    return next !== undefined && breaksBefore(token, next);
  });
}

const DOTS_OR_DASHES = String.raw`(?:-{2,}|\.{2,}|(?:\.${SPACE}){2,}\.)`;
const TOKEN = new RegExp(
  String.raw`${DOTS_OR_DASHES}|(?=[^("\x60{[:;&#*@)}\]\-,])${NOT_SPACE}+?` +
    String.raw`(?=,?(?:${SPACE}|$|${CLOSES_WORD.source}|${DOTS_OR_DASHES}))|${NOT_SPACE}`,
  'gu',
);

function tokensOf(line: string): string[] {
  return line.match(TOKEN) ?? [];
}

const NUMBER = '##number##';

function asToken(text: string): Token {
  const type = text.toLowerCase().replace(/^-?[.,]?\p{Nd}[\p{Nd},.-]*\.?$/u, NUMBER);
  const isPlainPeriod = text.endsWith('.') && !text.endsWith('..') && text !== '.';
  const word = text.slice(0, -1).toLowerCase();
  const isAbbreviation =
    isPlainPeriod && (ABBREVIATIONS.has(word) || ABBREVIATIONS.has(word.split('-').at(-1)!));
  const isBreak = /^[.?!]$/.test(text) || (isPlainPeriod && !isAbbreviation);
  return {
    text,
    type: isBreak && type.length > 1 ? type.replace(/\.$/, '') : type,
    isInitial: /^[\p{L}\p{Nl}\p{No}_]\.$/u.test(text),
    isShortened: isAbbreviation || /^\.{2,}$/.test(text),
    isBreak,
  };
}

/** Capitalised words that are known to be written in lower case too, behind an initial that no name has. */
const COMMON = new Set(
  `a all also an and another any are as at be because before by can do each every few find first for from get give go has
  have her here his how its let like look make more my never new no not now of on once one only or other our out please
  she should take that their then to try two use was we what where which who why will with without you your`.split(
    /\s+/,
  ),
);

/** A second look at a token that ends with a period, by the one that follows. */
function breaksBefore(token: Token, next: Token): boolean {
  if (!token.text.endsWith('.')) return token.isBreak;
  const type = token.type.replace(/(?<=.)\.$/u, '');
  const [first = ''] = next.text;
  if (isOneName(type, next.type)) return false;
  if (token.isShortened && !token.isInitial)
    return isUpper(first) && (STARTERS.has(next.type) || NEVER_NAMES.has(next.type));
  if (!token.isInitial && type !== NUMBER) return token.isBreak;
  if (/^[;:,.!?]$/.test(next.text) || isLower(first)) return false;
  const isName = token.isInitial && isUpper(first) && !STARTERS.has(next.type) && !COMMON.has(next.type);
  return token.isBreak && !isName;
}

function isOneName(type: string, next: string): boolean {
  if (type === NUMBER) return AFTER_NUMBER.has(next);
  return Object.hasOwn(AFTER_INITIAL, type) && AFTER_INITIAL[type]!.includes(next);
}
