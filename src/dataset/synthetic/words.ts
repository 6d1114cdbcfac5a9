/** What synthetic prompts are made of: plain English, letters, or random tokens of the vocabulary. */
import { between, pick, type Random, seededRandom } from '../../basics/random.ts';
import type { Tokenizer } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import grammar from './words.json' with { type: 'json' };

// Plain English by a small grammar of our own, for prompts that a model reads as text: speculative decoding and prefix
// caches behave on it as on real text, and not as on random tokens. Nothing of it is taken from anywhere.

const words = (text: string): readonly string[] => text.split(' ');

const ADJECTIVES = words(grammar.adjectives);
const NOUNS = words(grammar.nouns);
const VERBS = words(grammar.verbs);
const ADVERBS = words(grammar.adverbs);
const PREPOSITIONS = words(grammar.prepositions);
const { joints: JOINTS, openings: OPENINGS, questions: QUESTIONS } = grammar;

/** Words one after the other, without end: each with its blank before it and its punctuation behind it. */
export function englishWords(random: Random): () => string {
  let rest: string[] = [];
  return () => {
    if (rest.length === 0) rest = sentence(random).split(' ').reverse();
    return ` ${rest.pop()!}`;
  };
}

function sentence(random: Random): string {
  const first = clause(random);
  const forms: readonly (() => string)[] = [
    () => first,
    () => `${pick(random, OPENINGS)} ${first}`,
    () => `${first} ${pick(random, JOINTS)} ${clause(random)}`,
    () => `${pick(random, QUESTIONS)} ${first}`,
    () => `${first}, and ${clause(random)}`,
    () => `${pick(random, OPENINGS)}, ${first}, but ${clause(random)}`,
    () =>
      `There were ${between(random, 2, 999)} ${pick(random, ADJECTIVES)} ${pick(random, NOUNS)}s ${pick(random, PREPOSITIONS)} ${thing(random)}`,
  ];
  const text = pick(random, forms)();
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function clause(random: Random): string {
  const adverb = random() < 0.3 ? `${pick(random, ADVERBS)} ` : '';
  const place = random() < 0.5 ? ` ${pick(random, PREPOSITIONS)} ${thing(random)}` : '';
  return `${thing(random)} ${adverb}${pick(random, VERBS)} ${thing(random)}${place}`;
}

function thing(random: Random): string {
  const adjective = random() < 0.6 ? `${pick(random, ADJECTIVES)} ` : '';
  return `${pick(random, ['the', 'the', 'one', 'every', 'another'])} ${adjective}${pick(random, NOUNS)}`;
}

/** Short words that most tokenizers know as one token, to fill up what is left over. */
export const FILLERS: readonly string[] = [
  ...words('and the of to in is on at by or as it so no we all one two old new long day way man time').map(
    (word) => ` ${word}`,
  ),
  ...words('. , ! ? ; : a e i o s t n x 1 2 3'),
];

export const TEXTS = ['natural', 'letters', 'tokens'] as const;
export type TextKind = (typeof TEXTS)[number];

export interface TextSource {
  readonly next: () => string;
  readonly fillers: readonly string[];
}

/** A kind of text as a function from a seed to its pieces; `tokens` needs a tokenizer. Throws UTILS-FILE-003 without. */
export function materialOf(kind: TextKind, tokenizer: Tokenizer | undefined): (random: Random) => TextSource {
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
  // Behind a blank a token stays what it is whatever is before it, so that lengths add up.
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
