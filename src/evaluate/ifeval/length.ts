import { comparisonOf, numberOf, textOf } from './kwargs.ts';
import { SPACE, splitSpaces, strip, words } from './python-text.ts';
import { sentences } from './sentences.ts';
import type { Family } from './types.ts';

const DIVIDER = new RegExp(String.raw`${SPACE}?\*\*\*${SPACE}?`, 'u');

export const length: Family = {
  number_words: (kwargs) => {
    const isRight = comparisonOf(kwargs, 'relation', 'num_words');
    return (reply) => isRight(words(reply).length);
  },
  number_sentences: (kwargs) => {
    const isRight = comparisonOf(kwargs, 'relation', 'num_sentences');
    return (reply) => isRight(sentences(reply).length);
  },
  /** Exactly so many paragraphs between `***`; only the first and the last piece may be blank. */
  number_paragraphs: (kwargs) => {
    const wanted = numberOf(kwargs, 'num_paragraphs');
    return (reply) => {
      const pieces = reply.split(DIVIDER).map((piece) => strip(piece));
      if (pieces.slice(1, -1).includes('')) return false;
      return pieces.filter((piece) => piece !== '').length === wanted;
    };
  },
  nth_paragraph_first_word: (kwargs) => {
    const asked = {
      paragraphs: numberOf(kwargs, 'num_paragraphs'),
      nth: numberOf(kwargs, 'nth_paragraph'),
      word: textOf(kwargs, 'first_word').toLowerCase(),
    };
    return (reply) => hasFirstWord(reply, asked);
  },
};

interface FirstWord {
  readonly paragraphs: number;
  /** Counted from 1, blank paragraphs too, though those are not in `paragraphs`. */
  readonly nth: number;
  readonly word: string;
}

function hasFirstWord(reply: string, { paragraphs, nth, word }: FirstWord): boolean {
  const all = reply.split('\n\n').map((paragraph) => strip(paragraph));
  const written = all.filter((paragraph) => paragraph !== '').length;
  if (nth > written) return false;
  const [first] = splitSpaces(all[nth - 1] ?? '');
  if (first === undefined) return false;
  const bare = first.replace(/^'+/, '').replace(/^"+/, '');
  const [start = ''] = bare.split(/[.,?!'"]/);
  return written === paragraphs && start.toLowerCase() === word;
}
