/** Texts of an exact number of tokens: make, count again, mend, until the count is right. */
import { AisBenchError } from '../../contract/errors.ts';

/** Tokens of a text. Must grow, roughly, with the text. */
export type CountsTokens = (text: string) => number;

interface Material {
  readonly measure: CountsTokens;
  /** Tokens of a piece alone: a guess of what it adds. */
  readonly sizeOf: CountsTokens;
  /** The next piece of text, with its blank before it. */
  readonly next: () => string;
  /** Pieces that are likely to be one token. */
  readonly fillers: readonly string[];
}

/** Rounds of taking words off and filling up again before a tokenizer is given up. */
const ROUNDS = 50;
/** The end of a text that decides how what follows is cut into tokens; longer than any word here. */
const TAIL_CHARACTERS = 48;

/**
 * A text of exactly `tokens` tokens that begins with `start` and neither begins nor ends with a blank. Throws UTILS-CFG-002
 * where `start` alone is longer, or where no text of that length is found: then a tokenizer has no such text.
 */
export function exactText(tokens: number, start: string, material: Material): string {
  const { measure } = material;
  const least = measure(start);
  if (least > tokens) throw tooShort(tokens, least);
  const guessed = guess(tokens, start, least, material);
  if (guessed !== undefined) return guessed;
  const pieces = grow(tokens, start, least, material);
  for (let round = 0; round < ROUNDS; round++) {
    const begun = start + pieces.join('');
    // Where the end alone misleads, the whole decides.
    const tail = round < 2 ? TAIL_CHARACTERS : Infinity;
    const text = fillUp(tokens, { text: begun, missing: tokens - measure(begun), tail }, material);
    if (text !== undefined) return text;
    pieces.splice(-1 - (round % 4));
  }
  throw notFound(tokens);
}

/** Most tokenizers cut at blanks: then the pieces' own sizes add up, and the whole is counted once. */
function guess(tokens: number, start: string, least: number, material: Material): string | undefined {
  const { sizeOf, next } = material;
  let [text, have] = [start, least];
  for (;;) {
    const piece = text === '' ? next().trimStart() : next();
    const size = Math.max(sizeOf(piece), 0.1);
    if (have + size > tokens)
      return fillUp(tokens, { text, missing: tokens - have, tail: TAIL_CHARACTERS }, material);
    text += piece;
    have += size;
  }
}

/** Pieces that fit, as many as possible, by counting the whole text again and again. */
function grow(tokens: number, start: string, least: number, { measure, sizeOf, next }: Material): string[] {
  const pieces: string[] = [];
  const count = () => measure(start + pieces.join(''));
  let have = least;
  while (have < tokens) {
    let guessed = have;
    do {
      const piece = start === '' && pieces.length === 0 ? next().trimStart() : next();
      pieces.push(piece);
      guessed += Math.max(sizeOf(piece), 0.1);
    } while (guessed < tokens);
    have = count();
  }
  while (have > tokens && pieces.length > 0) {
    let guessed = have;
    do guessed -= Math.max(sizeOf(pieces.pop()!), 0.1);
    while (guessed > tokens && pieces.length > 0);
    have = count();
  }
  return pieces;
}

interface Begun {
  readonly text: string;
  /** Tokens. */
  readonly missing: number;
  /** Characters at the end that are looked at. */
  readonly tail: number;
}

/** Fills up what is missing, looking at the end of the text only, and then counts the whole. */
function fillUp(tokens: number, begun: Begun, { measure, fillers, next }: Material): string | undefined {
  let { text, missing } = begun;
  for (let tries = 0; missing > 0 && tries < 8 * fillers.length; tries++) {
    const piece = tries % 3 === 0 && missing > 1 ? next() : fillers[tries % fillers.length]!;
    const added = text === '' ? piece.trimStart() : piece;
    const tail = text.slice(-begun.tail);
    const gain = measure(tail + added) - measure(tail);
    if (gain < 1 || gain > missing) continue;
    text += added;
    missing -= gain;
  }
  if (missing !== 0 || text.trim() !== text) return undefined;
  return measure(text) === tokens ? text : undefined;
}

function tooShort(tokens: number, least: number): AisBenchError {
  return new AisBenchError(
    'UTILS-CFG-002',
    `a prompt of ${tokens} tokens is asked for, and ${least} is the least`,
    {
      where: 'synthetic_config',
      cure: `ask for at least ${least} tokens: the chat template, the nonce and a shared prefix count too`,
    },
  );
}

function notFound(tokens: number): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `no text of exactly ${tokens} tokens was found`, {
    where: 'synthetic_config',
    cure: 'check that path (or tokenizer_path) is the folder of the tokenizer that the service uses',
  });
}
