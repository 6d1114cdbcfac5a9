/**
 * AISBench's evaluators of LongBench. The gold is the list of right answers, for classification `{answers, all_classes}`; the
 * best of them counts. The words of Chinese texts are their characters, and the number is then called `score_by_character`
 * and is not comparable; with `words: 'jieba'` they are those that AISBench counts.
 */

import { badGold, badKey, goldTexts, isTexts, type Keys, onlyKeys, predictionOf } from '../inputs.ts';
import { halfToEven } from '../python-text.ts';
import { chineseCutter, chineseText, packageRougeL } from '../text/rouge.ts';
import { sharedF1, wordF1 } from '../text/squad.ts';
import type { Configurable, Evaluator, RuleSet, Sample } from '../types.ts';

/** The groups that scores of LongBench v2 are told of, by column. */
const GROUPS = ['difficulty', 'length'] as const;

/**
 * LongBench v2: the letter, and beside `accuracy` that of easy and hard questions, and of those on short, medium and long texts, under
 * AISBench's names: `accuracy_easy` and so on. The gold is `{answer, difficulty, length}`. Both rule sets are the same.
 */
export const longBenchv2Evaluator: Evaluator = {
  name: 'LongBenchv2Evaluator',
  grade({ answer, gold }) {
    const { answer: right, ...groups } = (gold ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof right !== 'string')
      throw badGold(gold, 'LongBenchv2Evaluator', 'of the form {answer, difficulty, length}');
    const credit = answer === right ? 1 : 0;
    const parts = GROUPS.filter((group) => typeof groups[group] === 'string').map(
      (group) => [`accuracy_${String(groups[group])}`, [credit, 1]] as const,
    );
    return { credit, parts: Object.fromEntries(parts) };
  },
};

// How alike two texts are, as Python's `difflib.SequenceMatcher` tells it, and `fuzzywuzzy` after it.

/** Where two texts agree: from `a`, from `b`, how long. */
interface Block {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

/** From how many characters of the second text on its frequent ones are passed over (`autojunk`). */
const LONG = 200;

/** `SequenceMatcher(None, a, b).ratio()`: twice what agrees over what there is, 0 to 1. The order of the two can matter. */
export function similarity(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const total = left.length + right.length;
  return total === 0 ? 1 : (2 * matching(left, right)) / total;
}

/**
 * `fuzz.ratio(a, b)` of fuzzywuzzy without python-Levenshtein, 0 to 100: the same in whole percent, halves to the even
 * neighbour; 0 where a text is empty and the other is not.
 */
export function fuzzRatio(a: string, b: string): number {
  if (a === b) return 100;
  if (a === '' || b === '') return 0;
  return halfToEven(100 * similarity(a, b));
}

/** How many characters agree: the longest block, then what is left and right of it, and so on. */
function matching(a: readonly string[], b: readonly string[]): number {
  const places = placesIn(b);
  const rest: (readonly [aFrom: number, aTo: number, bFrom: number, bTo: number])[] = [
    [0, a.length, 0, b.length],
  ];
  let sum = 0;
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    const [aFrom, aTo, bFrom, bTo] = part;
    const found = longest(a, b, places, part);
    if (found.size === 0) continue;
    sum += found.size;
    if (aFrom < found.a && bFrom < found.b) rest.push([aFrom, found.a, bFrom, found.b]);
    const [aNext, bNext] = [found.a + found.size, found.b + found.size];
    if (aNext < aTo && bNext < bTo) rest.push([aNext, aTo, bNext, bTo]);
  }
  return sum;
}

/** Where each character is in the second text, those left out that are more than one in a hundred of a long one. */
function placesIn(b: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, char] of b.entries()) {
    const known = places.get(char);
    if (known === undefined) places.set(char, [index]);
    else known.push(index);
  }
  const most = Math.floor(b.length / 100) + 1;
  if (b.length >= LONG) for (const [char, where] of places) if (where.length > most) places.delete(char);
  return places;
}

