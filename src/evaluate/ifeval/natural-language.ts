/** What IFEval's and IFBench's checks ask of Python packages: sentences and words (nltk) and the language (langdetect) of a text. */

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
import languages from './languages.json' with { type: 'json' };
import punkt from './punkt.json' with { type: 'json' };

// Sentences as Punkt finds them (Kiss and Strunk, 2006), with the English model that upstream takes from nltk: a period, a
// question mark or an exclamation mark breaks the text, but not a period behind an abbreviation, behind an initial of a
// name, or behind a number that goes on in lower case.
//
// It breaks where nltk does, with one exception. nltk's model also holds how each of 20,000 words of its training text
// was capitalised, and uses it behind abbreviations, dots, initials and numbers only. Here that is known of a few dozen words.
// So `Acme Inc. Carbon` and `Wait... Carbon` are one sentence here and two there; behind the initials A, B, I, J, O, Q,
// U, X, Y and Z the words of `COMMON` start a sentence and all others are names, where nltk knows more words; and behind
// `1.` a few lower-case words break there.

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

// The language of a text, in place of Python's langdetect that upstream asks. It answers with one of langdetect's codes, by
// the script where that is enough and by frequent words and letters where languages share it. Texts of a few sentences in
// a language of IFEval's kwargs come out as langdetect has them. It can differ in texts of a few words, in mixed ones,
// between close neighbours (Danish and Norwegian, Croatian and Slovene, Hindi and Nepali in headlines), and in a text all
// in capitals or without frequent words: that is English here, where langdetect draws by chance and often names another.

/**
 * By language code of langdetect (ISO 639-1): what distinguishes it from others in the same script. `languages.json` has them by script, written
 * down for this detector.
 */
type LanguageFacts = Readonly<Record<string, LanguageFact>>;

interface LanguageFact {
  /** Lower-case letters besides a to z. */
  readonly letters: string;
  /** Its most frequent words, lower-case, the first the most frequent. */
  readonly words: string;
}

/** A language with its words by weight and the groups of three letters that are in them. */
interface Profile {
  readonly code: string;
  readonly letters: ReadonlySet<string>;
  readonly weights: ReadonlyMap<string, number>;
  readonly triples: ReadonlySet<string>;
}

/** What the most and the least frequent word of a list are worth. */
const WORD_WEIGHT = { most: 3, least: 1.5 };
/** What a letter costs that a language has not. */
const FOREIGN_LETTER = 1.5;
/** What a word that is in no list can be worth, if it is made of a language's groups of letters. */
const LIKE_WORD = 0.8;
/** How far the first language of a table is ahead before anything was read. */
const FIRST_AHEAD = 1;

/** The language of a text, among those that share its script: the first of the table where little distinguishes them. */
function likeliest(text: string, profiles: readonly Profile[]): string | undefined {
  const evidence = evidenceIn(text, profiles);
  let best: { code: string; score: number } | undefined;
  for (const profile of profiles) {
    const score = scoreOf(profile, evidence) + (best === undefined ? FIRST_AHEAD : 0);
    if (best === undefined || score > best.score) best = { code: profile.code, score };
  }
  return best?.code;
}

interface Evidence {
  /** Words that are in some list. */
  readonly frequent: readonly string[];
  /** The groups of letters of each of the other words. */
  readonly others: readonly (readonly string[])[];
  /** Letters besides a to z. */
  readonly letters: readonly string[];
}

function evidenceIn(text: string, profiles: readonly Profile[]): Evidence {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  const isFrequent = (word: string) => profiles.some(({ weights }) => weights.has(word));
  return {
    frequent: words.filter(isFrequent),
    others: words.filter((word) => !isFrequent(word)).map(triplesOf),
    letters: [...words.join('').replace(/[a-z]+/g, '')],
  };
}

function scoreOf({ letters, weights, triples }: Profile, evidence: Evidence): number {
  let score = 0;
  for (const word of evidence.frequent) score += weights.get(word) ?? 0;
  for (const found of evidence.others) {
    score += (LIKE_WORD * found.filter((triple) => triples.has(triple)).length) / found.length;
  }
  for (const letter of evidence.letters) if (!letters.has(letter)) score -= FOREIGN_LETTER;
  return score;
}

