import { AisBenchError } from '../contract/errors.ts';
import {
  type Agreement,
  agreementMeasure,
  agreementOf,
  clusterOf,
  meanCredit,
  percent,
  pooledParts,
  shareOf,
} from './measure.ts';
import { pythonFloat } from './numbers.ts';
import { binomialDensity } from './statistics/distributions.ts';
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

/**
 * How probable it is that at least one of k answers, drawn without replacement from n of which c are right, is right: 1 −
 * C(n − c, k) / C(n, k) (M. Chen et al., 2021), as a product that does not overflow. 1 ≤ k ≤ n.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (n - c < k) return 1;
  let allWrong = 1;
  for (let drawn = n - c + 1; drawn <= n; drawn++) allWrong *= 1 - k / drawn;
  return 1 - allWrong;
}

/** AISBench's `cons@k`: whether c, of all answers, is more than half of k. No vote is taken (aisbench.md §7.4). */
export function compatConsensus(c: number, k: number): number {
  return c > k / 2 ? 1 : 0;
}

/**
 * What identifies an answer in a vote: its number where it is one (`18`, `18.0` and `1_8` say the same), else its text
 * without space around it and with single spaces inside. Nothing of the reference is looked at: a vote does not know it.
 */
export function sameAnswerKey(answer: string): string {
  const number = pythonFloat(answer);
  if (number !== undefined && Number.isFinite(number)) return `number ${number === 0 ? 0 : number}`;
  return `text ${answer.trim().replace(/\s+/g, ' ')}`;
}

/** One of the answers to a question. */
export interface Vote {
  /** What identifies it; undefined: no answer was found, and it abstains. */
  readonly answer: string | undefined;
  readonly correct: boolean;
}

/** The answers that say the same. */
interface Camp {
  readonly size: number;
  /** Share of them that is right, 0 to 1: of answers that say the same nearly always the one or the other. */
  readonly worth: number;
}

/**
 * How right the most frequent answer of k is, 0 to 1: the mean over every way to draw k of these answers. Answers that tie share
 * the vote equally; where none of the k votes, it is 0. 1 ≤ k ≤ the number of votes.
 */
export function consensusAtK(votes: readonly Vote[], k: number): number {
  const camps = campsOf(votes);
  if (k === votes.length) return shareOfLargest(camps);
  const voting = camps.reduce((sum, { size }) => sum + size, 0);
  const draw = new Draw(k / votes.length, votes.length - voting);
  const ways = binomialDensity(k, votes.length, k / votes.length);
  const won = camps.map(({ worth }, own) => (worth === 0 ? 0 : worth * draw.sharesOf(camps, own, k)));
  return won.reduce((sum, share) => sum + share, 0) / ways;
}

function campsOf(votes: readonly Vote[]): Camp[] {
  const camps = new Map<string, { size: number; correct: number }>();
  for (const { answer, correct } of votes) {
    if (answer === undefined) continue;
    const camp = camps.get(answer) ?? { size: 0, correct: 0 };
    camps.set(answer, camp);
    camp.size++;
    if (correct) camp.correct++;
  }
  return [...camps.values()].map(({ size, correct }) => ({ size, worth: correct / size }));
}

function shareOfLargest(camps: readonly Camp[]): number {
  const largest = Math.max(...camps.map(({ size }) => size));
  const winners = camps.filter(({ size }) => size === largest);
  return winners.reduce((sum, { worth }) => sum + worth, 0) / Math.max(1, winners.length);
}

/**
 * Draws of k answers, counted without listing them: each answer is drawn by itself with the same probability, and of what comes
 * out only the draws of k count. That is the draw without replacement, whatever the probability; k/n keeps all numbers near 1.
 */
class Draw {
  readonly #probability: number;
  readonly #abstaining: number;
  readonly #densities = new Map<number, readonly number[]>();

  constructor(probability: number, abstaining: number) {
    this.#probability = probability;
    this.#abstaining = abstaining;
  }

  /** Probability that camp `own` wins among k drawn, times its share of the win; not yet divided by that of drawing k. */
  sharesOf(camps: readonly Camp[], own: number, k: number): number {
    const { size } = camps[own]!;
    const others = camps.filter((_, n) => n !== own).map((camp) => camp.size);
    let won = 0;
    for (let votes = 1; votes <= Math.min(size, k); votes++)
      won += this.#densityOf(size)[votes]! * this.#othersBelow(others, votes, k - votes);
    return won;
  }

