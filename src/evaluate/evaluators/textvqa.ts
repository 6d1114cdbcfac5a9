/** AISBench's evaluators of TextVQA: how many of ten people read the same. */
import { predictionOf } from '../choice/whole-answer.ts';
import { pythonStrip } from '../python-text.ts';
import { badGold } from '../text/gold.ts';
import { onOneLine, plainWords, vqaAccuracy, vqaText, withoutPunctuation } from '../text/vqa.ts';
import type { Evaluator, Grade, Sample } from '../types.ts';

/** What one of the people answered; AISBench tells people apart by all that the file says of them. */
type Given = Readonly<Record<string, unknown>> & { readonly answer: string };

const [BOX_BEGINS, BOX_ENDS] = ['<|begin_of_box|>', '<|end_of_box|>'] as const;
/** Marks of models, which AISBench takes out of a reply. */
const MARKS = ['☞', '☟', '☜', '<unk>', '<|im_end|>', BOX_ENDS, BOX_BEGINS];
/** AISBench passes a flag in the place of a count. */
const MOST_STOPS = 32;

/**
 * `compat` normalises the reply whole, and of the people's answers the punctuation alone, where not all are the same: `Yes` and `two` are
 * nobody's. `fixed` normalises both alike. The gold is a list of `{answer, …}`, or of texts. Throws RUN-DATA-001 for another.
 */
export const textEvaluator: Evaluator = {
  name: 'TEXTEvaluator',
  grade: (sample) => grade(sample, () => undefined),
};

/** The same of what GLM-4.1V puts between the marks of a box, where it does; there on one line. */
export const textEvaluatorForGlm4v: Evaluator = {
  name: 'TEXTEvaluatorForGlm4v',
  grade: (sample) => grade(sample, inBox),
};

function inBox(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const begin = line.indexOf(BOX_BEGINS);
    const end = begin === -1 ? -1 : line.indexOf(BOX_ENDS, begin + BOX_BEGINS.length);
    if (end !== -1) return pythonStrip(line.slice(begin + BOX_BEGINS.length, end));
  }
  return undefined;
}

/** `marked` finds what a model marks as its answer, in the whole reply. */
function grade(sample: Sample, marked: (text: string) => string | undefined): Grade {
  const given = readGold(sample.gold);
  if (sample.rules === 'compat') {
    const prediction = predictionOf(sample);
    return { credit: compatAccuracy(marked(prediction) ?? prediction, given) };
  }
  const answer = vqaText(withoutMarks(marked(sample.text) ?? sample.answer));
  const golds = given.map((one) => vqaText(one.answer));
  const credit = vqaAccuracy(golds, (gold) => gold === answer);
  const same = golds.filter((gold) => gold === answer).length;
  return { credit, explanation: `'${answer}' is what ${same} of ${golds.length} people say` };
}

function compatAccuracy(prediction: string, given: readonly Given[]): number {
  const answer = plainWords(withoutPunctuation(withoutMarks(onOneLine(prediction)), MOST_STOPS));
  const isSame = new Set(given.map((one) => one.answer)).size === 1;
  const golds = isSame
    ? given
    : given.map((one) => ({ ...one, answer: withoutPunctuation(one.answer, MOST_STOPS) }));
  const people = golds.map((one) => ({ answer: one.answer, all: JSON.stringify(one) }));
  return vqaAccuracy(
    people,
    (one) => one.answer === answer,
    (one, person) => one.all !== person.all,
  );
}

function withoutMarks(text: string): string {
  return MARKS.reduce((left, mark) => left.replaceAll(mark, ''), text);
}

function readGold(gold: unknown): readonly Given[] {
  const list: unknown[] = Array.isArray(gold) ? gold : [];
  const given = list.map((one) => (typeof one === 'string' ? { answer: one } : one) as Given | null);
  if (given.length > 0 && given.every((one) => typeof one?.answer === 'string')) return given as Given[];
  throw badGold(gold, 'TEXTEvaluator', 'a list of answers');
}
