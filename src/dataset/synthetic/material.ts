/** What synthetic prompts are made of: plain English, letters, or random tokens of the vocabulary. */

import { pick, type Random, seededRandom } from '../../basics/random.ts';
import type { Tokenizer } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { englishWords, FILLERS } from './words.ts';

export const TEXTS = ['natural', 'letters', 'tokens'] as const;
export type TextKind = (typeof TEXTS)[number];

export interface Source {
  readonly next: () => string;
  readonly fillers: readonly string[];
}

/** A kind of text as a function from a seed to its pieces; `tokens` needs a tokenizer. Throws UTILS-FILE-003 without. */
export function materialOf(kind: TextKind, tokenizer: Tokenizer | undefined): (random: Random) => Source {
  if (kind === 'natural') return (random) => ({ next: englishWords(random), fillers: FILLERS });
  if (kind === 'letters') return () => ({ next: () => ' A', fillers: [' A', 'A', ...FILLERS] });
  if (tokenizer === undefined) throw noTokenizer('random tokens');
  const pieces = tokenPieces(tokenizer);
  const some = seededRandom('fillers');
  const fillers = Array.from({ length: 40 }, () => pick(some, pieces));
  return (random) => ({ next: () => pick(random, pieces), fillers });
}

/** Letters, digits and signs, with at most one blank before them: what chat templates and JSON leave as it is. */
const PLAIN = /^ ?[\p{L}\p{N}\p{P}]+$/u;
/** Tokens that are looked at, drawn from the whole vocabulary. */
const DRAWN = 8192;
const ENOUGH = 256;

/** Random tokens that are themselves when they are read again; words of their own, where there are enough of those. */
function tokenPieces(tokenizer: Tokenizer): readonly string[] {
  const ids = tokenizer.ordinaryIds();
  const random = seededRandom('vocabulary');
  const drawn = ids.length <= DRAWN ? ids : Array.from({ length: DRAWN }, () => pick(random, ids));
  const pieces = drawn
    .map((id) => ({ id, text: tokenizer.decode([id]) }))
    .filter(({ id, text }) => {
      if (!PLAIN.test(text) || text.includes('\ufffd')) return false;
      const again = tokenizer.encode(text);
      return again.length === 1 && again[0] === id;
    });
  const texts = pieces.map(({ text }) => text);
  // Behind a blank a token stays what it is whatever stands before it, so that lengths add up.
  const words = texts.filter((text) => text.startsWith(' '));
  if (words.length >= ENOUGH) return words;
  return texts.length > 0 ? texts : [' a'];
}

export function noTokenizer(why: string): AisBenchError {
  return new AisBenchError('UTILS-FILE-003', `${why} cannot be made: the model's config names no tokenizer`, {
    where: 'path',
    cure: "set the model config's path, or the dataset config's tokenizer_path, to the folder of tokenizer.json",
  });
}