  /** Probability that `rest` others are drawn, none of their camps with more than `most`; divided among those that tie. */
  #othersBelow(others: readonly number[], most: number, rest: number): number {
    const ties = Math.floor(rest / most);
    // Probabilities by how many are drawn, and by how many camps have `most` of them.
    let table = tableOf(rest, ties);
    table[0]![0] = 1;
    for (const size of others) table = this.#withCamp(table, { size, most, rest, ties });
    const silent = this.#densityOf(this.#abstaining);
    let sum = 0;
    for (let drawn = 0; drawn <= rest; drawn++)
      for (let tied = 0; tied <= ties; tied++)
        sum += (table[drawn]![tied]! * (silent[rest - drawn] ?? 0)) / (tied + 1);
    return sum;
  }

  #withCamp(table: readonly Float64Array[], { size, most, rest, ties }: CampLimits): Float64Array[] {
    const density = this.#densityOf(size);
    const next = tableOf(rest, ties);
    for (let votes = 0; votes <= Math.min(size, most, rest); votes++) {
      const tie = votes === most ? 1 : 0;
      for (let drawn = 0; drawn + votes <= rest; drawn++)
        for (let tied = 0; tied + tie <= ties; tied++)
          add(next[drawn + votes]!, tied + tie, table[drawn]![tied]! * density[votes]!);
    }
    return next;
  }

  /** Probabilities that 0, 1, … of so many answers are drawn. */
  #densityOf(size: number): readonly number[] {
    const known = this.#densities.get(size);
    if (known !== undefined) return known;
    const made = Array.from({ length: size + 1 }, (_, k) => binomialDensity(k, size, this.#probability));
    this.#densities.set(size, made);
    return made;
  }
}

interface CampLimits {
  readonly size: number;
  readonly most: number;
  readonly rest: number;
  readonly ties: number;
}

function tableOf(rest: number, ties: number): Float64Array[] {
  return Array.from({ length: rest + 1 }, () => new Float64Array(ties + 1));
}

function add(sums: Float64Array, at: number, value: number): void {
  sums[at] = sums[at]! + value;
}

/** The answers to one question; each turn of a dialogue is a question of its own. */
type RepeatedQuestion = readonly Judged[];

/**
 * `pass@k` and `cons@k` of questions that were asked several times, in percent, for every k (default: as often as they were
 * asked); nothing where each was asked once. A question with fewer than k answers has no number for that k, and `n` says how
 * many have. Only answers that are wholly right count as right.
 */
export function repeatMeasures(judged: readonly Judged[], ks?: readonly number[]): Record<string, Measure> {
  const questions = questionsOf(judged);
  const most = timesAsked(questions);
  if (most < 2) return {};
  const measures = [...new Set(ks ?? [most])].flatMap((k) => {
    const enough = questions.filter((answers) => answers.length >= k);
    if (enough.length === 0) return [];
    return [
      [`pass@${k}`, measureOf(enough, (answers, rules) => passOf(answers, k, rules))] as const,
      [`cons@${k}`, measureOf(enough, (answers, rules) => consensusOf(answers, k, rules))] as const,
    ];
  });
  return Object.fromEntries(measures);
}

/** Answers by question, in the order in which the questions first appear; AISBench mixes the questions up here (§10.4, 42). */
function questionsOf(judged: readonly Judged[]): RepeatedQuestion[] {
  const questions = new Map<string, Judged[]>();
  for (const one of judged) {
    const key = `${one.index} ${one.turn ?? ''}`;
    const answers = questions.get(key);
    if (answers === undefined) questions.set(key, [one]);
    else answers.push(one);
  }
  return [...questions.values()];
}

/** Answers that the questions have at most. */
function timesAsked(questions: readonly RepeatedQuestion[]): number {
  return questions.reduce((most, { length }) => Math.max(most, length), 0);
}

function measureOf(
  questions: readonly RepeatedQuestion[],
  worthOf: (answers: RepeatedQuestion, rules: RuleSet) => number,
): Measure {
  const rules = questions[0]![0]!.rules;
  const worths = questions.map((answers) => worthOf(answers, rules));
  return {
    ...shareOf(worths.map((got, n) => ({ cluster: clusterOf(questions[n]![0]!), got, of: 1 }))),
    compat: meanPercent(questions.map((answers) => worthOf(answers, 'compat'))),
  };
}

function meanPercent(worths: readonly number[]): number {
  return (100 * worths.reduce((sum, worth) => sum + worth, 0)) / worths.length;
}

function passOf(answers: RepeatedQuestion, k: number, rules: RuleSet): number {
  return passAtK(answers.length, correctIn(answers, rules), k);
}

function consensusOf(answers: RepeatedQuestion, k: number, rules: RuleSet): number {
  if (rules === 'compat') return compatConsensus(correctIn(answers, rules), k);
  const votes = answers.map((one) => voteOf(one[rules]));
  return consensusAtK(votes, k);
}

function voteOf({ verdict, extraction }: Judgement): Vote {
  const answer = extraction === undefined ? undefined : sameAnswerKey(extraction.answer);
  return { answer, correct: verdict === 'correct' };
}

function correctIn(answers: RepeatedQuestion, rules: RuleSet): number {
  return answers.filter((one) => one[rules].verdict === 'correct').length;
}
