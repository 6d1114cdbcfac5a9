/**
 * Functional correctness in the sandbox: of HumanEval (openai/human-eval) by prompt, completion and the row's `check`; of MBPP by an answer's
 * program and the row's asserts. The mean of one answer a problem is pass@1. AISBench's own two evaluators of MBPP cannot be made (their
 * constructors raise); these do what their code says.
 */

import {
  CONCURRENCY,
  codeBlock,
  codeRunner,
  explain,
  pieceOf,
  readReference,
  readRunOptions,
  type TextPiece,
} from '../code/programs.ts';
import type { Configurable, Evaluator, Extraction, Extractor, PredPostprocessor, Sample } from '../types.ts';

/** An answer's program, with what tests it. */
type TestedProgram = { readonly program: string; readonly tests: string };

/** What makes an evaluator that runs code: `timeout` in seconds; `ignored` are keys that say nothing of single answers. */
interface CodeEvaluatorOptions {
  readonly name: string;
  readonly metric: string;
  readonly timeout: number;
  readonly ignored: readonly string[];
  /** Undefined where an answer has no code. */
  readonly tested: (sample: Sample) => TestedProgram | undefined;
}

/** Keys of the evaluator: `timeout` in seconds, `isolation`. */
function codeEvaluator({ name, metric, tested, ...usual }: CodeEvaluatorOptions): Configurable<Evaluator> {
  return (options): Evaluator => {
    const settings = readRunOptions(options, usual);
    const run = codeRunner(settings);
    return {
      ...{ name, metric },
      concurrency: CONCURRENCY,
      async grade(sample) {
        const program = tested(sample);
        if (program === undefined) return { credit: 0, explanation: 'failed: there is no code' };
        const ran = await run({ ...program, timeoutMs: settings.timeout * 1000 });
        return { credit: ran.passed ? 1 : 0, explanation: explain(ran, settings) };
      },
    };
  };
}

/** What scoring needs of a row (`reference` of HumanevalDataset). */
interface HumanevalReference {
  readonly prompt: string;
  readonly test: string;
  readonly entry_point: string;
}

/** The timeout is that of human-eval's own call. */
export const humanEvalEvaluator: Configurable<Evaluator> = codeEvaluator({
  ...{ name: 'HumanEvalEvaluator', metric: 'humaneval_pass@1', timeout: 3, ignored: ['k'] },
  tested({ answer, gold, rules }) {
    if (answer.trim() === '') return undefined;
    const row = readReference(gold, ['prompt', 'test', 'entry_point'], 'HumanevalDataset');
    return { program: programOf(row, answer, rules), tests: `${row.test}\ncheck(${row.entry_point})` };
  },
});

/**
 * `compat`: prompt and completion, nothing between. `fixed` also reads a whole function after a prompt that does not end with
 * its line, and the rest of a function that lost its indentation.
 */
export function programOf(
  { prompt, entry_point }: HumanevalReference,
  answer: string,
  rules: Sample['rules'],
): string {
  if (rules === 'compat') return `${prompt}${answer}\n`;
  const whole = new RegExp(`^(?:async[ \\t]+)?def[ \\t]+${entry_point}\\b`, 'm');
  if (whole.test(answer)) return `${prompt.trimEnd()}\n\n${answer}\n`;
  return `${prompt}${indented(answer)}\n`;
}

/** A body whose first line, or every line, is at the margin where it should stand four to the right. */
function indented(body: string): string {
  const [first = '', ...rest] = body.split('\n').filter((line) => line.trim() !== '');
  if (!/^\S/.test(first) || /^(?:import|from|def|class|async|@)\b/.test(first)) return body;
  const depths = rest.map((line) => line.search(/\S/));
  const least = first.trimEnd().endsWith(':') ? 8 : 4;
  const isFirstAlone = (depths[0] ?? 0) >= least && Math.min(...depths) >= 4;
  return isFirstAlone ? body.replace(/^(?=.*\S)/m, '    ') : body.replace(/^(?=.*\S)/gm, '    ');
}

// The program of an MBPP answer. AISBench tries twenty regular expressions in turn, each of the form *opening, anything,
// closing* with a greedy middle. What they find is decided by the first opening and the last closing alone, so they are
// looked for one by one here: linear where a backtracking search is not.

/** Python's `\s`, which also holds the separators of ASCII and not the byte order mark. */
const SPACE = String.raw`(?:(?!\ufeff)[\s\x1c-\x1f\x85])`;

interface Form {
  /** What comes before the answer; absent: the start of the text. */
  readonly opening?: RegExp;
  /** What comes after it, a pattern with the flag `g` or the text itself; absent: the end of the text. */
  readonly closing?: RegExp | string;
}

const before = (mark: string, quote = ''): RegExp => new RegExp(`${mark}${SPACE}*${quote}`);
const afterQuote = (mark: string): RegExp => new RegExp(`'${SPACE}*${mark}`, 'g');

const FENCE = '```';
const BRACKETED_BEGIN = String.raw`\[BEGIN\]`;
const BRACKETED_DONE = String.raw`\[DONE\]`;

/** Both openings for each closing. */
function opened(quote: string, closings: readonly (RegExp | string)[]): Form[] {
  return closings.flatMap((closing) =>
    [BRACKETED_BEGIN, 'BEGIN'].map((begin) => ({ opening: before(begin, quote), closing })),
  );
}

