/** A number in [0, 1), the next of its sequence. */
export type Random = () => number;

/**
 * xoshiro128** (Blackman and Vigna, 2018) with its state filled by SplitMix32 from the seed. Two outputs make one number of 53
 * bits. The sequence is part of what a seed means: it is the same on every machine and in every later version.
 */
export function seededRandom(seed: number): Random {
  const fill = splitMix32(seed);
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
  // Seeds above 32 bits are told apart too.
  let state = (seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b9)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

function rotateLeft(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
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
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
  }
}

/** Standard normal, after Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
