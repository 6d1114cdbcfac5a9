import { binomialDensity } from '../statistics/beta.ts';

/** One of the answers to a question. */
export interface Vote {
  /** What it is told apart by; undefined: no answer was found, and it abstains. */
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
