import { lastGroup } from '../choice/patterns.ts';
import { extractMathAnswer } from '../math/extract-math.ts';
import { normalizeDapoAnswer } from '../math/minerva.ts';
import type { Configurable, Evaluator, Extraction, PredPostprocessor, Sample } from '../types.ts';
import { mathEvaluator } from './math.ts';

// AISBench's post-processors of DAPO-Math. `fixed` is that of other math answers.

const lastAnswerLine = lastGroup(String.raw`(?i)Answer\s*:\s*([^\n]+)`, 'last-answer');

/** `dapo_math_postprocess`: `compat` is the rest of the line behind the last `Answer:`, normalised. */
export const dapoMathPostprocess: PredPostprocessor = {
  name: 'dapo_math_postprocess',
  compat: (text) => {
    const found = lastAnswerLine(text);
    return found && { ...found, answer: normalizeDapoAnswer(found.answer) };
  },
  fixed: extractMathAnswer,
  none: '[INVALID]',
};

const BOX = '\\boxed{';

/** Characters, as Python counts them, at the end of a reply in which the box must stand. */
const LAST = 100;

/** `dapo_math_postprocess_v2`: `compat` is the last box, as it is, that is whole in the last hundred characters. */
export const dapoMathPostprocessV2: PredPostprocessor = {
  name: 'dapo_math_postprocess_v2',
  compat: (text): Extraction | undefined => {
    const end = [...text.slice(-2 * LAST)].slice(-LAST).join('');
    const box = end.lastIndexOf(BOX);
    const inside = box + BOX.length;
    const close = box === -1 ? undefined : closingBrace(end, inside);
    if (close === undefined) return undefined;
    const start = text.length - end.length + inside;
    return { answer: end.slice(inside, close), rule: 'boxed', span: [start, start + close - inside] };
  },
  fixed: extractMathAnswer,
  none: '',
};

/** Where the brace is that closes one opened before `from`; those that are escaped count too. */
function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return undefined;
}

/** AISBench's two evaluators of DAPO-Math. `compat` compares texts, `fixed` what answers mean. */
function dapoMath(name: string, toReference: (gold: string) => string): Configurable<Evaluator> {
  return (): Evaluator => {
    const byMeaning = typeof mathEvaluator === 'function' ? mathEvaluator({}) : mathEvaluator;
    return {
      name,
      grade: (sample: Sample) =>
        sample.rules === 'fixed'
          ? byMeaning.grade(sample)
          : { credit: sample.answer === toReference(sample.reference) ? 1 : 0 },
    };
  };
}

/** `compat`: the answer equals the reference, normalised as answers are. */
export const dapoMathEvaluator: Configurable<Evaluator> = dapoMath('DAPOMathEvaluator', normalizeDapoAnswer);

/** `compat`: the answer equals the reference. */
export const dapoMathEvaluatorV2: Configurable<Evaluator> = dapoMath('DAPOMathEvaluatorV2', (gold) => gold);
