import { comparisonOf } from './kwargs.ts';
import { isIn } from './language.ts';
import { isLower, isUpper } from './python-text.ts';
import type { Family } from './types.ts';
import { wordTokens } from './word-tokens.ts';

export const changeCase: Family = {
  /** A hyphenated word is one; `I` and `A` are words in capitals. */
  capital_word_frequency: (kwargs) => {
    const isRight = comparisonOf(kwargs, 'capital_relation', 'capital_frequency');
    return (reply) => isRight(wordTokens(reply).filter(isUpper).length);
  },
  english_capital: () => (reply) => isUpper(reply) && isIn(reply, 'en'),
  english_lowercase: () => (reply) => isLower(reply) && isIn(reply, 'en'),
};
