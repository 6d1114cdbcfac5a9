/**
 * The language of a text, in place of Python's langdetect that upstream asks. It answers with one of langdetect's codes, by
 * the script where that is enough and by frequent words and letters where languages share it. Texts of a few sentences in
 * a language of IFEval's kwargs come out as langdetect has them. It can differ in texts of a few words, in mixed ones,
 * between close neighbours (Danish and Norwegian, Croatian and Slovene, Hindi and Nepali in headlines), and in a text all
 * in capitals or without frequent words: that is English here, where langdetect draws by chance and often names another.
 */

import languages from './languages.json' with { type: 'json' };

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
