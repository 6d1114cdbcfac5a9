import { isPythonDigits, lastBetween, pythonStrip, unwrap } from './python-text.ts';

const REPLACED: readonly (readonly [before: string, after: string])[] = [
  ['an ', ''],
  ['a ', ''],
  ['.$', '$'],
  ['\\$', ''],
  ['\\ ', ''],
  [' ', ''],
  ['mbox', 'text'],
  [',\\text{and}', ','],
  ['\\text{and}', ','],
  ['\\text{m}', '\\text{}'],
];

/** What OpenCompass adds to the paper's lists. */
const ADDED_REPLACED: typeof REPLACED = [['\\le', '<']];
const ADDED_REMOVED: ReadonlySet<string> = new Set(['ft', '\n', '\r', '\f']);

/** In this order: a later one may match only what an earlier one left. */
const REMOVED: readonly string[] = [
  ...[
    'square',
    'ways',
    'integers',
    'dollars',
    'mph',
    'inches',
    'ft',
    'hours',
    'km',
    'units',
    '\\ldots',
    'sue',
  ],
  ...['points', 'feet', 'minutes', 'digits', 'cents', 'degrees', 'cm', 'gm', 'pounds', 'meters', 'meals'],
  ...['edges', 'students', 'childrentickets', 'multiples', '\\text{s}', '\\text{.}', '\\text{\ns}'],
  ...['\\text{}^2', '\\text{}^3', '\\text{\n}', '\\text{}', '\\mathrm{th}', '^\\circ', '^{\\circ}', '\\;'],
  ...[',\\!', '{,}', '"', '\\dots', '\n', '\r', '\f'],
];

/**
 * An answer as the Minerva paper writes it before it compares (A. Lewkowycz and others, 2022, appendix D.1), with the
 * additions of OpenCompass that AISBench has: units and spaces gone, wrappers opened, shorthand fractions and roots spelled out.
 */
export function normalizeFinalAnswer(text: string): string {
  let answer = text;
  for (const [before, after] of [...REPLACED, ...ADDED_REPLACED]) answer = answer.replaceAll(before, after);
  for (const part of REMOVED) answer = answer.replaceAll(part, '');
  answer = unwrap(answer, '\\text{(', ')}', true);
  for (const mark of ['\\text{', '\\textbf{', '\\overline{']) answer = unwrap(answer, mark, '}', true);
  answer = pythonStrip(stated(unboxed(answer)));
  if (answer.includes('rac') && !answer.includes('\\frac')) answer = answer.replaceAll('rac', '\\frac');
  answer = answer
    .replace(/(frac)([^{])([\s\S])/gu, 'frac{$2}{$3}')
    .replace(/(sqrt)([^{])/gu, 'sqrt{$2}')
    .replaceAll('$', '');
  const ungrouped = answer.replaceAll(',', '');
  return isPythonDigits(ungrouped) ? ungrouped : answer;
}

/**
 * The same as the reward of DAPO has it, and AISBench of DAPO-Math: of an equation what stands behind the last `=`, without OpenCompass's
 * additions, of several formulas the first. Of a text without line breaks.
 */
export function normalizeDapoAnswer(text: string): string {
  let answer = text.split('=').at(-1)!;
  for (const [before, after] of REPLACED) answer = answer.replaceAll(before, after);
  for (const part of REMOVED) if (!ADDED_REMOVED.has(part)) answer = answer.replaceAll(part, '');
  answer = firstFormula(answer);
  for (const mark of ['\\text{', '\\textbf{', '\\overline{']) answer = unwrap(answer, mark, '}', true);
  answer = unboxed(answer)
    .replace(/(frac)([^{])([^\n])/gu, 'frac{$2}{$3}')
    .replace(/(sqrt)([^{])/gu, 'sqrt{$2}')
    .replaceAll('$', '');
  const ungrouped = answer.replaceAll(',', '');
  return pythonStrip(isPythonDigits(ungrouped) ? ungrouped : answer);
}

/** What stands between the first two dollar signs, with them; the text where there are not two. */
function firstFormula(text: string): string {
  const start = text.indexOf('$');
  const end = start === -1 ? -1 : text.indexOf('$', start + 1);
  return end === -1 ? text : text.slice(start, end + 1);
}

/** From the first `\boxed{` to the last brace: the box of a text that is nothing else. */
function unboxed(text: string): string {
  const start = text.indexOf('\\boxed{');
  const inside = start + '\\boxed{'.length;
  const end = text.lastIndexOf('}');
  if (start === -1 || end < inside) return text;
  return text.slice(0, start) + text.slice(inside, end) + text.slice(end + 1);
}

/** What stands behind `finalansweris` and `answeris`, then in the last box, then in the last pair of dollar signs. */
function stated(text: string): string {
  const afterFinal = /finalansweris([\s\S]*)/.exec(text)?.[1] ?? text;
  const afterIs = /answer?is:?([\s\S]*)/.exec(afterFinal)?.[1] ?? afterFinal;
  const inBox = lastBetween(afterIs, 'oxed{', '}') ?? afterIs;
  return lastBetween(inBox, '$', '$') ?? inBox;
}
