import { pythonStrip } from '../python-text.ts';
import type { Sample } from '../types.ts';

/**
 * What AISBench's evaluator gets for a prediction: the answer that was extracted; the reply as it is, space around it too,
 * where no post-processor took anything out of it.
 */
export function predictionOf({ answer, text }: Pick<Sample, 'answer' | 'text'>): string {
  return answer === text.trim() || answer === pythonStrip(text) ? text : answer;
}

/** Words without case, punctuation around them and space beyond one blank: what makes no difference between two answers. */
export function looseText(text: string): string {
  return pythonStrip(text.normalize('NFKC').toLowerCase())
    .replace(/\s+/gu, ' ')
    .replace(/^[\s"'“”‘’*_`$([{]+/u, '')
    .replace(/[\s"'“”‘’*_`$)\]}.。!,;:]{1,40}$/u, '');
}
