import { firstPhrase } from '../choice/short-answers.ts';
import { badKey, goldTexts, type Keys, onlyKeys, predictionOf } from '../inputs.ts';
import { PYTHON_SPACE, PYTHON_WORD, pythonStrip } from '../python-text.ts';
import { chineseCutter, chineseRouge, lcsTable, lengthAt, walkBack } from '../text/rouge.ts';
import type { Configurable, Evaluator, RuleSet } from '../types.ts';

const MARK = new RegExp(`[^${PYTHON_WORD}${PYTHON_SPACE}]`, 'gu');

/**
 * AISBench's `JiebaRougeEvaluator`, of Chinese texts. Without `words: 'jieba'` characters stand in the place of words: its
 * numbers are called `rouge1_by_character` and so on, and are not comparable. `compat` takes a text to its first line break,
 * full stop or comma; `fixed` the whole of it, without punctuation.
 */
export const jiebaRougeEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  onlyKeys(keys, 'evaluator', ['words', 'python']);
  const { cut, suffix } = chineseCutter(keys);
  return {
    name: 'JiebaRougeEvaluator',
    metric: `rouge1${suffix}`,
    grade: async (sample) => {
      const wordsOf = async (text: string) =>
        (await cut(bare(text, sample.rules))).filter((word) => pythonStrip(word) !== '');
      const own = await wordsOf(predictionOf(sample));
      const best = { rouge1: 0, rouge2: 0, rougeL: 0 };
      for (const gold of goldTexts(sample.gold, 'JiebaRougeEvaluator')) {
        const scores = chineseRouge(own, await wordsOf(gold));
        for (const name of NUMBERS) best[name] = Math.max(best[name], scores[name]);
      }
      return {
        credit: best.rouge1,
        parts: { [`rouge2${suffix}`]: [best.rouge2, 1], [`rougeL${suffix}`]: [best.rougeL, 1] },
      };
    },
  };
};

const NUMBERS = ['rouge1', 'rouge2', 'rougeL'] as const;

function bare(text: string, rules: RuleSet): string {
  return rules === 'compat' ? firstPhrase(text) : text.replace(MARK, '');
}

// Porter's stemmer ("An algorithm for suffix stripping", 1980) with the departures of NLTK's `PorterStemmer`, which
// `rouge_score` stems with.

/** Words that the rules get wrong. */
const IRREGULAR = new Map(
  Object.entries({
    ...{ sky: 'sky', skies: 'sky', dying: 'die', lying: 'lie', tying: 'tie', news: 'news', howe: 'howe' },
    ...{ inning: 'inning', innings: 'inning', outing: 'outing', outings: 'outing' },
    ...{ canning: 'canning', cannings: 'canning', proceed: 'proceed', exceed: 'exceed', succeed: 'succeed' },
  }),
);

/** An ending, what takes its place, and what must hold for what is before it. */
type StemRule = readonly [ending: string, instead: string, holds?: (stem: string) => boolean];

const measured = (stem: string) => measure(stem) > 0;
const long = (stem: string) => measure(stem) > 1;

const STEP_1A: readonly StemRule[] = [
  ['sses', 'ss'],
  ['ies', 'i'],
  ['ss', 'ss'],
  ['s', ''],
];

const STEP_2 = rules(
  'ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize ation>ate ' +
    'ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble fulli>ful',
  measured,
);

const STEP_3 = rules('icate>ic ative> alize>al iciti>ic ical>ic ful> ness>', measured);

const STEP_4: readonly StemRule[] = [
  ...rules('al> ance> ence> er> ic> able> ible> ant> ement> ment> ent>', long),
  ['ion', '', (stem) => long(stem) && /[st]$/.test(stem)],
  ...rules('ou> ism> ate> iti> ous> ive> ize>', long),
];

function rules(list: string, holds: (stem: string) => boolean): StemRule[] {
  return list.split(' ').map((one) => {
    const [ending = '', instead = ''] = one.split('>');
    return [ending, instead, holds];
  });
}

