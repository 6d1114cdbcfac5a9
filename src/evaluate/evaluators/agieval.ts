import type { Evaluator, Grade } from '../types.ts';

/**
 * AGIEval's sets without options: AISBench's `AGIEvalEvaluator`. It finds the answer in the whole reply itself, and compares the
 * texts after the rewriting of LaTeX of Hendrycks' MATH. Both rule sets are the same: nothing is computed, so that 0.50 is not
 * \frac{1}{2} here, though 0.5 is.
 */
export const agievalEvaluator: Evaluator = {
  name: 'AGIEvalEvaluator',
  metric: 'score',
  grade({ text, reference }): Grade {
    const found = mathAnswer(text);
    if (found === undefined) return { credit: 0, explanation: 'no answer found' };
    const isRight = rewritten(found) === rewritten(reference);
    return { credit: isRight ? 1 : 0, explanation: `${found} against ${reference}` };
  },
};

const CUES = ['The answer is therefore', '答案是'];

/** What AGIEval takes for the answer: the last box, else the text between dollars, behind `=`, or the last number. */
export function mathAnswer(reply: string): string | undefined {
  let text = reply;
  for (const cue of CUES) {
    const at = text.startsWith(cue) ? 0 : text.lastIndexOf(cue);
    if (at >= 0) text = text.slice(at + cue.length).trim();
  }
  if (text.includes('\\boxed')) return boxed(text);
  const dollars = text.split('\n').flatMap((line) => line.match(/\$(.*)\$/)?.[1] ?? []);
  return rightSide(dollars.at(-1) ?? '') || bare(text);
}

/** The content of the last `\boxed{…}`; undefined where its braces do not close. */
function boxed(text: string): string | undefined {
  const opening = '\\boxed{';
  const start = text.lastIndexOf('\\boxed');
  if (!text.startsWith(opening, start)) return undefined;
  let depth = 0;
  for (let i = start + opening.length - 1; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return rightSide(text.slice(start + opening.length, i));
  }
  return undefined;
}

function rightSide(text: string): string {
  const at = text.lastIndexOf('=');
  return at < 0 ? text : text.slice(at + 1).replace(/^ +/, '');
}

function bare(text: string): string | undefined {
  if (text.includes('=')) return rightSide(text).replace(/\.+$/, '').split('\\n')[0];
  return text.match(/\p{Nd}+(?:\.\p{Nd}+)?(?![\p{L}\p{N}_])/gu)?.at(-1);
}

/** Spellings that AGIEval does not tell apart, one for all. */
function rewritten(answer: string): string {
  let text = answer
    .replaceAll('\n', '')
    .replaceAll('\\!', '')
    .replaceAll('\\\\', '\\')
    .replace(/[td]frac/g, 'frac')
    .replace(/\\left|\\right/g, '')
    .replace(/\^\{\\circ\}|\^\\circ/g, '')
    .replaceAll('\\$', '');
  text = withoutUnits(text).replaceAll('\\%', '').replaceAll(' .', ' 0.').replaceAll('{.', '{0.');
  if (text.startsWith('.')) text = `0${text}`;
  const sides = text.split('=');
  if (sides.length === 2 && sides[0]!.length <= 2) text = sides[1]!;
  text = text.replace(/\\sqrt([^{])/gs, '\\sqrt{$1}').replaceAll(' ', '');
  text = bracedFractions(text);
  if (text === '0.5') return '\\frac{1}{2}';
  return text.replace(/^(-?(?:0|[1-9]\d*))\/(-?(?:0|[1-9]\d*))$/, '\\frac{$1}{$2}');
}

/** Units stand in `\text{ …}` behind the answer. */
function withoutUnits(text: string): string {
  return text.split('\\text{ ').length === 2 ? text.split('\\text{ ')[0]! : text;
}

/** `\frac12` and `\frac1{2}` with all braces. */
function bracedFractions(text: string): string {
  return text.replace(/\\frac([^{])(?:(\{)|(.))/gs, (_, above: string, brace: string, below: string) =>
    brace === undefined ? `\\frac{${above}}{${below}}` : `\\frac{${above}}{`,
  );
}
