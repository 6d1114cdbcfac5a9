import { pythonTexts } from '../../python-data/texts.ts';
import { predictionOf } from '../choice/whole-answer.ts';
import { anls } from '../text/anls.ts';
import { goldTexts } from '../text/gold.ts';
import type { Evaluator, Sample } from '../types.ts';

/** A mark of models that AISBench takes out of a reply. */
const END_MARK = '<|im_end|>';

/** How near the reply comes to one of the references, by edit distance: for short answers that are read off a document. */
export const anlsEvaluator: Evaluator = {
  name: 'ANLSEvaluator',
  metric: 'anls',
  grade: (sample) => ({
    credit: anls(predictionOf(sample), goldTexts(sample.gold, 'ANLSEvaluator'), sample.rules),
  }),
};

/** The same under AISBench's names of it, of DocVQA and InfographicVQA, without marks of models. */
export const docVQAEvaluator: Evaluator = ofDocuments('DocVQAEvaluator');
export const infoVQAEvaluator: Evaluator = ofDocuments('InfoVQAEvaluator');

function ofDocuments(name: string): Evaluator {
  return {
    name,
    metric: 'ANLS Acc',
    grade: (sample) => ({
      credit: anls(predictionOf(sample).replaceAll(END_MARK, ''), answersIn(sample, name), sample.rules),
    }),
  };
}

/** In AISBench's own files the answers are a list in the writing of Python. */
function answersIn({ gold }: Sample, name: string): readonly string[] {
  return (typeof gold === 'string' ? pythonTexts(gold) : undefined) ?? goldTexts(gold, name);
}
