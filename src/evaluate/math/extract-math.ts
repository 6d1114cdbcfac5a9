import { findNumbers } from '../numbers.ts';
import { PYTHON_SPACE, pythonStrip } from '../python-text.ts';
import { type Extraction, type Extractor, type PredPostprocessor, sameByBothRules } from '../types.ts';
import { compareMath } from './math-equal.ts';
import { normalizeFinalAnswer } from './minerva.ts';

/** A stretch of a text: the text in a box, or in dollar signs. */
interface Stretch {
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The last `\boxed`, else the last `\fbox`, as OpenCompass finds it: up to the brace that closes the first, escapes not minded;
 * nothing where anything is between the word and its brace, or in an `\fbox`, or where no brace closes it.
 */
export function lastBoxCompat(text: string): Stretch | undefined {
  const boxed = text.lastIndexOf('\\boxed');
  const start = boxed === -1 ? text.lastIndexOf('\\fbox') : boxed;
  if (start === -1) return undefined;
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text[i] === '{') depth++;
    if (text[i] !== '}' || --depth !== 0) continue;
    const inside = start + '\\boxed{'.length;
    if (!text.startsWith('\\boxed{', start)) return undefined;
    return { content: text.slice(inside, i), start: inside, end: i };
  }
  return undefined;
}

const BOX = /\\(?:boxed|fbox|framebox)\s*\{/y;

/** Every closed box of a text that is in no other, in order. */
export function boxesOf(text: string): Stretch[] {
  const open: { start: number; isBox: boolean }[] = [];
  const boxes: Stretch[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') {
      BOX.lastIndex = i;
      const box = BOX.exec(text);
      i += box === null ? 1 : box[0].length - 1;
      if (box !== null) open.push({ start: i + 1, isBox: true });
    } else if (text[i] === '{') open.push({ start: i + 1, isBox: false });
    else if (text[i] === '}') {
      const last = open.pop();
      if (last?.isBox !== true) continue;
      while ((boxes.at(-1)?.start ?? 0) > last.start) boxes.pop();
      boxes.push({ content: text.slice(last.start, i), start: last.start, end: i });
    }
  }
  return boxes;
}

const MATH =
  /\$\$([^$]{1,1000})\$\$|(?<![\\$])\$(?![\s$])([^$\n]{1,600})(?<![\s\\])\$(?!\d)|\\\(([\s\S]{1,600}?)\\\)|\\\[([\s\S]{1,1000}?)\\\]/g;

/** Every formula between dollar signs or `\(…\)`, `\[…\]`, in order; `$5 and $6` is money. */
function formulasOf(text: string): Stretch[] {
  return [...text.matchAll(MATH)].map(({ 0: all, 1: display, 2: inline, 3: round, 4: square, index }) => {
    const content = display ?? inline ?? round ?? square ?? '';
    const start = index + (all.length - content.length) / 2;
    return { content, start, end: start + content.length };
  });
}

/**
 * The answer of a solution: what is boxed last, else what is said to be the answer last, else the whole of a text that is
 * nothing but a formula, else the last formula, else the last number. The rule is named, with its place.
 */
export const extractMathAnswer: Extractor = (text) =>
  lastBoxes(text) ?? lastStated(text) ?? wholeFormula(text) ?? lastFormula(text) ?? lastNumber(text);

/** `math_postprocess`: `compat` is the first sentence that says `final answer`, else the first, under Minerva's rules. */
export const mathPostprocess: PredPostprocessor = {
  name: 'math_postprocess',
  compat: (text) => firstPiece(text, /final answer/),
  fixed: extractMathAnswer,
  none: '',
};

/** `math_postprocess_v2`: `compat` is the last box, else as before, `answer is` counting too. */
export const mathPostprocessV2: PredPostprocessor = {
  name: 'math_postprocess_v2',
  compat: (text) => boxCompat(text) ?? firstPiece(text, /final answer|answer is/),
  fixed: extractMathAnswer,
  none: '',
};

const ANSWER_LINE = new RegExp(`ANSWER[${PYTHON_SPACE}]*:[${PYTHON_SPACE}]*([^\\n]+)`, 'iu');

/** AISBench's answer to a question of MathVision without options: the last box, the line `ANSWER:`, a sentence that says so, or all. */
export function openMathAnswer(text: string): string {
  const box =
    boxCompat(text)?.answer ??
    text
      .match(/(?<![\p{L}\p{N}_])oxed\{[^{}]+\}/gu)
      ?.at(-1)
      ?.slice(5, -1);
  const line = box ?? ANSWER_LINE.exec(text)?.[1];
  if (line !== undefined) return normalizeFinalAnswer(line);
  const piece = text.split('.').find((one) => /final answer|answer is/.test(one.toLowerCase()));
  return piece === undefined ? pythonStrip(text) : normalizeFinalAnswer(piece);
}

/** For datasets whose AISBench config leaves the extraction to math-verify: our rules under both names. */
export const mathAnswerPostprocess: PredPostprocessor = sameByBothRules(
  'math_answer_postprocess',
  extractMathAnswer,
);

function boxCompat(text: string): Extraction | undefined {
  const box = lastBoxCompat(text);
  if (box === undefined) return undefined;
  // Braces around the whole of it, as in `\boxed{{5}}`, are left out.
  const inner = /^\{([^\n]*)\}\n?$/.exec(box.content)?.[1] ?? box.content;
  return inner === '' ? undefined : { answer: inner, rule: 'boxed', span: [box.start, box.end] };
}

function firstPiece(text: string, mark: RegExp): Extraction | undefined {
  let start = 0;
  for (const piece of text.split('.')) {
    if (mark.test(piece.toLowerCase())) return normalized(piece, 'final-answer', start);
    start += piece.length + 1;
  }
  return normalized(text.split('.')[0] ?? '', 'first-sentence', 0);
}

