/**
 * CPython's `random.Random(seed)`, so that a random subset here is the subset AISBench takes (§4.1), and what it makes up is the same.
 * Mersenne Twister MT19937 by Matsumoto and Nishimura, seeded through `init_by_array` as CPython does.
 */
import { AisBenchError } from '../contract/errors.ts';

const SIZE = 624;
const SHIFT = 397;

/** Draws of one `random.Random(seed)`, in the order in which they are asked for. */
export interface PythonRandom {
  /** `shuffle`: puts the list in another order. */
  shuffle(list: unknown[]): void;
  /** `choice` of a list that is not empty. */
  choice<T>(list: readonly T[]): T;
  /** `sample`: `count` different places of the list, as many as it has at most. */
  sample<T>(list: readonly T[], count: number): T[];
}

/** `random.Random(seed)`. `seed` is an integer from 0 to 2^32 - 1. */
export function pythonRandom(seed: number): PythonRandom {
  const next = mersenneTwister(seed);
  return {
    shuffle: (list) => {
      for (let i = list.length - 1; i > 0; i--) {
        const j = below(i + 1, next);
        [list[i], list[j]] = [list[j], list[i]];
      }
    },
    choice: (list) => list[below(list.length, next)]!,
    sample: (list, count) => sampled(list.length, count, next).map((i) => list[i]!),
  };
}

/** Lists of so many are sampled by taking elements out of a copy; longer ones by drawing again what was drawn. */
function isCopied(size: number, count: number): boolean {
  return size <= 21 + (count > 5 ? 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 0);
}

function sampled(size: number, count: number, next: () => number): number[] {
  if (!isCopied(size, count)) {
    const drawn = new Set<number>();
    while (drawn.size < count) drawn.add(below(size, next));
    return [...drawn];
  }
  const pool = Array.from({ length: size }, (_, i) => i);
  return Array.from({ length: count }, (_, i) => {
    const left = size - i;
    const j = below(left, next);
    const drawn = pool[j]!;
    pool[j] = pool[left - 1]!;
    return drawn;
  });
}

/** 0 … count-1 in the order CPython shuffles them. */
function pythonShuffle(count: number, seed: number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  pythonRandom(seed).shuffle(order);
  return order;
}

/** `count` draws of `random.sample(range(size), size)` from one `random.Random(seed)`: orders of 0 … size-1. */
export function pythonOrders(count: number, size: number, seed: number): number[][] {
  const random = pythonRandom(seed);
  const all = Array.from({ length: size }, (_, i) => i);
  return Array.from({ length: count }, () => random.sample(all, size));
}

/** An even integer below `limit`: as many bits as it has, drawn again while too large. */
function below(limit: number, next: () => number): number {
  const unusedBits = Math.clz32(limit);
  let value = next() >>> unusedBits;
  while (value >= limit) value = next() >>> unusedBits;
  return value;
}

/** A source of 32-bit words. */
function mersenneTwister(seed: number): () => number {
  const state = seededState(seed);
  let position = SIZE;
  return () => {
    if (position === SIZE) {
      refill(state);
      position = 0;
    }
    return temper(state[position++]!);
  };
}

function seededState(seed: number): Uint32Array {
  const state = new Uint32Array(SIZE);
  state[0] = 19_650_218;
  for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1_812_433_253, folded(state, i)) + i;
  let i = 1;
  const advance = () => {
    if (++i < SIZE) return;
    state[0] = state[SIZE - 1]!;
    i = 1;
  };
  for (let k = 0; k < SIZE; k++, advance()) {
    state[i] = (state[i]! ^ Math.imul(folded(state, i), 1_664_525)) + seed;
  }
  for (let k = 1; k < SIZE; k++, advance()) {
    state[i] = (state[i]! ^ Math.imul(folded(state, i), 1_566_083_941)) - i;
  }
  state[0] = 0x8000_0000;
  return state;
}

function folded(state: Uint32Array, i: number): number {
  const previous = state[i - 1]!;
  return previous ^ (previous >>> 30);
}

