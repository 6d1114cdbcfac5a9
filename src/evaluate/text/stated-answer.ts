/** Post-processors of answers that are a few words: what is stated as the answer, or the first line. */
import { badKey, type Keys, onlyKeys } from '../inputs.ts';
import { PYTHON_SPACE, pythonStrip, strippedSpan } from '../python-text.ts';
import {
  type Configurable,
  type Extraction,
  type Extractor,
  type PredPostprocessor,
  sameByBothRules,
} from '../types.ts';

const STATED =
  /(?<![\p{L}\p{N}_])(?:final\s+)?answer[*_]*(?:\s*[:：]|\s+is(?![\p{L}\p{N}_])\s*:?)[*_]*|^[*_]*a[*_]*[:：][*_]*/gimu;
/** Where a sentence ends and the next begins; not behind an initial, or a title as short as one. */
const NEXT_SENTENCE = /(?<!(?<!\p{L})\p{Lu}\p{L}{0,2})[.!?]\s+\p{Lu}|。/u;
const AROUND = new RegExp(String.raw`[${PYTHON_SPACE}*_"'“”‘’\x60$]`);

const untouched: Extractor = (text) => {
  const [start, end] = strippedSpan(text);
  return start === end
    ? undefined
    : { answer: text.slice(start, end), rule: 'whole-text', span: [start, end] };
};

const BOX = /\\f?boxed\s*\{(?:\\text\s*\{)?([^{}\n]*)\}/g;

/** What is taken where nothing is stated: the first line, or a reply that has only one. */
type Otherwise = 'first-line' | 'only-line';

/**
 * `stated_answer` (ours): the last answer that is stated, `the answer is …` or `Answer: …`, to the end of its sentence, or in a
 * box; else the first line that is not blank, or with `otherwise: 'only-line'` that of a reply of one line. `compat` leaves the
 * reply to the evaluator, which reads it as AISBench's does. Throws UTILS-CFG-002 for another key or value.
 */
export const statedAnswer: Configurable<PredPostprocessor> = (keys: Keys) => {
  onlyKeys(keys, 'pred_postprocessor', ['otherwise']);
  const { otherwise = 'first-line' } = keys;
  if (otherwise !== 'first-line' && otherwise !== 'only-line')
    throw badKey('pred_postprocessor.otherwise', otherwise, "'first-line' or 'only-line'");
  return {
    name: 'stated_answer',
    compat: untouched,
    fixed: (text) => readStated(text, otherwise),
    none: '',
  };
};

/** As `stated_answer` reads it; undefined where there is none. */
export function readStated(text: string, otherwise: Otherwise): Extraction | undefined {
  const boxes = [...text.matchAll(BOX)].map(({ 0: all, 1: inside = '', index }) => {
    const start = index + all.indexOf(inside, all.indexOf('{'));
    return { at: index, found: () => bared(text, [start, start + inside.length], 'boxed') };
  });
  const stated = [...text.matchAll(STATED)].map(({ 0: lead, index }) => ({
    at: index,
    found: () => sentenceAt(text, index + lead.length),
  }));
  // From the last one backwards: a reply may state its answer a thousand times.
  for (const { found } of [...boxes, ...stated].sort((a, b) => b.at - a.at)) {
    const answer = found();
    if (answer !== undefined) return answer;
  }
  const [start, end] = strippedSpan(text);
  const isLong = otherwise === 'only-line' && text.slice(start, end).includes('\n');
  return isLong ? undefined : firstLineOf(text);
}

function sentenceAt(text: string, from: number): Extraction | undefined {
  const start = from + Math.max(0, text.slice(from).search(/\S/));
  const [line = ''] = text.slice(start).split('\n', 1);
  const next = line.search(NEXT_SENTENCE);
  return bared(text, [start, start + (next === -1 ? line.length : next)], 'answer-is');
}

function firstLineOf(text: string): Extraction | undefined {
  const [start] = strippedSpan(text);
  const [line = ''] = text.slice(start).split('\n', 1);
  return bared(text, [start, start + line.length], 'first-line');
}

/** Without space, quotes and marks of Markdown around it. */
function bared(text: string, span: readonly [number, number], rule: string): Extraction | undefined {
  let [start, end] = span;
  while (start < end && AROUND.test(text[start]!)) start++;
  while (end > start && AROUND.test(text[end - 1]!)) end--;
  return start === end ? undefined : { answer: text.slice(start, end), rule, span: [start, end] };
}

const lineBehindBreaks: Extractor = (text) => {
  const start = text.length - text.replace(/^\n+/, '').length;
  const [line = ''] = text.slice(start).split('\n', 1);
  return line === '' ? undefined : { answer: line, rule: 'first-line', span: [start, start + line.length] };
};

/** LongBench's `trec_postprocess` and the like: the first line, line breaks before it passed over. */
export const firstLine: PredPostprocessor = sameByBothRules('first_line', lineBehindBreaks);

const firstLineBare: Extractor = (text) => firstWithin(text, strippedSpan(text));

function firstWithin(text: string, [start, end]: readonly [number, number]): Extraction | undefined {
  const [line = ''] = text.slice(start, end).split('\n', 1);
  const [from, to] = strippedSpan(line);
  if (from === to) return undefined;
  return { answer: line.slice(from, to), rule: 'first-line', span: [start + from, start + to] };
}

/** AISBench's `Xsum`: the first line that is not blank, without space around it. */
export const xsumLine: PredPostprocessor = sameByBothRules('Xsum', firstLineBare);

const headline: Extractor = (text) => {
  const found = firstLineBare(text);
  if (found === undefined) return undefined;
  let answer = pythonStrip(found.answer.replaceAll('своей', ''));
  for (const mark of ['1. ', '- ']) if (answer.startsWith(mark)) answer = answer.replaceAll(mark, '');
  answer = answer.replace(/^[“，。！”]+|[“，。！”]+$/g, '');
  return answer === '' ? undefined : { ...found, answer };
};

/** AISBench's `lcsts`: the same without the mark of a list before it, and without Chinese punctuation around it. */
export const lcstsHeadline: PredPostprocessor = sameByBothRules('lcsts', headline);
