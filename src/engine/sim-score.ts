/**
 * Made-up probabilities of the simulated engine: the same text after the same beginning always gets the same, and no
 * model is behind them. Only where the answer table knows the question do they mean something.
 */

import { hashText } from '../basics/random.ts';
import { fingerprint } from './answers.ts';
import { fillerSentences } from './filler.ts';
import { splitPieces } from './pieces.ts';
import { lastBlock } from './sim-reply.ts';
import type { Candidate, ScoredToken } from './types.ts';

/** The size of a usual vocabulary: ids are made up from hashes. */
const VOCABULARY = 49_152;

/** Pieces before a place that its probabilities depend on. */
const CONTEXT = 4;

function pieceId(piece: string): number {
  return hashText(piece) % VOCABULARY;
}

/** Log probabilities of the pieces of an option: of the one that is answered with, and of any other. */
const CHOSEN = -0.02;
const OTHER = -7;

/** `choices`: the option that a question is answered with, both by fingerprint. */
export function scoreText(
  text: string,
  continuation: string,
  choices: ReadonlyMap<string, string>,
  seed: number,
  best: number,
): readonly ScoredToken[] {
  const pieces = [...splitPieces(text), ...splitPieces(continuation)];
  const claim = claimIn(text, choices);
  let at = 0;
  return pieces.map((piece, index) => {
    const id = pieceId(piece);
    at += piece.length;
    if (index === 0) return { id, text: piece, score: undefined };
    const context = pieces.slice(Math.max(0, index - CONTEXT), index).join('');
    const isClaim = claim !== undefined && at > claim.from && at <= text.length;
    const logprob = isClaim ? claim.logprob : madeUp(hashText(context + piece, seed));
    return { id, text: piece, score: scored(piece, logprob, hashText(context, seed), best) };
  });
}

/** Where the text claims an answer to a question of the table, and how likely each piece of the claim is. */
function claimIn(
  text: string,
  choices: ReadonlyMap<string, string>,
): { readonly from: number; readonly logprob: number } | undefined {
  const block = lastBlock(text);
  const [whole = '', question = '', option = ''] = /^\s*(\S[^\n]*)\n.*Answer:\s*(.+)$/s.exec(block) ?? [];
  const chosen = choices.get(fingerprint(question));
  if (whole === '' || chosen === undefined) return undefined;
  return { from: text.length - option.length, logprob: fingerprint(option) === chosen ? CHOSEN : OTHER };
}

/** From about -0.01 to -9, most of them near the upper end, as in a text that a model knows how to go on with. */
function madeUp(hash: number): number {
  return round(-0.01 - 9 * (hash / 2 ** 32) ** 3);
}

function scored(text: string, logprob: number, contextSeed: number, best: number): ScoredToken['score'] {
  const own = { id: pieceId(text), text, logprob };
  const left = 1 - Math.exp(logprob);
  // The other pieces of a place share what is left, half of it the first, half of the rest the next, and so on.
  const isLikeliest = left / 2 <= 1 - left;
  const rank = isLikeliest ? 1 : 1 + Math.max(1, Math.floor(Math.log2(left / (1 - left))));
  const others = best === 0 ? [] : alternatives(text, left, contextSeed);
  return { logprob, rank, best: (isLikeliest ? [own, ...others] : others).slice(0, best) };
}

function alternatives(text: string, left: number, seed: number): readonly Candidate[] {
  const words = splitPieces(fillerSentences(seed).next().value).filter((piece) => piece !== text);
  return [...new Set(words)].map((word, index) => ({
    id: pieceId(word),
    text: word,
    logprob: round(Math.log(left) - Math.LN2 * (index + 1)),
  }));
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