function refill(state: Uint32Array): void {
  for (let i = 0; i < SIZE; i++) {
    const joined = (state[i]! & 0x8000_0000) | (state[(i + 1) % SIZE]! & 0x7fff_ffff);
    state[i] = state[(i + SHIFT) % SIZE]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908_b0df : 0);
  }
}

function temper(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c_5680;
  y ^= (y << 15) & 0xefc6_0000;
  return (y ^ (y >>> 18)) >>> 0;
}

// Rows that a config selects: Python's slices, and random subsets as AISBench draws them.

export interface Selection {
  /** `reader_cfg.test_range` or `train_range`: `"[a:b]"`, a number of rows, or a fraction of them (AISBench §4.1). */
  readonly range?: string | number | undefined;
  /** `--num-prompts`: the first so many of what the range gives. */
  readonly numPrompts?: number | undefined;
  /** Key path of the range, for errors. */
  readonly where: string;
}

/**
 * Which of `total` rows are used, as row numbers from 0, in the order in which they are used. Ranges are Python's slices;
 * a number or fraction takes a random subset seeded with its size, the same rows as AISBench. AISBench leaves
 * `--num-prompts` out where there is a range; here both hold. Throws UTILS-CFG-002 for a range that is malformed or
 * picks nothing, TMAN-CMD-002 for a bad `numPrompts`.
 */
export function selectIndexes(total: number, { range, numPrompts, where }: Selection): number[] {
  const selected = range === undefined ? upTo(total) : selectByRange(total, range, where);
  if (range !== undefined && selected.length === 0 && total > 0) {
    throw invalidRange(range, `it picks none of the ${total} rows`, where);
  }
  return numPrompts === undefined ? selected : selected.slice(0, checkedNumPrompts(numPrompts));
}

function selectByRange(total: number, range: string | number, where: string): number[] {
  if (typeof range === 'string') return sliceIndexes(total, parseSlice(range, where));
  const isFraction = range > 0 && range < 1;
  if (!isFraction && !(Number.isInteger(range) && range >= 1)) {
    throw invalidRange(range, 'a number must be an integer from 1 on, or a fraction between 0 and 1', where);
  }
  const size = isFraction ? Math.floor(range * total) : range;
  return size >= total ? upTo(total) : pythonShuffle(total, size).slice(0, size);
}

interface Slice {
  readonly start?: number | undefined;
  readonly stop?: number | undefined;
  readonly step: number;
}

const SLICE = /^\s*\[\s*([-+]?\d+)?\s*:\s*([-+]?\d+)?\s*(?::\s*([-+]?\d+)?\s*)?\]\s*$/;

function parseSlice(text: string, where: string): Slice {
  const match = SLICE.exec(text);
  if (match === null) throw invalidRange(text, 'it is not of the form "[start:stop]"', where);
  const [start, stop, step] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  if (step === 0) throw invalidRange(text, 'its step is 0', where);
  return { start, stop, step: step ?? 1 };
}

/** What Python's `list(range(total))[start:stop:step]` holds. */
function sliceIndexes(total: number, { start, stop, step }: Slice): number[] {
  const [lowest, highest] = step > 0 ? [0, total] : [-1, total - 1];
  const bound = (value: number | undefined, open: number) => {
    if (value === undefined) return open;
    return Math.min(Math.max(value < 0 ? value + total : value, lowest), highest);
  };
  const first = bound(start, step > 0 ? lowest : highest);
  const end = bound(stop, step > 0 ? highest : lowest);
  const indexes: number[] = [];
  for (let i = first; step > 0 ? i < end : i > end; i += step) indexes.push(i);
  return indexes;
}

function upTo(total: number): number[] {
  return Array.from({ length: total }, (_, i) => i);
}

function checkedNumPrompts(value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new AisBenchError('TMAN-CMD-002', `${value} is not a number of prompts`, {
    where: '--num-prompts',
    cure: 'give an integer from 1 on',
  });
}

function invalidRange(range: string | number, why: string, where: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `the range ${JSON.stringify(range)} selects no rows: ${why}`, {
    where,
    cure: 'write "[0:100]" for the first hundred rows, 100 for a random hundred, or leave the range out for all',
  });
}
