/**
 * The language of a text, in place of Python's langdetect that upstream asks. It answers with one of langdetect's codes, by
 * the script where that is enough and by frequent words and letters where languages share it. Texts of a few sentences in
 * a language of IFEval's kwargs come out as langdetect has them. It can differ in texts of a few words, in mixed ones,
 * between close neighbours (Danish and Norwegian, Croatian and Slovene, Hindi and Nepali in headlines), and in a text all
 * in capitals or without frequent words: that is English here, where langdetect draws by chance and often names another.
 */
import { likeliest, type Profile, profilesOf } from './language-scores.ts';
import { LATIN } from './latin-words.ts';
import { ARABIC, CYRILLIC, DEVANAGARI } from './other-words.ts';

/** As much of a text as langdetect looks at, in characters. */
const LONGEST = 10_000;
const URL = /https?:\/\/[-_.?&~;+=/#0-9A-Za-z]{1,2076}/g;
const MAIL = /[-_.0-9A-Za-z]{1,64}@[-_0-9A-Za-z]{1,255}[-_.0-9A-Za-z]{1,255}/g;

/** A language's own script, or how the languages of a script are told apart. */
const SCRIPTS: Readonly<Record<string, string | ((text: string) => string | undefined)>> = {
  Latin: among(profilesOf(LATIN)),
  Cyrillic: among(profilesOf(CYRILLIC)),
  Arabic: among(profilesOf(ARABIC)),
  Devanagari: among(profilesOf(DEVANAGARI)),
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
