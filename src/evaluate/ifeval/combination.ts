import { textOf } from './kwargs.ts';
import { strip } from './python-text.ts';
import type { Family } from './types.ts';

export const combination: Family = {
  /** Two replies that differ, with `******` between; it may also stand before the first and after the second. */
  two_responses: () => (reply) => {
    const pieces = reply.split('******').map((piece) => strip(piece));
    if (pieces.slice(1, -1).includes('')) return false;
    const [first, second, ...more] = pieces.filter((piece) => piece !== '');
    return second !== undefined && more.length === 0 && first !== second;
  },
  repeat_prompt: (kwargs) => {
    const prompt = textOf(kwargs, 'prompt_to_repeat').toLowerCase();
    return (reply) => strip(reply).toLowerCase().startsWith(prompt);
  },
};
