import { detectLanguage } from './detect-language.ts';
import { textOf } from './kwargs.ts';
import type { Family } from './types.ts';

export const language: Family = {
  response_language: (kwargs) => {
    const wanted = textOf(kwargs, 'language');
    return (reply) => isIn(reply, wanted);
  },
};

/** Whether a text is in this language; one whose language cannot be told is, as upstream has it. */
export function isIn(text: string, wanted: string): boolean {
  return (detectLanguage(text) ?? wanted) === wanted;
}
