/** AISBench's evaluators of choices about images: MMMU, MMStar, MMMU-Pro. Each tells its groups beside the whole. */
import { pythonTexts } from '../../python-data/texts.ts';
import { readAnswerLine } from '../choice/answer-line.ts';
import { canInfer } from '../choice/can-infer.ts';
import { type ChoiceGold, readChoiceGold } from '../choice/choice-gold.ts';
import { type OptionReader, optionReader } from '../choice/read-option.ts';
import { looseText, predictionOf } from '../choice/whole-answer.ts';
import { compareMath } from '../math/math-equal.ts';
import { pythonStrip } from '../python-text.ts';
import { readStated } from '../text/stated-answer.ts';
import type { Evaluator, Grade, Sample } from '../types.ts';

/** A mark of models that AISBench takes out of a reply. */
const END_MARK = '<|im_end|>';

/**
 * `compat`: a letter by the line `ANSWER: …`, else the last capital; an answer without options is what stands behind `ANSWER:`, else the
 * reply, equal but for case. `fixed`: the option that is named; what is stated, equal as text or as what it means, and any answer
 * where the data has a list of them.
 */
export const mmmuEvaluator: Evaluator = {
  name: 'MMMUEvaluator',
  grade: (sample) => {
    const gold = readChoiceGold(sample.gold, 'MMMUEvaluator');
    const { choices } = gold;
    if (choices === undefined) return grouped(gradeOpen(sample, gold.answer), gold);
    const letters = Object.keys(choices);
    const compat: OptionReader = (text) => {
      const letter = readAnswerLine(text.replaceAll(END_MARK, ''), letters.length);
      return letter === '' ? undefined : { letter, rule: 'answer-line' };
    };
    return gradeChoice(sample, { ...gold, answer: pythonStrip(gold.answer) }, compat);
  },
};

/** `compat`: the option that VLMEvalKit infers. `fixed`: the option that is named. */
export const mmStarEvaluator: Evaluator = {
  name: 'MMStarEvaluator',
  grade: (sample) => gradeChoice(sample, readChoiceGold(sample.gold, 'MMStarEvaluator'), canInfer),
};

/** The same of a reply without marks of models. */
export const mmmuProEvaluator: Evaluator = {
  name: 'MMMUProEvaluator',
  grade: (sample) => {
    const compat: OptionReader = (text, options) => canInfer(text.replaceAll(END_MARK, ''), options);
    return gradeChoice(sample, readChoiceGold(sample.gold, 'MMMUProEvaluator'), compat);
  },
};

/** The same, `compat` from the only line that begins with `Answer:`, where there is one. */
export const mmmuProCotEvaluator: Evaluator = {
  name: 'MMMUProCotEvaluator',
  grade: (sample) => {
    const compat: OptionReader = (text, options) =>
      canInfer(answerLine(text.replaceAll(END_MARK, '')), options);
    return gradeChoice(sample, readChoiceGold(sample.gold, 'MMMUProCotEvaluator'), compat);
  },
};

const LEAD = 'Answer:';

/** The one capital of the line, `A` of its own lead among them; else what stands behind the lead; the reply where there is no such line. */
function answerLine(text: string): string {
  const lines = text.split('\n').map(pythonStrip);
  const found = lines.filter((line) => line.startsWith(LEAD));
  const [line] = found;
  if (line === undefined || found.length > 1) return text;
  const capitals = new Set(line.match(/[A-Z]/g));
  return capitals.size === 1 ? [...capitals][0]! : line.slice(LEAD.length);
}

const readers = new Map<string, OptionReader>();

function careful(letters: string): OptionReader {
  const reader = readers.get(letters) ?? optionReader(letters);
  readers.set(letters, reader);
  return reader;
}

function gradeChoice(sample: Sample, gold: ChoiceGold, compat: OptionReader): Grade {
  const { answer, choices = {} } = gold;
  const found =
    sample.rules === 'compat'
      ? compat(predictionOf(sample), choices)
      : careful(Object.keys(choices).join(''))(sample.answer.replaceAll(END_MARK, ''), choices);
  if (found === undefined) return grouped({ credit: 0, explanation: 'no option found in the answer' }, gold);
  const explanation = `read as ${found.letter} (${found.rule})`;
  return grouped({ credit: found.letter === answer ? 1 : 0, explanation }, gold);
}

function gradeOpen(sample: Sample, gold: string): Grade {
  const text = predictionOf(sample).replaceAll(END_MARK, '');
  if (sample.rules === 'compat') {
    const own = /ANSWER:\s*([^\n]*)/.exec(text)?.[1] ?? text;
    return { credit: lower(own) === lower(gold) ? 1 : 0 };
  }
  const own = readStated(text, 'only-line')?.answer;
  if (own === undefined) return { credit: 0, explanation: 'no answer is stated' };
  const golds = pythonTexts(gold) ?? [gold];
  const isRight = golds.some((one) => looseText(one) === looseText(own) || compareMath(one, own).isEqual);
  return { credit: isRight ? 1 : 0, explanation: `read as ${own}` };
}

function lower(text: string): string {
  return pythonStrip(text).toLowerCase();
}

function grouped(grade: Grade, { groups }: ChoiceGold): Grade {
  const parts = groups.map((group) => [group, [grade.credit, 1]] as const);
  return parts.length === 0 ? grade : { ...grade, parts: Object.fromEntries(parts) };
}