/** The first of the longest blocks within a part; characters that were left out can only make it longer. */
function longest(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  [aFrom, aTo, bFrom, bTo]: readonly [number, number, number, number],
): Block {
  let best: Block = { a: aFrom, b: bFrom, size: 0 };
  let ending = new Map<number, number>();
  for (let i = aFrom; i < aTo; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i]!) ?? []) {
      if (j < bFrom) continue;
      if (j >= bTo) break;
      const size = (ending.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    ending = next;
  }
  return widened(a, b, best, [aFrom, aTo, bFrom, bTo]);
}

function widened(
  a: readonly string[],
  b: readonly string[],
  block: Block,
  [aFrom, aTo, bFrom, bTo]: readonly [number, number, number, number],
): Block {
  let before = 0;
  while (
    block.a - before > aFrom &&
    block.b - before > bFrom &&
    a[block.a - before - 1] === b[block.b - before - 1]
  )
    before++;
  let after = block.size;
  while (block.a + after < aTo && block.b + after < bTo && a[block.a + after] === b[block.b + after]) after++;
  return { a: block.a - before, b: block.b - before, size: before + after };
}

// The scores of LongBench's tasks, one answer against one reference, 0 to 1.

type LongBenchLanguage = 'en' | 'zh';

/** F1 of the words of Chinese texts. */
function chineseF1(predicted: readonly string[], reference: readonly string[]): number {
  const bare = (words: readonly string[]) => words.map(chineseText).filter((word) => word !== '');
  return sharedF1(bare(predicted), bare(reference));
}

/** Which share of the numbers in the answer is this one; 0 where there are none. */
function countScore(predicted: string, number: string): number {
  const numbers = predicted.match(/\p{Nd}+/gu) ?? [];
  return numbers.length === 0 ? 0 : numbers.filter((one) => one === number).length / numbers.length;
}

/** The number of a paragraph that a reference names, `Paragraph 7` or `段落7`; undefined where it names none. */
function paragraphNumber(reference: string, language: LongBenchLanguage): string | undefined {
  return (language === 'en' ? /Paragraph (\p{Nd}+)/u : /段落(\p{Nd}+)/u).exec(reference)?.[1];
}

