import type { Extractor, PredPostprocessor } from './types.ts';

const trimmed: Extractor = (text) => {
  const answer = text.trim();
  const start = text.indexOf(answer);
  return answer === '' ? undefined : { answer, rule: 'whole-text', span: [start, start + answer.length] };
};

/** The whole answer, for datasets whose config names no `pred_postprocessor`. */
export const wholeText: PredPostprocessor = { name: 'whole_text', fixed: trimmed, compat: trimmed, none: '' };