/** The stem of an English word in small letters. */
export function porterStem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  const singular = word.length === 4 && word.endsWith('ies') ? word.slice(0, -1) : applied(word, STEP_1A);
  const reduced = applied(step2(step1c(step1b(singular))), STEP_3);
  return step5(applied(reduced, STEP_4));
}

/** By the first rule whose ending the word has; none of the others where that does not hold. */
function applied(word: string, list: readonly StemRule[]): string {
  for (const [ending, instead, holds] of list) {
    if (!word.endsWith(ending)) continue;
    const stem = word.slice(0, word.length - ending.length);
    return holds === undefined || holds(stem) ? stem + instead : word;
  }
  return word;
}

/** `-eed`, `-ed`, `-ing`. */
function step1b(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return measured(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const ending = ['ed', 'ing'].find((one) => word.endsWith(one) && hasVowel(word.slice(0, -one.length)));
  return ending === undefined ? word : completed(word.slice(0, -ending.length));
}

/** What is left without `-ed` or `-ing`: the letter that it took, or doubled, is put right. */
function completed(stem: string): string {
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  const last = stem.at(-1)!;
  if (stem.length >= 2 && stem.at(-2) === last && isConsonant(stem, stem.length - 1))
    return 'lsz'.includes(last) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

/** `-y` behind a consonant that is not the only letter. */
function step1c(word: string): string {
  const isIt = word.endsWith('y') && word.length > 2 && isConsonant(word, word.length - 2);
  return isIt ? `${word.slice(0, -1)}i` : word;
}

function step2(word: string): string {
  if (word.endsWith('alli') && measured(word.slice(0, -4))) return step2(word.slice(0, -2));
  const reduced = applied(word, STEP_2);
  const isLogi = reduced === word && word.endsWith('logi') && measured(word.slice(0, -3));
  return isLogi ? word.slice(0, -1) : reduced;
}

/** `-e`, and `-ll`. */
function step5(word: string): string {
  let stem = word;
  if (word.endsWith('e')) {
    const before = word.slice(0, -1);
    if (long(before) || (measured(before) && !endsShort(before))) stem = before;
  }
  return stem.endsWith('ll') && long(stem.slice(0, -1)) ? stem.slice(0, -1) : stem;
}

/** How often a vowel is followed by a consonant. */
function measure(stem: string): number {
  return consonants(stem).filter((one, i, all) => one && i > 0 && !all[i - 1]).length;
}

function hasVowel(stem: string): boolean {
  return consonants(stem).includes(false);
}

/** Consonant, vowel, consonant, the last none of w, x, y; or only a vowel and a consonant. */
function endsShort(word: string): boolean {
  const kinds = consonants(word);
  const [third, second, last] = kinds.slice(-3);
  if (word.length === 2) return !kinds[0]! && kinds[1]!;
  return word.length > 2 && third! && !second! && last! && !/[wxy]$/.test(word);
}

function isConsonant(word: string, at: number): boolean {
  return consonants(word.slice(0, at + 1)).at(-1)!;
}

/** Of each letter whether it is a consonant: none of a, e, i, o, u, nor a y behind a consonant. */
function consonants(word: string): boolean[] {
  const kinds: boolean[] = [];
  for (const [i, char] of [...word].entries())
    kinds.push(char === 'y' ? i === 0 || !kinds[i - 1]! : !'aeiou'.includes(char));
  return kinds;
}

// ROUGE as the package `rouge_score` has it, which Hugging Face's `evaluate` and AISBench's `RougeEvaluator` use.

/** F-measures, 0 to 1. */
interface RougeScores {
  readonly rouge1: number;
  readonly rouge2: number;
  /** Of the longest common subsequence of the whole texts. */
  readonly rougeL: number;
  /** The same of lines, joined. */
  readonly rougeLsum: number;
}

/** `stem`: whether words are reduced to stems first, which `rouge_score` does only where it is asked to. */
export function rougeScores(predicted: string, reference: string, stem = false): RougeScores {
  const [own, gold] = [rougeWords(predicted, stem), rougeWords(reference, stem)];
  return {
    rouge1: ofNgrams(own, gold, 1),
    rouge2: ofNgrams(own, gold, 2),
    rougeL: ofWholeTexts(own, gold),
    rougeLsum: ofLines(linesOf(predicted, stem), linesOf(reference, stem)),
  };
}

/** Runs of ASCII letters and digits in small letters; all else parts them, letters of other scripts too. */
function rougeWords(text: string, stem: boolean): string[] {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return stem ? words.map((word) => (word.length > 3 ? porterStem(word) : word)) : words;
}

function linesOf(text: string, stem: boolean): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => rougeWords(line, stem));
}

