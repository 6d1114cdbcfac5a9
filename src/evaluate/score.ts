import { AisBenchError } from '../errors.ts';
import { creditOf, type Judged, type Judgement, type RuleSet, type Verdict } from './types.ts';

/** Percentages, 0 to 100. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly method: 'Wilson';
}

/** A score and what it rests on. All percentages are of all `n` answers: failed and unextractable ones are worth nothing. */
export interface ScoreCard {
  /** What `value` is: `accuracy`, or the evaluator's own name of its mean credit. */
  readonly metric: string;
  /** Further numbers in percent, by name: the evaluator's `parts`, pooled, under the headline's rules. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Mean credit in percent under the headline's rules; absent when every answer failed: that says nothing of the model. */
  readonly value?: number;
  readonly rules: RuleSet;
  /** The same percentage under either rule set; `compat` is AISBench's `accuracy`. */
  readonly byRules?: Readonly<Record<RuleSet, number>>;
  /** Answers; repetitions and the turns of a dialogue are counted one by one. */
  readonly n: number;
  /** How many dialogues the answers are turns of; absent where they are none. */
  readonly dialogues?: number;
  readonly correct: number;
  readonly partial: number;
  readonly wrong: number;
  readonly unextractable: number;
  readonly truncated: number;
  readonly failed: number;
  /** For answers that are independent: with repetitions of a row or turns of a dialogue it is too narrow. */
  readonly interval?: Interval;
  /** The value if all unextractable, truncated and failed answers were wrong. */
  readonly lowerBound: number;
  /** The value if they were all right. */
  readonly upperBound: number;
}

/** Counts the verdicts. Throws RUN-DATA-001 when there are none. */
export function score(judged: readonly Judged[], metric = 'accuracy'): ScoreCard {
  const [first] = judged;
  if (first === undefined) {
    throw new AisBenchError('RUN-DATA-001', 'there are no answers to score', {
      cure: 'run the dataset first, or check that its predictions file holds lines',
    });
  }
  const n = judged.length;
  const counts = countVerdicts(judged);
  const { unextractable, truncated, failed } = counts;
  const credit = sumOfCredit(judged);
  return {
    metric,
    ...(failed === n ? {} : headlineOf(judged)),
    rules: first.rules,
    n,
    ...dialoguesOf(judged),
    ...counts,
    lowerBound: percent(credit, n),
    upperBound: percent(credit + unextractable + truncated + failed, n),
  };
}

function headlineOf(
  judged: readonly Judged[],
): Pick<ScoreCard, 'value' | 'metrics' | 'byRules' | 'interval'> {
  const n = judged.length;
  const credit = sumOfCredit(judged);
  const under = (rules: RuleSet) => percent(sumOfCredit(judged.map((one) => one[rules])), n);
  const metrics = pooledParts(judged);
  return {
    value: percent(credit, n),
    ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
    byRules: { fixed: under('fixed'), compat: under('compat') },
    ...(Number.isInteger(credit) ? { interval: wilson(credit, n) } : {}),
  };
}

function sumOfCredit(judged: readonly Judgement[]): number {
  return judged.reduce((sum, one) => sum + creditOf(one), 0);
}

function pooledParts(judged: readonly Judgement[]): Record<string, number> {
  const sums = new Map<string, [got: number, of: number]>();
  for (const [name, [got, of]] of judged.flatMap(({ parts = {} }) => Object.entries(parts))) {
    const sum = sums.get(name) ?? [0, 0];
    sums.set(name, [sum[0] + got, sum[1] + of]);
  }
  return Object.fromEntries([...sums].map(([name, [got, of]]) => [name, percent(got, of)]));
}

/** Two-sided 95 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/** Wilson's score interval of a proportion, in percent (E. B. Wilson, 1927); `n` is at least 1. */
export function wilson(correct: number, n: number): Interval {
  const p = correct / n;
  const scale = 1 + Z ** 2 / n;
  const centre = p + Z ** 2 / (2 * n);
  const half = Z * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2));
  return {
    low: correct === 0 ? 0 : (100 * (centre - half)) / scale,
    high: correct === n ? 100 : (100 * (centre + half)) / scale,
    level: 0.95,
    method: 'Wilson',
  };
}

function dialoguesOf(judged: readonly Judged[]): Pick<ScoreCard, 'dialogues'> {
  const dialogues = new Set(judged.flatMap(({ id, turn }) => (turn === undefined ? [] : [id]))).size;
  return dialogues === 0 ? {} : { dialogues };
}

function countVerdicts(judgements: readonly Judgement[]): Record<Verdict, number> {
  const counts = { correct: 0, partial: 0, wrong: 0, unextractable: 0, truncated: 0, failed: 0 };
  for (const { verdict } of judgements) counts[verdict]++;
  return counts;
}

/** Percentage of the replies in which the extractor found an answer, 0 to 100; undefined where every request failed. */
export function extractRate(judged: readonly Judged[]): number | undefined {
  const replies = judged.filter(({ verdict }) => verdict !== 'failed');
  if (replies.length === 0) return undefined;
  return percent(replies.filter(({ extraction }) => extraction !== undefined).length, replies.length);
}

function percent(part: number, whole: number): number {
  return (100 * part) / whole;
}
