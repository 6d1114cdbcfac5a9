/** AISBench's `TriviaQAEvaluator`: whether one of the names of the right answer is in the reply. */

import { floatRepr } from '../../python-data/repr.ts';
import { firstPhrase } from '../choice/short-answers.ts';
import { badGold, goldTexts, isTexts, predictionOf } from '../inputs.ts';
import { pythonFloat } from '../numbers.ts';
import { pythonRegex } from '../python-regex.ts';
import { halfToEven, pythonSplit, pythonStrip } from '../python-text.ts';
import { bestOf, squadText, triviaText, withoutArticles, withoutPunctuation, wordF1 } from '../text/squad.ts';
import { readStated } from '../text/stated-answer.ts';
import type { Evaluator } from '../types.ts';

/**
 * `compat` looks for letters, in the first phrase of the first line, and cuts the right answers at their first full stop and
 * comma too: `J. K. Rowling` is `j`, which is in most replies. `fixed` looks for whole words, in what is stated as the
 * answer, with the authors' rules of case, articles and punctuation. Parts, by the authors' evaluation: `exact_match`, `f1`.
 */
export const triviaQAEvaluator: Evaluator = {
  name: 'TriviaQAEvaluator',
  metric: 'score',
  grade: (sample) => {
    const golds = goldTexts(sample.gold, 'TriviaQAEvaluator');
    const answer = readStated(sample.answer, 'first-line')?.answer ?? '';
    const own = triviaText(answer);
    const compat = compatTriviaAnswer(predictionOf(sample));
    const names = golds.map(triviaText).filter((name) => name !== '');
    const found =
      sample.rules === 'compat'
        ? golds.find((gold) => compat.includes(firstPhrase(gold).toLowerCase()))
        : names.find((name) => ` ${own} `.includes(` ${name} `));
    return {
      credit: found === undefined ? 0 : 1,
      explanation: found === undefined ? 'none of the names is in it' : `'${found}' is in it`,
      parts: {
        exact_match: [names.includes(own) ? 1 : 0, 1],
        f1: [bestOf(golds, (gold) => wordF1(answer, gold, triviaText)), 1],
      },
    };
  },
};

function compatTriviaAnswer(prediction: string): string {
  let [answer = ''] = pythonStrip(prediction).split('\n', 1);
  answer = answer.toLowerCase();
  for (const mark of ['answer is', 'a:', 'answer:']) answer = answer.split(mark).at(-1)!;
  return firstPhrase(pythonStrip(answer));
}

// AISBench's `LambadaEvaluator`: the first word of the reply is the one that ends the passage.

