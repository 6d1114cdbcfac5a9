import { isPythonDigits, lastBetween, pythonStrip, unwrap } from '../python-text.ts';
import minerva from './minerva.json' with { type: 'json' };

/** What the paper replaces and removes, in this order: a later one may match only what an earlier one left. `added` is what OpenCompass adds. */
const REPLACED = Object.entries(minerva.replaced);
const ADDED_REPLACED = Object.entries(minerva.addedReplaced);
const REMOVED = minerva.removed;
const ADDED_REMOVED: ReadonlySet<string> = new Set(minerva.addedRemoved);

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
 * The same as the reward of DAPO has it, and AISBench of DAPO-Math: of an equation the text behind the last `=`, without OpenCompass's
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

/** The text between the first two dollar signs, with them; the text where there are not two. */
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

/** The text behind `finalansweris` and `answeris`, then in the last box, then in the last pair of dollar signs. */
function stated(text: string): string {
  const afterFinal = /finalansweris([\s\S]*)/.exec(text)?.[1] ?? text;
  const afterIs = /answer?is:?([\s\S]*)/.exec(afterFinal)?.[1] ?? afterFinal;
  const inBox = lastBetween(afterIs, 'oxed{', '}') ?? afterIs;
  return lastBetween(inBox, '$', '$') ?? inBox;
}

// Equality of math answers as texts: the rules `v1` and `v2` of OpenCompass and AISBench, step by step in their order. They
// are known to call `2\cdot3` and `23` equal, and `0.5` and `1/3` of another spelling unequal; `math-equal.ts` reads instead.

export type StringVersion = 'v1' | 'v2';

/** Whether the two texts are equal under a version's rules: normalised, then under Minerva's, then Minerva's alone. */
export function isStringEqual(first: string, second: string, version: StringVersion): boolean {
  const strip = version === 'v1' ? stripV1 : stripV2;
  const [a, b] = [strip(first), strip(second)];
  if (a !== undefined && b !== undefined) {
    if (a === b || normalizeFinalAnswer(a) === normalizeFinalAnswer(b)) return true;
  }
  return normalizeFinalAnswer(first) === normalizeFinalAnswer(second) || first === second;
}

/** Version 1: Hendrycks' rules of the MATH data set. Undefined where AISBench's code raises an error. */
function stripV1(text: string): string | undefined {
  let answer = plainFractions(text.replaceAll('\n', '').replaceAll('\\!', '').replaceAll('\\\\', '\\'));
  answer = withoutDegrees(answer).replaceAll('\\$', '');
  const [formula = '', ...units] = answer.split('\\text{ ');
  if (units.length > 1) return undefined;
  answer = leadingZeros(formula.replaceAll('\\%', ''));
  if (answer === '') return answer;
  const rooted = bracedRoots(rightSide(zeroBeforePoint(answer)));
  if (rooted === undefined) return undefined;
  answer = bracedFractions(rooted.replaceAll(' ', ''));
  return slashFraction(answer === '0.5' ? '\\frac{1}{2}' : answer);
}

/** Version 2, the one that AISBench's AIME and PRM800K configs name. */
function stripV2(text: string): string {
  let answer = pythonStrip(text)
    .replaceAll('\n', '')
    .replace(/(?<!\.)\.+$/, '');
  answer = answer
    .replaceAll('\\!', '')
    .replaceAll('\\ ', '')
    .replaceAll('\\\\', '\\')
    .replaceAll('\\\\', '\\');
  answer = withoutDegrees(withoutLastText(plainFractions(answer)));
  for (const part of ['\\$', '$', '\\text', 'x\\in', '\\%', '%']) answer = answer.replaceAll(part, '');
  answer = leadingZeros(answer).replaceAll('\\cdot', '').replaceAll('infinity', '\\infty');
  if (!answer.includes('\\infty')) answer = answer.replaceAll('inf', '\\infty');
  answer = answer.replaceAll('+\\inity', '\\infty').replaceAll('and', '').replaceAll('\\mathbf', '');
  answer = unwrap(answer, '\\mbox{', '}', false);
  if (!answer.includes('i')) answer = answer.replaceAll('j', 'i');
  answer = answer.replace(/(?<=\p{Nd})\.0+(\P{Nd})/gu, '$1').replace(/(?<=\p{Nd})\.0+$/u, '');
  if (answer === '') return answer;
  answer = rightSide(zeroBeforePoint(answer)).replace(/\\sqrt([\p{L}\p{N}_]+)/gu, '\\sqrt{$1}');
  return slashFraction(bracedFractions(answer.replaceAll(' ', '')));
}

function plainFractions(text: string): string {
  const plain = text.replaceAll('tfrac', 'frac').replaceAll('dfrac', 'frac');
  return plain.replaceAll('\\left', '').replaceAll('\\right', '');
}

function withoutDegrees(text: string): string {
  return text.replaceAll('^{\\circ}', '').replaceAll('^\\circ', '');
}

/** Without what begins with the first `\text{` where the text ends in a brace, if something else is left. */
function withoutLastText(text: string): string {
  const start = text.indexOf('\\text{');
  if (start === -1 || !text.endsWith('}')) return pythonStrip(text) === '' ? text : pythonStrip(text);
  const rest = pythonStrip(text.slice(0, start));
  return rest === '' ? text : rest;
}

function leadingZeros(text: string): string {
  return text.replaceAll(' .', ' 0.').replaceAll('{.', '{0.');
}

function zeroBeforePoint(text: string): string {
  return text.startsWith('.') ? `0${text}` : text;
}

/** Without `x =`, where that is the only equals sign and at most two characters stand before it. */
function rightSide(text: string): string {
  const [left = '', right, ...more] = text.split('=');
  return right !== undefined && more.length === 0 && [...left].length <= 2 ? right : text;
}

/** `\sqrt3` → `\sqrt{3}`; undefined where nothing follows a root. */
function bracedRoots(text: string): string | undefined {
  const [head = '', ...parts] = text.split('\\sqrt');
  if (parts.includes('')) return undefined;
  return head + parts.map((part) => `\\sqrt${part.startsWith('{') ? part : braceFirst(part)}`).join('');
}

/** `\frac12` → `\frac{1}{2}`, `\frac1{72}` → `\frac{1}{72}`; the text as it is where less than two characters follow. */
function bracedFractions(text: string): string {
  const [head = '', ...parts] = text.split('\\frac');
  const braced: string[] = [head];
  for (const part of parts) {
    if (part.startsWith('{')) {
      braced.push(part);
      continue;
    }
    const [above, below, ...rest] = [...part];
    if (above === undefined || below === undefined) return text;
    braced.push(`{${above}}${below === '{' ? below : `{${below}}`}${rest.join('')}`);
  }
  return braced.join('\\frac');
}

function braceFirst(text: string): string {
  const [first = ''] = [...text];
  return `{${first}}${text.slice(first.length)}`;
}

/** `a/b` of two integers as Python writes them; it reads no more than 4,300 digits. */
const INTEGERS = /^(0|-?[1-9]\d{0,4299})\/(0|-?[1-9]\d{0,4299})$/;

function slashFraction(text: string): string {
  return text.replace(INTEGERS, '\\frac{$1}{$2}');
}
