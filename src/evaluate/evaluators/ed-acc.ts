/** AISBench's `EDAccEvaluator` (§4.5): the candidate that is nearest to the reply counts as the answer. */

import { editDistance } from '../../basics/nearest.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { looseText, predictionOf } from '../gold.ts';
import type { Evaluator } from '../types.ts';

interface EdAccGold {
  /** Each of one text or of several that mean the same. */
  readonly candidates: readonly (readonly string[])[];
  /** Index of the right one. */
  readonly label: number;
}

/**
 * The gold is `{candidates: [text or texts, …], label}`. `fixed` takes a candidate that the reply is, or the only one that
 * it contains, before it measures. Throws RUN-DATA-001 for a gold of another form.
 */
export const edAccEvaluator: Evaluator = {
  name: 'EDAccEvaluator',
  grade: (sample) => {
    const { candidates, label } = readGold(sample.gold);
    const text = predictionOf(sample);
    const found =
      (sample.rules === 'fixed' ? namedIn(text, candidates) : undefined) ?? nearest(text, candidates);
    return { credit: found === label ? 1 : 0, explanation: `read as candidate ${found}` };
  },
};

/** The first with the least distance, as numpy's argmin. */
function nearest(text: string, candidates: EdAccGold['candidates']): number {
  const distances = candidates.map((texts) => Math.min(...texts.map((one) => editDistance(text, one))));
  return distances.indexOf(Math.min(...distances));
}

function namedIn(text: string, candidates: EdAccGold['candidates']): number | undefined {
  const loose = looseText(text);
  const forms = candidates.map((texts) => texts.map(looseText).filter((form) => form !== ''));
  const equal = forms.findIndex((texts) => texts.includes(loose));
  if (equal !== -1) return equal;
  const contained = forms.flatMap((texts, i) => (texts.some((form) => loose.includes(form)) ? [i] : []));
  return contained.length === 1 ? contained[0] : undefined;
}

function readGold(gold: unknown): EdAccGold {
  const { candidates, label } = (gold ?? {}) as { candidates?: unknown; label?: unknown };
  const isText = (one: unknown) => typeof one === 'string';
  const isCandidate = (one: unknown) =>
    isText(one) || (Array.isArray(one) && one.length > 0 && one.every(isText));
  if (
    Array.isArray(candidates) &&
    candidates.length > 0 &&
    candidates.every(isCandidate) &&
    typeof label === 'number'
  )
    return { candidates: candidates.map((one) => [one].flat() as string[]), label };
  throw new AisBenchError(
    'RUN-DATA-001',
    'the reference is not of the form {candidates: [texts], label: number}',
    {
      where: `EDAccEvaluator: ${String(JSON.stringify(gold)).slice(0, 200)}`,
      cure: 'use a dataset class that makes such references, or AccEvaluator',
    },
  );
}
