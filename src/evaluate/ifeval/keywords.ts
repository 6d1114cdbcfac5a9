import { comparisonOf, textOf, textsOf } from './kwargs.ts';
import { BOUNDARY, count, literal } from './python-text.ts';
import type { Family } from './types.ts';

/**
 * Words that are to be there, or not. A keyword counts inside of longer words too, a forbidden word only where it stands
 * alone. Both are looked for as they are written; upstream takes them for patterns, which is the same for letters.
 */
export const keywords: Family = {
  existence: (kwargs) => {
    const wanted = textsOf(kwargs, 'keywords').map((word) => ignoringCase(literal(word)));
    return (reply) => wanted.every((word) => count(withLatinI(reply), word) > 0);
  },
  frequency: (kwargs) => {
    const word = ignoringCase(literal(textOf(kwargs, 'keyword')));
    const isRight = comparisonOf(kwargs, 'relation', 'frequency');
    return (reply) => isRight(count(withLatinI(reply), word));
  },
  forbidden_words: (kwargs) => {
    const forbidden = textsOf(kwargs, 'forbidden_words').map((word) =>
      ignoringCase(BOUNDARY + literal(word) + BOUNDARY),
    );
    return (reply) => forbidden.every((word) => count(withLatinI(reply), word) === 0);
  },
  letter_frequency: (kwargs) => {
    const letter = textOf(kwargs, 'letter').toLowerCase();
    const isRight = comparisonOf(kwargs, 'let_relation', 'let_frequency');
    return (reply) => isRight(reply.toLowerCase().split(letter).length - 1);
  },
};

function ignoringCase(pattern: string): RegExp {
  return new RegExp(pattern, 'giu');
}

/** Python takes the two i of Turkish for an i where case is ignored; JavaScript does not. */
function withLatinI(text: string): string {
  return text.replace(/[İı]/g, 'i');
}
