import { percentileOf } from './stats.ts';

/** 2^-10 ms is about a microsecond, what is below counts as 0; 2^32 ms are 50 days. */
const LOWEST_EXPONENT = -10;
const HIGHEST_EXPONENT = 32;

const asDouble = new Float64Array(1);
const asWords = new Uint32Array(asDouble.buffer);
/** Which of the two words holds the exponent. */
const HIGH = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Bucket and how many values it gained, one behind the other. */
export type SketchChanges = readonly number[];

/**
 * Counts durations in logarithmic buckets, in 11 kB whatever their number: percentiles are within 0.8 %, or a microsecond where that
 * is more. Sketches of several processes add up. Written for speed: adding a value takes some nanoseconds.
 */
export class Sketch {
  /** Steps inside a doubling: so many of the first bits of a double's fraction. */
  readonly #stepBits: number;
  readonly #steps: number;
  readonly #counts: Uint32Array;
  #length = 0;
  #told: Uint32Array | undefined;

  /** `stepBits`: a value is known to 2^-(stepBits + 1) of itself; each bit more doubles the memory. */
  constructor(stepBits = 6) {
    this.#stepBits = stepBits;
    this.#steps = 2 ** stepBits;
    this.#counts = new Uint32Array(1 + (HIGHEST_EXPONENT - LOWEST_EXPONENT) * this.#steps);
  }

  /** Adds a duration, milliseconds; a negative one counts as 0. */
  add(value: number): void {
    this.#counts[this.#bucketOf(value)]!++;
    this.#length++;
  }

  get length(): number {
    return this.#length;
  }

  /** The p-th percentile, 0 to 100, as `percentileOf` defines it; undefined while there is no value. */
  percentile(p: number): number | undefined {
    return this.#length === 0 ? undefined : percentileOf(this.#length, (rank) => this.#valueAt(rank), p);
  }

  /** How many values are above a duration, to the width of a bucket. */
  countAbove(value: number): number {
    let count = 0;
    for (let bucket = this.#bucketOf(value) + 1; bucket < this.#counts.length; bucket++)
      count += this.#counts[bucket]!;
    return count;
  }

  /** What it gained since it was asked before, for another process to add. */
  takeChanges(): SketchChanges {
    this.#told ??= new Uint32Array(this.#counts.length);
    const told = this.#told;
    const changes: number[] = [];
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      const gained = this.#counts[bucket]! - told[bucket]!;
      if (gained > 0) changes.push(bucket, gained);
    }
    told.set(this.#counts);
    return changes;
  }

  addChanges(changes: SketchChanges): void {
    for (let n = 0; n < changes.length; n += 2) {
      this.#counts[changes[n]!]! += changes[n + 1]!;
      this.#length += changes[n + 1]!;
    }
  }

  /** Counts what another has counted. */
  merge(other: Sketch): void {
    for (let bucket = 0; bucket < this.#counts.length; bucket++)
      this.#counts[bucket]! += other.#counts[bucket]!;
    this.#length += other.#length;
  }

  #valueAt(rank: number): number {
    let seen = 0;
    let bucket = 0;
    for (; bucket < this.#counts.length - 1; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen > rank) break;
    }
    return this.#middleOf(bucket);
  }

  /** The exponent and the first bits of the fraction lie side by side in a double: they are the number of the bucket. */
  #bucketOf(value: number): number {
    asDouble[0] = value;
    const first = (1023 + LOWEST_EXPONENT) * this.#steps;
    const number = (asWords[HIGH]! >>> (20 - this.#stepBits)) - first;
    if (number < 0 || !(value > 0)) return 0;
    return Math.min(number, this.#counts.length - 2) + 1;
  }

  #middleOf(bucket: number): number {
    if (bucket === 0) return 0;
    const exponent = Math.floor((bucket - 1) / this.#steps) + LOWEST_EXPONENT;
    return 2 ** exponent * (1 + (((bucket - 1) % this.#steps) + 0.5) / this.#steps);
  }
}