function normalized(piece: string, rule: string, start: number): Extraction | undefined {
  const answer = normalizeFinalAnswer(piece);
  return answer === '' ? undefined : { answer, rule, span: [start, start + piece.length] };
}

/** Between boxes that make one answer: `\boxed{1}` and `\boxed{-2}`. */
const BETWEEN_BOXES = /^\}?(?:[ $,;{}]|\\[()]|\\text(?=\{)|\\quad|\band\b|\bor\b){1,40}$/;

const MOST_BOXES = 20;

function lastBoxes(text: string): Extraction | undefined {
  const boxes = boxesOf(text).filter(({ content }) => content.trim() !== '');
  const last = boxes.at(-1);
  if (last === undefined) return undefined;
  let first = boxes.length - 1;
  while (boxes.length - first < MOST_BOXES && isOneAnswer(text, boxes[first - 1], boxes[first]!)) first--;
  const contents: string[] = [];
  for (const { content } of boxes.slice(first)) {
    // `\boxed{1\frac12}, or \boxed{\frac32}` is one answer twice.
    if (!contents.some((other) => compareMath(other, content).isEqual)) contents.push(content.trim());
  }
  if (contents.length === 1) return found(last, 'boxed');
  return { answer: contents.join(', '), rule: 'boxes', span: [boxes[first]!.start, last.end] };
}

function isOneAnswer(text: string, box: Stretch | undefined, next: Stretch): boolean {
  return box !== undefined && BETWEEN_BOXES.test(text.slice(box.end, opening(text, next)));
}

function opening(text: string, { start }: Stretch): number {
  return text.lastIndexOf('\\', start - 1);
}

function found({ content, start }: Stretch, rule: string): Extraction | undefined {
  const answer = content.trim();
  const from = start + content.length - content.trimStart().length;
  return answer === '' ? undefined : { answer, rule, span: [from, from + answer.length] };
}

const STATED =
  /(?<![a-z])answer(?:\s+(?:to|for|of)\b[^.\n:]{0,60}?)?[*_]*(?:\s+is\b\s*[:：]?|\s*[:：=])|答案\s*(?:[是为為]\s*[:：]?|[:：])/gi;
const LEAD = /(?:[\s*_>]|(?<!\\)`)*/y;

function lastStated(text: string): Extraction | undefined {
  for (const { 0: mark, index } of [...text.matchAll(STATED)].reverse()) {
    const rule = /is\b|[是为為]/i.test(mark) ? 'answer-is' : 'answer-line';
    LEAD.lastIndex = index + mark.length;
    const start = LEAD.exec(text) === null ? index + mark.length : LEAD.lastIndex;
    const answer = statedAt(text, start);
    const extraction = answer && found(answer, rule);
    if (extraction !== undefined) return extraction;
  }
  return undefined;
}

/** Characters of a stated answer that is looked through. */
const LONGEST_STATED = 2000;
const SENTENCE_END = /[.。](?=\s|$)|[*_`]*$/;

/** The formula that begins at a place; else the rest of its sentence, or what in it is the answer. */
function statedAt(text: string, start: number): Stretch | undefined {
  const rest = text.slice(start, start + LONGEST_STATED);
  const [line = ''] = rest.split('\n');
  const sentence = line.slice(0, SENTENCE_END.exec(line)?.index ?? line.length);
  const formulas = formulasOf(rest).filter((formula) => formula.start < Math.max(line.length, 3));
  const words = wordsOf(sentence);
  const stretch = (part: string, from: number) => ({
    content: part,
    start: start + from,
    end: start + from + part.length,
  });
  // `$x = 1$ or $x = 2$` is one answer.
  if (words === 0 && formulas.length > 1) return stretch(sentence, 0);
  const formula = formulas.find((one) => one.start <= 2) ?? (words > 0 ? formulas.at(-1) : undefined);
  if (formula !== undefined) return stretch(formula.content, formula.start);
  if (words <= 5) return stretch(sentence, 0);
  const number = findNumbers(sentence).at(-1);
  return number && stretch(sentence.slice(number.start, number.end), number.start);
}

/** Words of prose in a text: names of functions and commands are none. */
function wordsOf(text: string): number {
  const prose = text.replace(/\\[a-zA-Z]+\s*(?:\{[^{}]*\})?/g, ' ');
  const words = prose.match(/[\p{L}']{3,}/gu) ?? [];
  return words.filter(
    (word) => !/^(?:sqrt|sin|cos|tan|cot|sec|csc|log|exp|arc\w+|and|inf|infinity)$/i.test(word),
  ).length;
}

const LONGEST_WHOLE = 300;

/** A text of one line without prose, or of one word: a model that answers with nothing else. */
function wholeFormula(text: string): Extraction | undefined {
  const line = text.trim();
  if (line === '' || line.length > LONGEST_WHOLE || line.includes('\n')) return undefined;
  if (line.split('{').length !== line.split('}').length) return undefined;
  const isOneWord = /^[\p{L}'’-]+[.!]?$/u.test(line);
  const isSomething = /[\p{L}\p{N}\\]/u.test(line.replace(/\\(?:f?boxed|fbox)\s*\{\s*\}/g, ''));
  if (!isOneWord && (wordsOf(line) > 0 || !isSomething)) return undefined;
  return found({ content: text, start: 0, end: text.length }, 'whole');
}

function lastFormula(text: string): Extraction | undefined {
  const last = formulasOf(text).findLast(({ content }) => content.trim() !== '');
  return last && found(last, 'last-math');
}

function lastNumber(text: string): Extraction | undefined {
  const last = findNumbers(text).at(-1);
  return last && { answer: last.value, rule: 'last-number', span: [last.start, last.end] };
}
