/** AISBench's post-processors of DAPO-Math. `fixed` is that of other math answers. */
import { lastGroup } from '../choice/patterns.ts';
import type { Extraction, PredPostprocessor } from '../types.ts';
import { extractMathAnswer } from './extract-math.ts';
import { normalizeDapoAnswer } from './minerva.ts';

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

/** `dapo_math_postprocess_v2`: `compat` is the last box, as it stands, that is whole in the last hundred characters. */
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