/** Makes ready what `likeliest` compares with. */
function profilesOf(facts: LanguageFacts): Profile[] {
  return Object.entries(facts).map(([code, { letters, words }]) => {
    const list = [...new Set(words.split(/\s+/).filter((word) => word !== ''))];
    const step = (WORD_WEIGHT.most - WORD_WEIGHT.least) / list.length;
    return {
      code,
      letters: new Set(letters),
      weights: new Map(list.map((word, rank) => [word, WORD_WEIGHT.most - rank * step])),
      triples: new Set(list.flatMap(triplesOf)),
    };
  });
}

/** Groups of three letters, with a space for the start and the end of the word; a word has at least one. */
function triplesOf(word: string): string[] {
  const letters = [' ', ...word, ' '];
  return letters.slice(2).map((last, i) => `${letters[i]}${letters[i + 1]}${last}`);
}

/** As much of a text as langdetect looks at, in characters. */
const LONGEST = 10_000;
const URL = /https?:\/\/[-_.?&~;+=/#0-9A-Za-z]{1,2076}/g;
const MAIL = /[-_.0-9A-Za-z]{1,64}@[-_0-9A-Za-z]{1,255}[-_.0-9A-Za-z]{1,255}/g;

/** A language's own script, or how the languages of a script are distinguished. */
const SCRIPTS: Readonly<Record<string, string | ((text: string) => string | undefined)>> = {
  Latin: among(profilesOf(languages.Latin)),
  Cyrillic: among(profilesOf(languages.Cyrillic)),
  Arabic: among(profilesOf(languages.Arabic)),
  Devanagari: among(profilesOf(languages.Devanagari)),
  Greek: 'el',
  Hebrew: 'he',
  Thai: 'th',
  Bengali: 'bn',
  Gujarati: 'gu',
  Gurmukhi: 'pa',
  Kannada: 'kn',
  Malayalam: 'ml',
  Tamil: 'ta',
  Telugu: 'te',
  Hangul: 'ko',
  Kana: 'ja',
  Han: (text) => (countOf(text, TRADITIONAL) > countOf(text, SIMPLIFIED) ? 'zh-tw' : 'zh-cn'),
};

/** Common characters that are written otherwise in the other Chinese script. */
const SIMPLIFIED = /[们这国说时为对会来个产业东车见长门问间还过进远学习经应该让请谢爱书电话开关]/g;
const TRADITIONAL = /[們這國說時為對會來個產業東車見長門問間還過進遠學習經應該讓請謝愛書電話開關]/g;

/** Code of the language; undefined where the text has no letters of a script that langdetect knows. */
export function detectLanguage(text: string): string | undefined {
  const words = text.replace(URL, ' ').replace(MAIL, ' ').slice(0, LONGEST);
  const clean = withoutStrayLatin(words.normalize('NFC'));
  const script = scriptOf(clean);
  const language = script === undefined ? undefined : SCRIPTS[script];
  return typeof language === 'function' ? language(clean) : language;
}

function among(profiles: readonly Profile[]): (text: string) => string | undefined {
  return (text) => likeliest(text, profiles);
}

/** Latin letters are left out of a text that has more than twice as many others. */
function withoutStrayLatin(text: string): string {
  const latin = countOf(text, /[A-z]/g);
  const others = countOf(text, /[\u0300-\u1dff\u1f00-\u{10ffff}]/gu);
  return latin * 2 < others ? text.replace(/[A-z]/g, '') : text;
}

const PATTERNS = Object.keys(SCRIPTS).map((script) => ({
  script,
  letters: new RegExp(script === 'Kana' ? '[\\u3041-\\u30ff]' : `\\p{Script=${script}}`, 'gu'),
}));

/** Kana among Chinese characters from this share on are Japanese. */
const JAPANESE = 0.1;

function scriptOf(text: string): string | undefined {
  const counts = new Map(PATTERNS.map(({ script, letters }) => [script, countOf(text, letters)]));
  const kana = counts.get('Kana') ?? 0;
  const han = counts.get('Han') ?? 0;
  counts.set('Kana', kana >= JAPANESE * (kana + han) ? kana + han : 0);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return most !== undefined && most[1] > 0 ? most[0] : undefined;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