/** How alike the first line of code and the right line are; lines of Markdown and comments are passed over. */
function codeScore(predicted: string, reference: string): number {
  const lines = predicted.replace(/^\n+/, '').split('\n');
  const code = lines.find((line) => !/[`#]|\/\//.test(line)) ?? '';
  return fuzzRatio(code, reference) / 100;
}

/**
 * 1 over the number of classes that the answer names, if the right one is among them. Classes whose names are a part of the right
 * one's are not counted. Where it names none: `fixed` takes the class whose name is most like the answer; `compat` counts 0,
 * and leaves out every second class of a run of such parts, as LongBench's authors and AISBench do.
 */
function classScore(
  predicted: string,
  reference: string,
  { classes, rules }: { readonly classes: readonly string[]; readonly rules: RuleSet },
): number {
  const named = classes.filter((name) => predicted.includes(name));
  const isPart = (name: string) => reference.includes(name) && name !== reference;
  const counted =
    rules === 'compat' ? withoutEverySecond(named, isPart) : named.filter((name) => !isPart(name));
  if (rules === 'fixed' && named.length === 0) return mostAlike(predicted, classes) === reference ? 1 : 0;
  return counted.includes(reference) ? 1 / counted.length : 0;
}

/** What taking items out of a list does that is being gone through: the one behind each that goes is not looked at. */
function withoutEverySecond(names: readonly string[], isOut: (name: string) => boolean): string[] {
  const left = [...names];
  for (let i = 0; i < left.length; i++) {
    const name = left[i]!;
    if (isOut(name)) left.splice(left.indexOf(name), 1);
  }
  return left;
}

function mostAlike(predicted: string, classes: readonly string[]): string | undefined {
  let [best, highest]: [string | undefined, number] = [undefined, 0];
  for (const name of classes) {
    const own = similarity(name, predicted);
    if (own > highest) [best, highest] = [name, own];
  }
  return best;
}

/** Of an answer against reference number `n`, from 0. */
type Score = (predicted: string, reference: string, sample: Sample, n: number) => number | Promise<number>;

const METRIC = 'score';
const NAMES = {
  f1: 'LongBenchF1Evaluator',
  rouge: 'LongBenchRougeEvaluator',
  place: 'LongBenchRetrievalEvaluator',
} as const;

/** F1 of words. Keys `language`: `en` (default) or `zh`; of `zh`, `words` and `python`: see `chineseCutter`. */
export const longBenchF1Evaluator: Configurable<Evaluator> = (keys: Keys) => {
  if (languageIn(keys, CUTTING) === 'en') return best(NAMES.f1, (own, gold) => wordF1(own, gold));
  const { cut, suffix } = chineseCutter(keys);
  return best(NAMES.f1, async (own, gold) => chineseF1(await cut(own), await cut(gold)), METRIC + suffix);
};

/**
 * ROUGE-L. Keys as of F1. `compat` counts 0 where the package `rouge` runs out of stack, and cuts a Chinese answer once more for
 * every further reference.
 */
export const longBenchRougeEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  const isDeepZero = ({ rules }: Sample) => ({ deepIsZero: rules === 'compat' });
  if (languageIn(keys, CUTTING) === 'en')
    return best(NAMES.rouge, (own, gold, sample) => packageRougeL(own, gold, isDeepZero(sample)));
  const { cut, suffix } = chineseCutter(keys);
  const apart = async (text: string) => (await cut(text)).join(' ');
  const score: Score = async (own, gold, sample, n) => {
    let mine = await apart(own);
    for (let more = sample.rules === 'compat' ? n : 0; more > 0; more--) mine = await apart(mine);
    return packageRougeL(mine, await apart(gold), isDeepZero(sample));
  };
  return best(NAMES.rouge, score, METRIC + suffix);
};

/** The share of the numbers in the reply that are the right one. */
export const longBenchCountEvaluator: Evaluator = best('LongBenchCountEvaluator', countScore);

/** The same of the number of a paragraph. Key `language`: how the gold names it, `Paragraph 7` (`en`, default) or `段落7` (`zh`). */
export const longBenchRetrievalEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  const language = languageIn(keys);
  return best(NAMES.place, (own, gold) => {
    const number = paragraphNumber(gold, language);
    if (number === undefined) throw badGold(gold, NAMES.place, 'one that names a paragraph');
    return countScore(own, number);
  });
};

/** How alike the first line of code is, in percent as fuzzywuzzy tells it. */
export const longBenchCodeSimEvaluator: Evaluator = best('LongBenchCodeSimEvaluator', codeScore);

/** The class that the reply names. */
export const longBenchClassificationEvaluator: Evaluator = best(
  'LongBenchClassificationEvaluator',
  (own, gold, sample) => classScore(own, gold, { classes: classesOf(sample.gold), rules: sample.rules }),
);

function best(name: string, score: Score, metric: string = METRIC): Evaluator {
  return {
    name,
    metric,
    grade: async (sample) => {
      const predicted = predictionOf(sample);
      let credit = 0;
      for (const [n, gold] of goldTexts(sample.gold, name).entries())
        credit = Math.max(credit, await score(predicted, gold, sample, n));
      return { credit, explanation: `${(100 * credit).toFixed(2)} of 100` };
    },
  };
}

const CUTTING = ['words', 'python'];

function languageIn(keys: Keys, further: readonly string[] = []): LongBenchLanguage {
  const { language = 'en' } = keys;
  onlyKeys(keys, 'evaluator', ['language', ...(language === 'zh' ? further : [])]);
  if (language === 'en' || language === 'zh') return language;
  throw badKey('evaluator.language', language, "'en' or 'zh'");
}

function classesOf(gold: unknown): readonly string[] {
  const { all_classes: classes } = (gold ?? {}) as { all_classes?: unknown };
  if (isTexts(classes) && classes.length > 0) return classes;
  throw badGold(gold, 'LongBenchClassificationEvaluator', 'of the form {answers: texts, all_classes: texts}');
}
