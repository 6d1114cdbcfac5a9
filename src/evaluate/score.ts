import { AisBenchError } from '../contract/errors.ts';
import { type Agreement, agreementMeasure, agreementOf } from './agreement.ts';
import { meanCredit, percent, pooledParts } from './measure.ts';
import { questionsOf, repeatMeasures, timesAsked } from './repeats.ts';
import type { Interval } from './statistics/interval.ts';
import {
  creditOf,
  type Evaluator,
  type Judged,
  type Judgement,
  type Measure,
  type RuleSet,
  type Verdict,
} from './types.ts';

/** A score and what it rests on. All percentages are of all `n` answers: failed and unextractable ones are worth nothing. */
export interface ScoreCard {
  /** What `value` is: `accuracy`, or the evaluator's own name of its mean credit. */
  readonly metric: string;
  /**
   * Further numbers by name, under the headline's rules: the evaluator's `parts`, pooled; of questions that were asked several
   * times `avg@n`, `pass@k` and `cons@k`.
   */
  readonly metrics?: Readonly<Record<string, Measure>>;
  /** Mean credit in percent under the headline's rules; absent when every answer failed: that says nothing of the model. */
  readonly value?: number;
  readonly rules: RuleSet;
  /** The same percentage under either rule set; `compat` is AISBench's `accuracy`. */
  readonly byRules?: Readonly<Record<RuleSet, number>>;
  /** Answers; repetitions and the turns of a dialogue are counted one by one. */
  readonly n: number;
  /** How many dialogues the answers are turns of; absent where they are none. */
  readonly dialogues?: number;
  /** How many questions were asked, where that was done several times; absent where each was asked once. */
  readonly questions?: number;
  readonly correct: number;
  readonly partial: number;
  readonly wrong: number;
  readonly unextractable: number;
  /** A judge that was asked twice said one thing and the other. */
  readonly inconsistent: number;
  readonly truncated: number;
  readonly failed: number;
  /** How far a judge that was asked twice said the same, under the headline's rules. */
  readonly agreement?: Agreement;
  /** Of `value`; absent where the answers cannot tell. */
  readonly interval?: Interval;
  /** The value if all unextractable, inconsistent, truncated and failed answers were wrong. */
  readonly lowerBound: number;
  /** The value if they were all right. */
  readonly upperBound: number;
}

interface ScoreOptions {
  /** What the mean credit is called: `accuracy` by default. */
  readonly metric?: string | undefined;
  /** The evaluator's further numbers of all answers. */
  readonly measures?: Evaluator['measures'] | undefined;
  /** For which k `pass@k` and `cons@k` are wanted; as often as the questions were asked by default. */
  readonly ks?: readonly number[] | undefined;
}

/** Counts the verdicts, and says how sure their mean is. Throws RUN-DATA-001 when there are none. */
export function score(judged: readonly Judged[], options: ScoreOptions = {}): ScoreCard {
  const { metric = 'accuracy' } = options;
  const [first] = judged;
  if (first === undefined) {
    throw new AisBenchError('RUN-DATA-001', 'there are no answers to score', {
      cure: 'run the dataset first, or check that its predictions file holds lines',
    });
  }
  const n = judged.length;
  const counts = countVerdicts(judged);
  const { unextractable, inconsistent, truncated, failed } = counts;
  const agreement = agreementOf(judged, first.rules);
  const credit = judged.reduce((sum, one) => sum + creditOf(one), 0);
  return {
    metric,
    ...(failed === n ? {} : headlineOf(judged, first.rules, options)),
    rules: first.rules,
    n,
    ...dialoguesOf(judged),
    ...repeatsOf(judged),
    ...counts,
    ...(agreement === undefined ? {} : { agreement }),
    lowerBound: percent(credit, n),
    upperBound: percent(credit + unextractable + inconsistent + truncated + failed, n),
  };
}

function headlineOf(
  judged: readonly Judged[],
  rules: RuleSet,
  { ks, measures }: ScoreOptions,
): Pick<ScoreCard, 'value' | 'metrics' | 'byRules' | 'interval'> {
  const [fixed, compat] = [meanCredit(judged, 'fixed'), meanCredit(judged, 'compat')];
  const { value, interval } = rules === 'fixed' ? fixed : compat;
  const agreement = agreementMeasure(judged, rules);
  // Where an evaluator has a number of that name already, it is the evaluator's.
  const metrics = {
    ...averageOf(judged, { value, ...(interval === undefined ? {} : { interval }), compat: compat.value }),
    ...repeatMeasures(judged, ks),
    ...pooledParts(judged, rules),
    ...measures?.(judged, rules),
    ...(agreement === undefined ? {} : { 'agreement when swapped': agreement }),
  };
  return {
    value,
    ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
    byRules: { fixed: fixed.value, compat: compat.value },
    ...(interval === undefined ? {} : { interval }),
  };
}

/** The headline under the name that it has beside `pass@k`; nothing where each question was asked once. */
function averageOf(judged: readonly Judged[], mean: Omit<Measure, 'n'>): Record<string, Measure> {
  const times = timesAsked(questionsOf(judged));
  return times < 2 ? {} : { [`avg@${times}`]: { ...mean, n: judged.length } };
}

function repeatsOf(judged: readonly Judged[]): Pick<ScoreCard, 'questions'> {
  const questions = questionsOf(judged).length;
  return questions === judged.length ? {} : { questions };
}

function dialoguesOf(judged: readonly Judged[]): Pick<ScoreCard, 'dialogues'> {
  const dialogues = new Set(judged.flatMap(({ id, turn }) => (turn === undefined ? [] : [id]))).size;
  return dialogues === 0 ? {} : { dialogues };
}

function countVerdicts(judgements: readonly Judgement[]): Record<Verdict, number> {
  const counts = {
    correct: 0,
    partial: 0,
    wrong: 0,
    unextractable: 0,
    inconsistent: 0,
    truncated: 0,
    failed: 0,
  };
  for (const { verdict } of judgements) counts[verdict]++;
  return counts;
}

/** Percentage of the replies in which the extractor found an answer, 0 to 100; undefined where every request failed. */
export function extractRate(judged: readonly Judged[]): number | undefined {
  const replies = judged.filter(({ verdict }) => verdict !== 'failed');
  if (replies.length === 0) return undefined;
  return percent(replies.filter(({ extraction }) => extraction !== undefined).length, replies.length);
}
