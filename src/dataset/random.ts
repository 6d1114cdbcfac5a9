/** Random numbers that a seed repeats, for data that is made and not read. */

export interface Random {
  /** 0 ≤ value < 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<T>(from: readonly T[]): T;
}

/** A source of its own for every seed: equal seeds, numbers or texts, give equal numbers. */
export function seededRandom(seed: string | number): Random {
  const next = sfc32(String(seed));
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return { next, between, pick: (from) => from[between(0, from.length - 1)]! };
}

/** The order 0 … count-1, shuffled. */
export function shuffledOrder(count: number, { between }: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = between(0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Doty-Humphrey's small fast counting generator, 32 bits wide; its state comes from a hash of the seed. */
function sfc32(seed: string): () => number {
  const word = wordsOf(seed);
  let [a, b, c, counter] = [word(), word(), word(), 1];
  const step = () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The state is mixed before it is used: near seeds start near each other.
  for (let i = 0; i < 15; i++) step();
  return () => (step() * 2 ** 21 + (step() >>> 11)) / 2 ** 53;
}

/** 32-bit words out of a text: FNV-1a over it, then Murmur's finish for each word. */
function wordsOf(text: string): () => number {
  let hash = 0x811c9dc5;
  for (const unit of text) hash = Math.imul(hash ^ unit.codePointAt(0)!, 0x01000193);
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
    return hash;
  };
}
