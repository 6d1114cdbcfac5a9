import type { Evaluator } from '../types.ts';

/**
 * Stands in for a judge where none is named: the reference is the answer, or stands in it as a whole. Case, width of
 * characters and runs of space make no difference.
 */
export const stringMatchEvaluator: Evaluator = {
  name: 'StringMatchEvaluator',
  grade: ({ answer, reference }) => ({ credit: holds(plain(answer), plain(reference)) ? 1 : 0 }),
};

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** `45` stands in `x = 45.` and not in `450`, `4.45` or `45.2`; Chinese has no spaces to tell words by. */
function holds(answer: string, reference: string): boolean {
  if (reference === '') return answer === '';
  for (let at = answer.indexOf(reference); at >= 0; at = answer.indexOf(reference, at + 1)) {
    const [before, after] = [answer.slice(0, at), answer.slice(at + reference.length)];
    if (!goesOn(before, reference, 'before') && !goesOn(after, reference, 'after')) return true;
  }
  return false;
}

function goesOn(rest: string, reference: string, side: 'before' | 'after'): boolean {
  const edge = side === 'before' ? reference[0]! : reference.at(-1)!;
  if (!/[a-z0-9]/.test(edge)) return false;
  if (side === 'before') return /(?:[a-z0-9_]|\d[.,])$/.test(rest) || (/\d/.test(edge) && /-$/.test(rest));
  return /^(?:[a-z0-9_]|[.,]\d)/.test(rest);
}