const FORMS: readonly Form[] = [
  ...opened("'", [afterQuote(BRACKETED_DONE), afterQuote('DONE')]),
  ...opened("'", ['[DONE]', 'DONE']),
  ...opened('', ['[DONE]', 'DONE']),
  { opening: before('```python'), closing: FENCE },
  { opening: before(FENCE), closing: FENCE },
  { opening: before('```python') },
  { opening: before(FENCE) },
  { closing: FENCE },
  { opening: before(BRACKETED_BEGIN, "'") },
  { opening: /\[BEGIN\]/ },
  { opening: /'/, closing: afterQuote(BRACKETED_DONE) },
];

function find(text: string, { opening, closing }: Form): readonly [start: number, end: number] | undefined {
  const begun = opening?.exec(text);
  if (begun === null) return undefined;
  const start = begun === undefined ? 0 : begun.index + begun[0].length;
  if (closing === undefined) return [start, text.length];
  const end = lastMatch(text, closing);
  return end === undefined || end < start ? undefined : [start, end];
}

function lastMatch(text: string, pattern: RegExp | string): number | undefined {
  let last: number | undefined;
  if (typeof pattern === 'string') {
    const index = text.lastIndexOf(pattern);
    return index < 0 ? undefined : index;
  }
  for (const { index } of text.matchAll(pattern)) last = index;
  return last;
}

/** Where an answer ends that goes on to a fence, or to a `[DONE]` with or without its brackets. */
function endOf(text: string, start: number, end: number): number {
  const fence = text.indexOf(FENCE, start);
  const stop = fence < 0 || fence + FENCE.length > end ? end : fence;
  const done = text.indexOf('DONE', start);
  if (done < 0 || done + 4 > stop) return stop;
  let cut = done;
  if (cut > start && text[cut - 1] === '[') cut--;
  while (cut > start && IS_SPACE.test(text[cut - 1]!)) cut--;
  return cut > start && text[cut - 1] === "'" ? cut - 1 : cut;
}

const IS_SPACE = new RegExp(`^${SPACE}$`);

/** AISBench's answer, and how the ladder's rung is called. */
const extractCompat: Extractor = (text) => {
  for (const [rung, form] of FORMS.entries()) {
    const found = find(text, form);
    if (found !== undefined) return trimmed(text, found, `pattern-${rung + 1}`);
  }
  return trimmed(text, [0, text.length], 'whole-text');
};

function trimmed(text: string, [from, to]: readonly [number, number], rule: string): Extraction | undefined {
  let [start, end] = [from, endOf(text, from, to)];
  while (start < end && IS_SPACE.test(text[start]!)) start++;
  while (start < end && IS_SPACE.test(text[end - 1]!)) end--;
  if (start === end) return undefined;
  return { answer: text.slice(start, end).replaceAll('\\_', '_'), rule, span: [start, end] };
}

/** The text between the marks that the prompt asks for, unless that is a fenced block itself; a block; the whole text. */
const extractFixed: Extractor = (text) => {
  const marked = markedPiece(text);
  const block = codeBlock(text.slice(marked.start, marked.end));
  if (block !== undefined) {
    const piece = { start: block.start + marked.start, end: block.end + marked.start };
    return pieceOf(text, piece, 'code-block');
  }
  return text.slice(marked.start, marked.end).trim() === '' ? undefined : pieceOf(text, marked, marked.rule);
};

/** Between `[BEGIN]` and `[DONE]`, either of which may be missing, and without the quotes of worked examples. */
function markedPiece(text: string): TextPiece & { readonly rule: string } {
  const begin = text.indexOf('[BEGIN]');
  let start = begin < 0 ? 0 : begin + '[BEGIN]'.length;
  const done = text.indexOf('[DONE]', start);
  let end = done < 0 ? text.length : done;
  const quote = /^\s*'(?!'')/.exec(text.slice(start, end));
  if (begin >= 0 && quote !== null) start += quote[0].length;
  const closing = /'\s*$/.exec(text.slice(start, end).slice(-200));
  const isOpen = begin < 0 || quote !== null;
  if (done >= 0 && isOpen && closing !== null) end -= closing[0].length;
  return { start, end, rule: begin < 0 && done < 0 ? 'whole-text' : 'begin-done' };
}

/** Finds the program of an MBPP answer: AISBench does it inside its evaluator. */
export const mbppPostprocess: PredPostprocessor = {
  name: 'mbpp_postprocess',
  compat: extractCompat,
  fixed: extractFixed,
  none: '',
};

/** AISBench stops a program after 9 s and its process after 10. AISBench's metric `MBPP` says nothing else and is passed over. */
function mbpp(name: string, metric: string): Configurable<Evaluator> {
  return codeEvaluator({
    ...{ name, metric, timeout: 10, ignored: ['k', 'metric'] },
    tested({ answer, gold, rules }) {
      // Without a pred_postprocessor, as in AISBench's configs, the answer is the whole text.
      const program = mbppPostprocess[rules](answer)?.answer;
      if (program === undefined) return undefined;
      const { tests, setup } = readReference(gold, ['tests', 'setup'], 'MBPPDataset');
      return { program, tests: rules === 'compat' || setup === '' ? tests : `${setup}\n${tests}` };
    },
  });
}

export const mbppEvaluator: Configurable<Evaluator> = mbpp('MBPPEvaluator', 'score');

export const mbppPassKEvaluator: Configurable<Evaluator> = mbpp('MBPPPassKEvaluator', 'pass@1');
