/** A 32-bit hash of a text; the same text and seed give the same number on every machine. */
export function hashText(text: string, seed = 0): number {
  let hash = scramble(seed ^ 0x811c9dc5);
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return scramble(hash);
}

/** An endless sequence of numbers in [0, 1) that depends on the seed alone. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return scramble(state) / 2 ** 32;
  };
}

// Spreads near seeds (1, 2, 3, …) and near hashes over the whole range.
function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
