/** Random numbers that a seed repeats. The sequences are part of what a seed means: they are the same on every machine. */

/** A number in [0, 1), the next of its sequence. */
export type Random = () => number;

/**
 * xoshiro128** (Blackman and Vigna, 2018) with its state filled from the seed: by SplitMix32 from a number, by hashes from a text.
 * Two outputs make one number of 53 bits.
 */
export function seededRandom(seed: number | string): Random {
  const fill = typeof seed === 'number' ? splitMix32(seed) : hashes(seed);
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  const next = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}

function splitMix32(seed: number): () => number {
  // Seeds above 32 bits differ too.
  let state = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b9)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return scrambled(state);
  };
}

function hashes(text: string): () => number {
  let n = 0;
  return () => hashText(text, n++);
}

/** A hash of a text in 32 bits, without sign: FNV-1a between two turns of SplitMix32's mixer. */
export function hashText(text: string, seed = 0): number {
  let hash = scrambled(seed ^ 0x811c9dc5);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return scrambled(hash) >>> 0;
}

/** Spreads near numbers over the whole range. */
function scrambled(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}

function rotateLeft(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

/** A whole number from `min` to `max`, both included. */
export function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** Picks one item evenly. */
export function pick<T>(random: Random, from: readonly T[]): T {
  return from[between(random, 0, from.length - 1)]!;
}

/** The order 0 … count-1, shuffled. */
export function shuffledOrder(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = between(random, 0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Exponential with mean 1. */
export function exponential(random: Random): number {
  return -Math.log1p(-random());
}

/** Gamma with this shape and mean 1 (scale 1/shape), after Marsaglia and Tsang (2000). */
export function gamma(shape: number, random: Random): number {
  if (shape >= 1) return gammaAboveOne(shape, random) / shape;
  // Gamma(k) = Gamma(k + 1) · U^(1/k) for k below 1.
  return (gammaAboveOne(shape + 1, random) * (1 - random()) ** (1 / shape)) / shape;
}

function gammaAboveOne(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = standardNormal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** Standard normal, after Box and Muller. */
export function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
