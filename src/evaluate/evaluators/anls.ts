import { editDistance } from '../../basics/nearest.ts';
import { pythonTexts } from '../../python-data/texts.ts';
import { goldTexts, predictionOf } from '../gold.ts';
import { pythonSplit, pythonStrip } from '../python-text.ts';
import type { Evaluator, RuleSet, Sample } from '../types.ts';

// ANLS, how near an answer comes to one of several texts: the score of DocVQA and InfographicVQA.

/** What is further away than this counts as nothing. */
const THRESHOLD = 0.5;

/**
 * 1 less the least edit distance, as a share of the longer text, 0 to 1; 0 where that is below a half, or where there are no
 * references. Case and runs of space do not matter; `compat` measures lengths before these are taken out, as AISBench and the
 * authors' script do.
 */
export function anls(predicted: string, references: readonly string[], rules: RuleSet): number {
  const own = loose(predicted);
  const distances = references.map((reference) => {
    const gold = loose(reference);
    const lengths =
      rules === 'compat'
        ? [lengthOf(reference.toUpperCase()), lengthOf(pythonStrip(predicted).toUpperCase())]
        : [lengthOf(gold), lengthOf(own)];
    const longer = Math.max(...lengths);
    return longer === 0 ? 0 : editDistance(own, gold) / longer;
  });
  const score = 1 - Math.min(1, ...distances);
  return score < THRESHOLD ? 0 : score;
}

function loose(text: string): string {
  return pythonSplit(text.toLowerCase()).join(' ');
}

function lengthOf(text: string): number {
  return [...text].length;
}

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
