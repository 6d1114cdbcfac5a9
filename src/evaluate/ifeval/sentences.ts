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

import {
  BOUNDARY,
  isLower,
  isUpper,
  NOT_SPACE,
  pythonSplit,
  pythonStrip,
  SPACE,
  WORD,
} from '../python-text.ts';
import punkt from './punkt.json' with { type: 'json' };

/** Texts that are remembered: a reply, and what a check makes of it first. */
const KEPT = 3;

/** The same function, which knows what it made of the last texts: one reply is asked many instructions. */
export function remembering<T>(make: (text: string) => T): (text: string) => T {
  const last: { readonly text: string; readonly made: T }[] = [];
  return (text) => {
    const known = last.find((one) => one.text === text);
    if (known !== undefined) return known.made;
    const made = make(text);
    last.unshift({ text, made });
    last.length = Math.min(last.length, KEPT);
    return made;
  };
}

// What the English model of Punkt, which upstream counts sentences with, knows of words before and after a period. `punkt.json` has the
// words whose presence changes where it breaks; the model's table of capitalised words is not there but for a few (see above).

const setOf = (...lists: readonly string[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => list.split(' ')));

/** Lower-case words that may end with a period inside of a sentence; `initials` are two without a space. */
const ABBREVIATIONS = setOf(...Object.values(punkt.abbreviations));
/** Lower-case words that start a sentence when they stand capitalised behind an abbreviation. */
const STARTERS = setOf(punkt.starters);
/**
 * Words that the model knows in lower case, and never in capitals inside of a sentence: in capitals they start one behind an
 * abbreviation or dots too. Of thousands those that sentences do start with.
 */
const NEVER_NAMES = setOf(punkt.neverNames);
/** Capitalised words that are known to be written in lower case too, behind an initial that no name has. */
const COMMON = setOf(punkt.common);
/** What a number (`1.`) or an initial belongs to: there is no break between. */
const AFTER_NUMBER = setOf(punkt.afterNumber);
const AFTER_INITIAL: Readonly<Record<string, string>> = punkt.afterInitial;

/** The sentences of a text, without the space between them. */
export const sentences: (text: string) => readonly string[] = remembering((text) =>
  [...realigned(text, pieces(text))].map(([start, end]) => text.slice(start, end)),
);

type SentenceSpan = readonly [start: number, end: number];

const CHUNK = new RegExp(`${NOT_SPACE}+`, 'gu');
const CLOSES_WORD = /[?!)";}\]*:@'({[]/;

/** Stretches of the text, cut behind every end of a sentence. */
function* pieces(text: string): Generator<SentenceSpan> {
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
function* realigned(text: string, spans: Iterable<SentenceSpan>): Generator<SentenceSpan> {
  let previous: SentenceSpan | undefined;
  for (const span of spans) {
    const closing = previous && CLOSING.exec(text.slice(...span))?.[0];
    if (previous && closing !== undefined) yield [previous[0], span[0] + pythonStrip(closing).length];
    else if (previous && previous[0] < previous[1]) yield previous;
    previous = [span[0] + (closing?.length ?? 0), span[1]];
  }
  if (previous && previous[0] < previous[1]) yield previous;
}

interface PunktToken {
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

function asToken(text: string): PunktToken {
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

/** A second look at a token that ends with a period, by the one that follows. */
function breaksBefore(token: PunktToken, next: PunktToken): boolean {
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
  return Object.hasOwn(AFTER_INITIAL, type) && AFTER_INITIAL[type]!.split(' ').includes(next);
}

// Words and punctuation as nltk's `word_tokenize` takes a text apart: sentence by sentence, by the rules of the Penn
// Treebank. Only a sentence's last period is a token of its own; `can't` is `ca` and `n't`; a hyphen joins.

type Substitution = readonly [pattern: RegExp, replacement: string];

const OPENING_STEPS: readonly Substitution[] = [
  [/[«“‘„]|`+/gu, ' $& '],
  [/^"/u, '``'],
  [/``/gu, ' $& '],
  [/([ ([{<])(?:"|'')/gu, '$1 `` '],
  [new RegExp(`(?<!${WORD})'(?!(?:re|ve|ll|m|t|s|d|n)${BOUNDARY})(?=${WORD})`, 'giu'), '$& '],
];

const PUNCTUATION_STEPS: readonly Substitution[] = [
  [/([^.])\.([\])}>"'»”’ ]*)\s*$/u, '$1 . $2 '],
  [/([:,])(\P{Nd})/gu, ' $1 $2'],
  [/[:,]$/u, ' $& '],
  [/\.{2,}/gu, ' $& '],
  [/[;@#$%&]/gu, ' $& '],
  [/[\u2012-\u2015]/gu, ' $& '],
  [/([^.])\.([\])}>"']*)\s*$/u, '$1 .$2 '],
  [/[?!]/gu, ' $& '],
  [/([^'])' /gu, "$1 ' "],
  [/\*/gu, ' $& '],
  [/[\][(){}<>]/gu, ' $& '],
  [/--/gu, ' -- '],
];

const CLOSING_STEPS: readonly Substitution[] = [
  [/[»”’]/gu, ' $& '],
  [/''/gu, " '' "],
  [/"/gu, " '' "],
  [/\s+/gu, ' '],
  [/([^' ])('[sSmMdD]|') /gu, '$1 $2 '],
  [/([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) /gu, '$1 $2 '],
];

const JOINED = ['(can)(not)', "(d)('ye)", '(gim)(me)', '(gon)(na)', '(got)(ta)', '(lem)(me)', "(more)('n)"];
const CONTRACTIONS: readonly Substitution[] = [
  ...JOINED.map((pair) => [new RegExp(BOUNDARY + pair + BOUNDARY, 'giu'), ' $1 $2 '] as const),
  [new RegExp(String.raw`${BOUNDARY}(wan)(na)(?=\s)`, 'giu'), ' $1 $2 '],
  [new RegExp(` ('t)(is)${BOUNDARY}`, 'giu'), ' $1 $2 '],
  [new RegExp(` ('t)(was)${BOUNDARY}`, 'giu'), ' $1 $2 '],
];

/** The tokens of a text, in order; double quotes come out as two back-ticks or two apostrophes. */
export const wordTokens: (text: string) => readonly string[] = remembering((text) =>
  sentences(text).flatMap((sentence) => {
    const opened = replaceAll(sentence, [...OPENING_STEPS, ...PUNCTUATION_STEPS]);
    return pythonSplit(replaceAll(` ${opened} `, [...CLOSING_STEPS, ...CONTRACTIONS]));
  }),
);

function replaceAll(text: string, steps: readonly Substitution[]): string {
  return steps.reduce((changed, [pattern, replacement]) => changed.replace(pattern, replacement), text);
}
