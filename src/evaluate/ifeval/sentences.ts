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

/**
 * What the English model of Punkt, which upstream counts sentences with, knows of words before and after a period. These
 * are the words whose presence changes where it breaks; its table of capitalised words is not here but for a few (see
 * `sentences.ts`).
 */

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

const TITLES = wordsOf('mr mrs ms dr prof gen lt col maj adm sen rep reps messrs jr sr st');
const FIRMS = wordsOf('co cos corp inc ltd bros cie s.a s.p.a n.v b.v');
const MONTHS = wordsOf('jan feb aug sep sept oct nov dec');
const DAYS = wordsOf('tues wed fri');
const STATES =
  wordsOf(`ala ariz calif colo conn fla ga ill kan ky mich minn nev okla ore pa tenn va vt w.va wash wis
  n.c n.d n.h n.j n.m n.y r.i s.c d.c`);
const PLACES = wordsOf('ave l.a u.k u.n u.s u.s.a u.s.s.r');
const OTHERS = wordsOf(`a.d a.m p.m p.a.m ph.d m.b.a chg ct ft mg ok sw vs yr a.m.e c.i.t c.o.m.b i.m.s m.d.c
  s.a.y`);
const LETTERS = wordsOf('c d e f g h k l m n p r s t v w');
/** Two initials without a space, by the first. */
const INITIALS =
  wordsOf(`a.a a.c a.g a.h a.s a.t b.f c.v d.h d.w e.f e.h e.l e.m f.g f.j g.d g.f g.k h.c h.f h.m j.b j.c
  j.j j.k j.p j.r l.f l.p m.j r.a r.h r.j r.k r.t s.g s.s t.j w.c w.r w.w`);

/** Lower-case words that may end with a period inside of a sentence. */
const ABBREVIATIONS: ReadonlySet<string> = new Set([
  ...TITLES,
  ...FIRMS,
  ...MONTHS,
  ...DAYS,
  ...STATES,
  ...PLACES,
  ...OTHERS,
  ...LETTERS,
  ...INITIALS,
]);

/** Lower-case words that start a sentence when they stand capitalised behind an abbreviation. */
const STARTERS: ReadonlySet<string> = new Set(
  wordsOf(`according although among both but despite even he however i if in indeed instead it many meanwhile moreover most
  nevertheless nonetheless nor sales separately similarly since so some the there these they this though thus under when
  while yet`),
);

/**
 * Words that the model knows in lower case, and never in capitals inside of a sentence: in capitals they start one behind an
 * abbreviation or dots too. Of thousands those that sentences do start with.
 */
const NEVER_NAMES: ReadonlySet<string> = new Set(
  wordsOf(`which yes her true suppose upon assume consider following neither whether your without given nothing using either
  furthermore therefore unknown finally immediately between someone please considering hence otherwise anyway sometimes
  remember imagine very within unlike besides thank sorry okay through unless likewise anything above together almost always put
  ask call think need enjoy choose create include learn try`),
);

/** What a number (`1.`) or an initial belongs to: there is no break between. */
const AFTER_NUMBER: ReadonlySet<string> = new Set(
  wordsOf(`abreast aes business cbot colgate commodities cooper corrections credit dividend financing genentech henley
  insider international leisure letters notable pay-fone pegasus pepper review rj wedgestone who zimmer`),
);
const AFTER_INITIAL: Readonly<Record<string, readonly string[]>> = {
  b: ['edelman', 'levine', 'smith', 'stewart', 'wigton'],
  i: ['magnin', 'toussie'],
  j: ['aron', 'fialka', 'walter'],
  o: ['ludcke'],
};

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

/** Capitalised words that are known to be written in lower case too, behind an initial that no name has. */
const COMMON = new Set(
  `a all also an and another any are as at be because before by can do each every few find first for from get give go has
  have her here his how its let like look make more my never new no not now of on once one only or other our out please
  she should take that their then to try two use was we what where which who why will with without you your`.split(
    /\s+/,
  ),
);

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
  return Object.hasOwn(AFTER_INITIAL, type) && AFTER_INITIAL[type]!.includes(next);
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