function ofNgrams(own: readonly string[], gold: readonly string[], n: number): number {
  const [ours, theirs] = [ngrams(own, n), ngrams(gold, n)];
  let shared = 0;
  for (const [ngram, count] of theirs) shared += Math.min(count, ours.get(ngram) ?? 0);
  const total = (words: readonly string[]) => Math.max(words.length - n + 1, 1);
  return fMeasure(shared / total(own), shared / total(gold));
}

function ngrams(words: readonly string[], n: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= words.length; i++) count(counts, words.slice(i, i + n).join(' '));
  return counts;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function ofWholeTexts(own: readonly string[], gold: readonly string[]): number {
  if (own.length === 0 || gold.length === 0) return 0;
  const length = lengthAt(lcsTable(gold, own), gold.length, own.length);
  return fMeasure(length / own.length, length / gold.length);
}

/** For each line of the reference what it has in common with any line of the other, no word counted twice. */
function ofLines(own: readonly (readonly string[])[], gold: readonly (readonly string[])[]): number {
  const [ours, theirs] = [own.flat(), gold.flat()];
  if (ours.length === 0 || theirs.length === 0) return 0;
  const [leftOfOurs, leftOfTheirs] = [new Map<string, number>(), new Map<string, number>()];
  for (const word of ours) count(leftOfOurs, word);
  for (const word of theirs) count(leftOfTheirs, word);
  let hits = 0;
  for (const line of gold) {
    const places = new Set(own.flatMap((one) => walkBack(line, one, true).places));
    for (const place of [...places].sort((a, b) => a - b)) {
      const word = line[place]!;
      const [mine, yours] = [leftOfOurs.get(word) ?? 0, leftOfTheirs.get(word) ?? 0];
      if (mine === 0 || yours === 0) continue;
      hits++;
      leftOfOurs.set(word, mine - 1);
      leftOfTheirs.set(word, yours - 1);
    }
  }
  return fMeasure(hits / ours.length, hits / theirs.length);
}

function fMeasure(precision: number, recall: number): number {
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}

/**
 * AISBench's `RougeEvaluator`: ROUGE-1, and ROUGE-2, ROUGE-L and ROUGE-Lsum as parts, of English texts as `rouge_score` has them; of
 * several references the best for each. Key `use_stemmer` (ours, false by default). AISBench reports the median of a thousand
 * resamples where this is the mean itself.
 */
export const rougeEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  onlyKeys(keys, 'evaluator', ['use_stemmer']);
  const { use_stemmer: stem = false } = keys;
  if (typeof stem !== 'boolean') throw badKey('evaluator.use_stemmer', stem, 'true or false');
  return {
    name: 'RougeEvaluator',
    metric: 'rouge1',
    grade: (sample) => {
      const own = predictionOf(sample);
      const all = goldTexts(sample.gold, 'RougeEvaluator').map((gold) => rougeScores(own, gold, stem));
      const best = (name: keyof (typeof all)[number]) => Math.max(...all.map((scores) => scores[name]));
      return {
        credit: best('rouge1'),
        parts: {
          rouge2: [best('rouge2'), 1],
          rougeL: [best('rougeL'), 1],
          rougeLsum: [best('rougeLsum'), 1],
        },
      };
    },
  };
};