/** Python's `string.punctuation` as AISBench puts it into a character class, where it loses the backslash. */
const MARK = /[!-/:-@[\]^_`{|}~]/;
const WORD = String.raw`[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*`;
const FIRST = new RegExp(WORD, 'u');
const STATED = new RegExp(String.raw`\b(?:word|answer)\b(?:\s+is|\s*[:：])\s*["'“‘*_\x60]*(${WORD})`, 'giu');

/**
 * `compat` ends the word at a blank or a mark, so that `"door"` is none, and minds case. `fixed` takes the word that is stated,
 * `the last word is "door"`, else the first one.
 */
export const lambadaEvaluator: Evaluator = {
  name: 'LambadaEvaluator',
  grade: (sample) => {
    const { answer, reference, rules } = sample;
    const read = rules === 'compat' ? compatWord(predictionOf(sample)) : wordOf(answer);
    const right = rules === 'compat' ? firstPhrase(reference) : wordOf(reference);
    return { credit: read === right ? 1 : 0, explanation: `read as '${read}'` };
  },
};

function compatWord(prediction: string): string {
  const [word = ''] = pythonStrip(prediction).split(' ', 1);
  return firstPhrase(word.split(MARK, 1)[0] ?? '');
}

function wordOf(text: string): string {
  const stated = [...text.matchAll(STATED)].at(-1)?.[1];
  return (stated ?? FIRST.exec(text)?.[0] ?? '').toLowerCase().replaceAll('’', "'");
}

// AISBench's evaluator of DROP, after OpenAI's simple-evals, and the authors' own two numbers beside it.

/**
 * The greatest sum of scores when every row gets a column of its own and no column two rows: the Hungarian method, with
 * potentials, in rows² · columns steps. `scores[row][column]` must be finite; rows of one length.
 */
export function bestAssignment(scores: readonly (readonly number[])[]): number {
  const columns = scores[0]?.length ?? 0;
  if (columns === 0) return 0;
  const costs = scores.length <= columns ? scores : transposed(scores);
  return assigned(costs);
}

function transposed(scores: readonly (readonly number[])[]): number[][] {
  return scores[0]!.map((_, column) => scores.map((row) => row[column]!));
}

/** Rows and columns are counted from 1: 0 stands for none. */
function assigned(scores: readonly (readonly number[])[]): number {
  const columns = scores[0]!.length;
  const ofRow = new Float64Array(scores.length + 1);
  const ofColumn = new Float64Array(columns + 1);
  /** Which row a column is given to. */
  const rowOf = new Int32Array(columns + 1);
  const reduced = (row: number, column: number) =>
    -scores[row - 1]![column - 1]! - ofRow[row]! - ofColumn[column]!;
  for (let row = 1; row <= scores.length; row++) {
    rowOf[0] = row;
    place(rowOf, ofRow, ofColumn, reduced);
  }
  let sum = 0;
  for (let column = 1; column <= columns; column++) {
    if (rowOf[column] !== 0) sum += scores[rowOf[column]! - 1]![column - 1]!;
  }
  return sum;
}

/** Finds the cheapest chain of exchanges that ends at a free column, for the row at column 0, and carries it out. */
function place(
  rowOf: Int32Array,
  ofRow: Float64Array,
  ofColumn: Float64Array,
  reduced: (row: number, column: number) => number,
): void {
  const least = new Float64Array(rowOf.length).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(rowOf.length);
  const seen = new Uint8Array(rowOf.length);
  let at = 0;
  do {
    seen[at] = 1;
    const row = rowOf[at]!;
    let next = 0;
    let step = Number.POSITIVE_INFINITY;
    for (let column = 1; column < rowOf.length; column++) {
      if (seen[column] === 1) continue;
      const cost = reduced(row, column);
      if (cost < least[column]!) {
        least[column] = cost;
        before[column] = at;
      }
      if (least[column]! < step) [step, next] = [least[column]!, column];
    }
    for (let column = 0; column < rowOf.length; column++) {
      if (seen[column] === 1) {
        ofRow[rowOf[column]!]! += step;
        ofColumn[column]! -= step;
      } else least[column]! -= step;
    }
    at = next;
  } while (rowOf[at] !== 0);
  while (at !== 0) {
    rowOf[at] = rowOf[before[at]!]!;
    at = before[at]!;
  }
}

// Equality and F1 of answers as the authors of DROP count them: bags of words, spans aligned, numbers that must agree.

interface DropMetrics {
  /** 1 where the spans are the same, else 0. */
  readonly exactMatch: number;
  /** 0 to 1, rounded to two places as the authors do. */
  readonly f1: number;
}

/** An answer, a span or several, against a gold answer of spans. */
export function dropMetrics(predicted: readonly string[], gold: readonly string[]): DropMetrics {
  const [ours, theirs] = [predicted.map(dropText), gold.map(dropText)];
  const [ourSet, theirSet] = [new Set(ours), new Set(theirs)];
  const isSame =
    ours.length === theirs.length &&
    ourSet.size === theirSet.size &&
    [...ourSet].every((one) => theirSet.has(one));
  const [ourBags, theirBags] = [ours.map(bagOf), theirs.map(bagOf)];
  const scores = theirBags.map((golden) => ourBags.map((own) => alignedF1(own, golden)));
  const mean = bestAssignment(scores) / Math.max(ours.length, theirs.length, 1);
  return { exactMatch: isSame ? 1 : 0, f1: inHundredths(mean) };
}

/** The best of both over the gold answers that hold something; 0 where none does. */
function bestDropMetrics(predicted: readonly string[], golds: readonly (readonly string[])[]): DropMetrics {
  const all = golds.filter(([first = '']) => first.trim() !== '').map((gold) => dropMetrics(predicted, gold));
  return {
    exactMatch: Math.max(0, ...all.map(({ exactMatch }) => exactMatch)),
    f1: Math.max(0, ...all.map(({ f1 }) => f1)),
  };
}

/** Words in small letters, without articles and punctuation, numbers as Python writes floats: `3.0`. */
export function dropText(text: string): string {
  return text
    .toLowerCase()
    .split(/[ -]/)
    .map((token) => withoutArticles(asNumber(isNumber(token) ? token : withoutPunctuation(token))))
    .filter((part) => part !== '')
    .join(' ');
}

function asNumber(token: string): string {
  const value = pythonFloat(token);
  return value === undefined ? token : floatRepr(value);
}

function isNumber(token: string): boolean {
  return pythonFloat(token) !== undefined;
}

function bagOf(text: string): ReadonlySet<string> {
  return new Set(pythonSplit(text));
}

/** F1 of two bags; 0 where the gold one has numbers of which the other has none. */
function alignedF1(own: ReadonlySet<string>, gold: ReadonlySet<string>): number {
  const numbers = [...gold].filter(isNumber);
  if (numbers.length > 0 && !numbers.some((one) => own.has(one))) return 0;
  const shared = [...gold].filter((word) => own.has(word)).length;
  const precision = own.size === 0 ? 1 : shared / own.size;
  const recall = gold.size === 0 ? 1 : shared / gold.size;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** numpy's `round(value, 2)`: halves go to the even neighbour. */
function inHundredths(value: number): number {
  return halfToEven(value * 100) / 100;
}

const ANSWER = pythonRegex(String.raw`(?i)Answer\s*:\s*([^\n]+)`);
const NUMBER = /^[-+]?(?:\d|\.\d)/;

/**
 * The gold is a text of answers with `|` between them, or a list of answers that are lists of spans. `compat`: the first
 * `Answer:` of the reply is a part of an answer, or the other way round, letter by letter: 4 is right for 43. `fixed`: the last
 * stated answer holds all spans as whole words, and no number that the right one has not. Parts: `exact_match`, `f1`.
 */
export const dropOpenAIEvaluator: Evaluator = {
  name: 'dropOpenAIEvaluator',
  grade: (sample) => {
    const golds = readGold(sample.gold);
    const answer = readStated(sample.answer, 'only-line')?.answer ?? '';
    const compat = compatDropAnswer(predictionOf(sample));
    const isRight =
      sample.rules === 'compat'
        ? golds.some((spans) => fuzzyMatch(compat, spans.join(', ')))
        : golds.some((spans) => holdsAll(dropText(answer), spans.map(dropText)));
    const { exactMatch, f1 } = bestDropMetrics([answer], golds);
    return {
      credit: isRight ? 1 : 0,
      explanation: `read as '${sample.rules === 'compat' ? compat : answer}'`,
      parts: { exact_match: [exactMatch, 1], f1: [f1, 1] },
    };
  },
};

function compatDropAnswer(prediction: string): string {
  return ANSWER.exec(prediction)?.[1] ?? prediction;
}

function fuzzyMatch(a: string, b: string): boolean {
  const [one, other] = [squadText(a), squadText(b)];
  if (one === '' || other === '') return one === other;
  return one.includes(other) || other.includes(one);
}

function holdsAll(own: string, spans: readonly string[]): boolean {
  const wanted = spans.filter((span) => span !== '');
  const numbersIn = (text: string) => text.split(' ').filter((word) => NUMBER.test(word));
  const right = new Set(wanted.flatMap(numbersIn));
  return (
    wanted.length > 0 &&
    wanted.every((span) => ` ${own} `.includes(` ${span} `)) &&
    (right.size === 0 || numbersIn(own).every((number) => right.has(number)))
  );
}

function readGold(gold: unknown): readonly (readonly string[])[] {
  if (typeof gold === 'string') return gold.split('|').map((answer) => [answer]);
  if (Array.isArray(gold) && gold.length > 0 && gold.every((answer) => isTexts(answer) && answer.length > 0))
    return gold;
  throw badGold(
    gold,
    'dropOpenAIEvaluator',
    "a text of answers with '|' between them, nor a list of lists of spans",
  );
}
