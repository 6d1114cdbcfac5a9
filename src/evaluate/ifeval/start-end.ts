import { textOf } from './kwargs.ts';
import { strip, stripCharacter } from './python-text.ts';
import type { Family } from './types.ts';

export const startEnd: Family = {
  /** Ends with the phrase, in any case; quotation marks around the reply do not count. */
  end_checker: (kwargs) => {
    const phrase = textOf(kwargs, 'end_phrase').toLowerCase();
    return (reply) => stripCharacter(strip(reply), '"').toLowerCase().endsWith(phrase);
  },
  quotation: () => (reply) => {
    const text = strip(reply);
    return text.length > 1 && text.startsWith('"') && text.endsWith('"');
  },
};
