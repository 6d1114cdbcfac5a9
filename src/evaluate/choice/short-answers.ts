/** AISBench's post-processors of answers that are words: `general`, `general_cn`, BBH's two, and those that leave all as it is. */
import { PYTHON_SPACE, PYTHON_WORD, pythonStrip, strippedSpan } from '../python-text.ts';
import { type Extraction, type Extractor, type PredPostprocessor, sameByBothRules } from '../types.ts';
import { choiceReader } from './read-choice.ts';

const NO_WORD = new RegExp(`[^${PYTHON_WORD}${PYTHON_SPACE}]`, 'gu');
/** The same, less the point and the minus of a number. */
const NO_WORD_OR_NUMBER = new RegExp(
  String.raw`(?!(?<=\p{Nd})\.\p{Nd}|(?<![${PYTHON_WORD}])-\p{Nd})${NO_WORD.source}`,
  'gu',
);
const ARTICLE = new RegExp(`(?<![${PYTHON_WORD}])(?:an?|the)(?![${PYTHON_WORD}])`, 'giu');
const SPACES = new RegExp(`[${PYTHON_SPACE}]+`, 'gu');

/**
 * `general`: the text before its first line break, full stop or comma, without punctuation and English articles. So 3.5 is
 * 3, and an answer that begins with a line break is empty; `fixed` begins at the first line that is not blank and leaves
 * numbers whole.
 */
export const general: PredPostprocessor = {
  name: 'general',
  compat: (text) => bareBefore(text, 0, /[\n.,]/, NO_WORD),
  fixed: (text) => bareBefore(text, strippedSpan(text)[0], /\n|[.,](?!\p{Nd})/u, NO_WORD_OR_NUMBER),
  none: '',
};

function bareBefore(text: string, start: number, stop: RegExp, punctuation: RegExp): Extraction | undefined {
  const [head = ''] = text.slice(start).split(stop, 1);
  const answer = pythonStrip(head.replace(punctuation, '').replace(ARTICLE, '').replace(SPACES, ' '));
  return answer === '' ? undefined : { answer, rule: 'first-phrase', span: [start, start + head.length] };
}

/** What `general` leaves of a text under `compat`; nothing where it leaves nothing. */
export function firstPhrase(text: string): string {
  return general.compat(text)?.answer ?? '';
}

/**
 * `general_cn`: the whole text in words with a blank between. AISBench asks jieba for the words, and whatever else it makes of
 * the text it throws away; here each Chinese character is a word: blanks fall in other places, so equality with a reference that
 * holds blanks, and shares of words, can differ.
 */
export const generalCn: PredPostprocessor = sameByBothRules('general_cn', segmented);

