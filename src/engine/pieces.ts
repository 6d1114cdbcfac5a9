/**
 * What the simulated engine counts as a token. A piece is one of: up to eight letters of a word with the space before
 * them, one digit, one punctuation mark or symbol with the space before it, a run of line breaks, or a run of other
 * blanks. The pieces of a text, joined, are the text, whatever it holds.
 */
const PIECE = / ?\p{L}[\p{L}\p{M}]{0,7}|\p{N}|[\r\n]+| ?[^\s\p{L}\p{N}]|[^\S\r\n]+/gu;

export function splitPieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}

/** The number of pieces, or `atMost` as soon as there are that many. */
export function countPieces(text: string, atMost = Number.POSITIVE_INFINITY): number {
  const scanner = new RegExp(PIECE);
  let count = 0;
  while (count < atMost && scanner.test(text)) count++;
  return count;
}
