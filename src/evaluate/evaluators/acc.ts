import type { Evaluator, Extractor, PredPostprocessor } from '../types.ts';

const trimmed: Extractor = (text) => {
  const answer = text.trim();
  const start = text.indexOf(answer);
  return answer === '' ? undefined : { answer, rule: 'whole-text', span: [start, start + answer.length] };
};

/** The whole answer, for datasets whose config names no `pred_postprocessor`. */
export const wholeText: PredPostprocessor = { name: 'whole_text', fixed: trimmed, compat: trimmed, none: '' };

/**
 * Stands in for a judge where none is named: the reference is the answer, or is in it as a whole. Case, width of
 * characters and runs of space make no difference.
 */
export const stringMatchEvaluator: Evaluator = {
  name: 'StringMatchEvaluator',
  grade: ({ answer, reference }) => ({ credit: holds(plain(answer), plain(reference)) ? 1 : 0 }),
};

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** `45` is in `x = 45.` and not in `450`, `4.45` or `45.2`; Chinese has no spaces to tell words by. */
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

/**
 * AISBench's `AccwithDetailsEvaluator`: Python's `==` of both sides, so that under `compat` no answer, which is a text, equals
 * a reference that is a number or a list. `fixed` compares their texts.
 */
export const accWithDetailsEvaluator: Evaluator = {
  name: 'AccwithDetailsEvaluator',
  grade: ({ answer, reference, gold, rules }) => {
    const isOfAnotherType = typeof gold !== 'string' && reference === JSON.stringify(gold);
    const isComparable = rules === 'fixed' || !isOfAnotherType;
    return { credit: isComparable && answer === reference ? 1 : 0 };
  },
};

/** Equal texts: AISBench's `AccEvaluator` (§4.5), which compares the `str` of both. */
export const accEvaluator: Evaluator = {
  name: 'AccEvaluator',
  grade: ({ answer, reference }) => ({ credit: answer === reference ? 1 : 0 }),
};