function segmented(text: string): Extraction | undefined {
  const span = strippedSpan(text);
  const words = text.slice(...span).match(/\p{Script=Han}|[a-zA-Z0-9+#&._%-]+|./gsu) ?? [];
  return words.length === 0 ? undefined : { answer: words.join(' '), rule: 'words', span };
}

const ANSWER_IS = 'answer is ';

/** The text between the first `answer is ` and the second, without space around it; the whole text where there is none. */
function afterFirstAnswerIs(text: string): readonly [start: number, end: number] {
  const at = text.indexOf(ANSWER_IS);
  if (at === -1) return [0, text.length];
  const start = at + ANSWER_IS.length;
  const next = text.indexOf(ANSWER_IS, start);
  const [lead, tail] = strippedSpan(text.slice(start, next === -1 ? text.length : next));
  return [start + lead, start + tail];
}

/** `bbh-mcq`: the first letter behind a bracket, else the first capital, else all, after the first `answer is `. */
export const bbhMcq: PredPostprocessor = {
  name: 'bbh-mcq',
  compat: (text) => {
    const [start, end] = afterFirstAnswerIs(text);
    const part = text.slice(start, end);
    const bracketed = /\(([A-Z])/.exec(part);
    if (bracketed !== null) return letterAt(text, start + bracketed.index + 1, 'bracketed');
    const capital = part.search(/[A-Z]/);
    if (capital !== -1) return letterAt(text, start + capital, 'capital');
    return part === '' ? undefined : { answer: part, rule: 'whole', span: [start, end] };
  },
  fixed: choiceReader('ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
  none: '',
};

function letterAt(text: string, at: number, rule: string): Extraction {
  return { answer: text[at]!, rule, span: [at, at + 1] };
}

/** The same of a gold answer, `(A)`. */
export function bbhMcqReference(gold: string): string {
  return bbhMcq.compat(gold)?.answer ?? '';
}

/** `bbh-freeform`: of what follows `answer is ` the first line, less one full stop; what is bold in it, if anything is. */
export const bbhFreeform: PredPostprocessor = {
  name: 'bbh-freeform',
  compat: (text) => {
    const [start, end] = afterFirstAnswerIs(text);
    const found = inFirstLine(text.slice(start, end));
    return found && { ...found, span: [start + found.span[0], start + found.span[1]] };
  },
  fixed: readFreeform,
  none: '',
};

function inFirstLine(text: string): Extraction | undefined {
  const [line = ''] = text.split('\n', 1);
  let [start, end] = strippedSpan(line);
  if (line.slice(start, end).endsWith('.')) end = start + strippedSpan(line.slice(start, end - 1))[1];
  const bold = /\*\*(.*?)\*\*/s.exec(line.slice(start, end));
  if (bold !== null) [start, end] = [start + bold.index + 2, start + bold.index + 2 + bold[1]!.length];
  const answer = line.slice(start, end);
  return answer === ''
    ? undefined
    : { answer, rule: bold === null ? 'first-line' : 'bold', span: [start, end] };
}

const STATED = /\banswer\b[*_]*(?:\s*[:：]|\s+is\b)[\s:：*_"'`$]*/gi;
const BOX = /\\f?boxed\s*\{(?:\\text\s*\{)?([^{}\n]*)\}/g;
/** Characters; what is longer is cut. */
const LONGEST_ANSWER = 1000;
/** Where a sentence ends and the next begins. */
const NEXT_SENTENCE = /[.。!]\s+\p{Lu}/u;

interface StatedSpan {
  readonly start: number;
  readonly end: number;
  readonly rule: string;
}

/** The last answer that is stated, `answer is …`, `Answer: …` or in a box, to the end of its sentence; else a text of one line. */
function readFreeform(text: string): Extraction | undefined {
  const stated = [...text.matchAll(STATED)].map(({ 0: lead, index }) =>
    statedAt(text, lead, index + lead.length),
  );
  const boxed = [...text.matchAll(BOX)].map(({ 0: all, 1: inside = '', index }): StatedSpan => {
    const end = index + all.length - 1;
    return { start: end - inside.length, end, rule: 'boxed' };
  });
  const [start, end] = strippedSpan(text);
  const only = text.slice(start, end).includes('\n') ? [] : [{ start, end, rule: 'only-line' }];
  const latestFirst = [...stated, ...boxed].sort((a, b) => b.start - a.start);
  return [...latestFirst, ...only]
    .map((place) => trimmedAt(text, place))
    .find((found) => found !== undefined);
}

function statedAt(text: string, lead: string, start: number): StatedSpan {
  const [line = ''] = text.slice(start, start + LONGEST_ANSWER).split('\n', 1);
  const ends = [/\*\*\s*$/.test(lead) ? line.indexOf('**') : -1, line.search(NEXT_SENTENCE)];
  const length = Math.min(line.length, ...ends.filter((end) => end !== -1));
  return { start, end: start + length, rule: 'answer-is' };
}

function trimmedAt(text: string, { start, end, rule }: StatedSpan): Extraction | undefined {
  let [from, to] = [start, end];
  while (from < to && /[\s*_"'`$]/.test(text[from]!)) from++;
  while (to > from && /[\s*_"'`$.!]/.test(text[to - 1]!)) to--;
  return from === to ? undefined : { answer: text.slice(from, to), rule, span: [from, to] };
}

const untouched: Extractor = (text) =>
  pythonStrip(text) === '' ? undefined : { answer: text, rule: 'whole-text', span: [0, text.length] };
const stripped: Extractor = (text) => {
  const span = strippedSpan(text);
  return span[1] === span[0] ? undefined : { answer: text.slice(...span), rule: 'whole-text', span };
};

/** `keep-reasoning-content`: the answer as it is. Reasoning is gone by then, whatever a config asks for. */
export const keepReasoningContent: PredPostprocessor = sameByBothRules('keep-reasoning-content', untouched);

/** `extract-non-reasoning-content`: the same without space around it. Reasoning is taken off before any post-processor. */
export const extractNonReasoningContent: PredPostprocessor = sameByBothRules(
  'extract-non-reasoning-content',
  stripped,
);
