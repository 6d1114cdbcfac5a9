import { percent } from '../measure.ts';
import { pythonRegex } from '../python-regex.ts';
import type {
  Evaluator,
  Extraction,
  Extractor,
  Grade,
  Judged,
  Measure,
  PredPostprocessor,
  RuleSet,
} from '../types.ts';

// What a judge model says of an answer: A (correct) or B (incorrect), AISBench's `get_a_or_b` (§7.5).

/** Letters are capital ones: `a` is an article. */
const WORD = '(?:[Ii]n|IN)?(?:[Cc]orrect|CORRECT)';
const VERDICT = `(?<verdict>[AB]|${WORD})`;
const NAME =
  '(?:[Vv]erdict|VERDICT|[Jj]udge?ment|JUDGE?MENT|[Gg]rade|GRADE|[Cc]onclusion|CONCLUSION|[Dd]ecision|DECISION|[Ff]inal [Aa]nswer|判断|结论|评分|答案)';
/** Marks that set a verdict off: `**A**`, `[[B]]`, `"CORRECT"`, `\boxed{\text{A}}`; not without end. */
const OPEN = String.raw`(?:[*_\x60"'“‘([{<]|[^\S\n]|\\boxed|\\text){0,40}`;
const BEGIN = String.raw`(?<![\p{L}\p{N}_])`;
const END = String.raw`(?![\p{L}\p{N}_])`;

/** From the surest way to say it to the least; of several places the last one counts. */
const RULES: readonly (readonly [name: string, pattern: RegExp])[] = [
  [
    'named-verdict',
    new RegExp(String.raw`${NAME}[*_]*[^\S\n]*(?:is\b|[:：=]|为|是)${OPEN}${VERDICT}${END}`, 'dgu'),
  ],
  ['boxed-verdict', new RegExp(String.raw`(?:\\boxed\{|\[\[)${OPEN}${VERDICT}${END}`, 'dgu')],
  ['verdict-line', new RegExp(String.raw`^${OPEN}${VERDICT}${END}(?=[^\p{L}\p{N}\n]*$)`, 'dgmu')],
  ['letter-and-word', new RegExp(String.raw`${BEGIN}(?<verdict>[AB])[:：.)][^\S\n]*${WORD}${END}`, 'dgu')],
  ['word', new RegExp(`${BEGIN}(?<verdict>${WORD})${END}`, 'dgu')],
];

const NEGATED = /(?:\bnot|\bnever|n['’]t)[\s-]+(?:\p{L}+\s+)?$/iu;

const fixed: Extractor = (text) => {
  for (const [rule, pattern] of RULES) {
    const span = [...text.matchAll(pattern)].at(-1)?.indices?.groups?.['verdict'];
    if (span === undefined) continue;
    const verdict = text.slice(...span);
    const isRight = /^(?:a|correct)$/i.test(verdict) !== isNegated(text.slice(0, span[0]), verdict);
    return { answer: isRight ? 'A' : 'B', rule, span };
  }
  return undefined;
};

/** `not entirely correct` is not. */
function isNegated(before: string, verdict: string): boolean {
  return verdict.length > 1 && NEGATED.test(before.slice(-40));
}

/** The last character alone is looked at, and whatever is no A is a B. */
const compat: Extractor = (text) => {
  const last = text.slice(-1);
  const found: Extraction = { answer: 'B', rule: 'default', span: [text.length, text.length] };
  if (last !== 'A' && last !== 'B') return found;
  return { answer: last, rule: 'last-character', span: [text.length - 1, text.length] };
};

export const getAOrB: PredPostprocessor = { name: 'get_a_or_b', fixed, compat, none: 'B' };

/**
 * A judge model called the answer correct: AISBench's `LLMJudgeCorrectEvaluator` (§7.5). What it grades is the judge's reply, so
 * no model is asked here; without a post-processor the verdict is looked for in the reply.
 */
export const llmJudgeCorrectEvaluator: Evaluator = {
  name: 'LLMJudgeCorrectEvaluator',
  grade: ({ answer, rules }) => {
    const verdict = /^[AB]$/.test(answer) ? answer : getAOrB[rules](answer)?.answer;
    return { credit: verdict === 'A' ? 1 : 0 };
  },
};

const CORRECT = pythonRegex(String.raw`(?i)\bCORRECT\b`);

/**
 * A judge model called the answer correct: AISBench's evaluator of AA-LCR. `compat`: the word CORRECT is somewhere in its reply, behind
 * *not* too. `fixed`: its last verdict is that.
 */
export const aaLcrJudgeEvaluator: Evaluator = {
  name: 'AALCRJudgeEvaluator',
  grade({ answer, text, rules }) {
    if (rules === 'compat') return { credit: CORRECT.test(text) ? 1 : 0 };
    const verdict = /^[AB]$/.test(answer) ? answer : getAOrB.fixed(answer)?.answer;
    return { credit: verdict === 'A' ? 1 : 0 };
  },
};

// What a judge model says of an answer to HLE: JSON `{extracted_final_answer, reasoning, correct: yes | no, confidence: 0 to 100}`, the
// confidence being the one that the answer gave itself. Beside `accuracy` is `calibration_error`: how far
// what is said of one's own answers is from how often they are right.

/** An answer: how sure it was said to be, 0 to 1, and whether it is right. */
export interface Confident {
  readonly confidence: number;
  readonly isRight: boolean;
}

/** Answers in a bin, as HLE has it. */
const BIN = 100;

/**
 * Root mean square calibration error, 0 to 1: of answers in the order of their confidence, in bins of a hundred of which the last takes the
 * rest, the difference between mean confidence and share of right ones, squared, averaged by the bins' sizes, and its root. Fewer than
 * a hundred answers are one bin. With `withoutLast` the last of several bins adds nothing, as in the published code of HLE and in AISBench.
 * Undefined where there are none. Equal confidences keep the order that they come in.
 */
export function calibrationError(
  answers: readonly Confident[],
  { withoutLast = false } = {},
): number | undefined {
  if (answers.length === 0) return undefined;
  const sorted = answers.toSorted((a, b) => a.confidence - b.confidence);
  const count = Math.max(1, Math.floor(sorted.length / BIN));
  const bins = Array.from({ length: count }, (_, n) =>
    sorted.slice(n * BIN, n === count - 1 ? sorted.length : (n + 1) * BIN),
  );
  const isOne = sorted.length < BIN;
  const counted = withoutLast && !isOne ? bins.slice(0, -1) : bins;
  const squares = counted.reduce((sum, bin) => sum + (bin.length / sorted.length) * gapOf(bin) ** 2, 0);
  return Math.sqrt(squares);
}

function gapOf(bin: readonly Confident[]): number {
  const difference = bin.reduce((sum, { confidence, isRight }) => sum + confidence - (isRight ? 1 : 0), 0);
  return Math.abs(difference / bin.length);
}

interface HleVerdict {
  readonly isRight: boolean;
  /** 0 to 100; absent where it is no number. */
  readonly confidence?: number;
  readonly span: readonly [start: number, end: number];
  readonly rule: string;
}

const CONFIDENCE = 'confidence';

const byRules: Readonly<Record<RuleSet, (text: string) => HleVerdict | undefined>> = {
  /** The whole reply is JSON, all white space in it being one blank; what holds `yes` is a yes. */
  compat(text) {
    const value = jsonIn(
      text.replace(/[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g, ' '),
    );
    if (value === undefined) return undefined;
    const { correct, confidence } = value;
    const isRight = typeof correct === 'string' && correct.includes('yes');
    return { isRight, ...confidenceIn(confidence ?? 0), span: [0, text.length], rule: 'json' };
  },
  /** The last JSON object that has a verdict, else the last line `correct: …`. */
  fixed: (text) => lastObject(text) ?? lastLine(text),
};

const asExtractor =
  (read: (text: string) => HleVerdict | undefined): Extractor =>
  (text): Extraction | undefined => {
    const verdict = read(text);
    return verdict && { answer: verdict.isRight ? 'yes' : 'no', rule: verdict.rule, span: verdict.span };
  };

/** Finds the verdict in a judge's reply; ours, so that a reply without one is distinguished. */
export const hleVerdictReply: PredPostprocessor = {
  name: 'hle_verdict',
  compat: asExtractor(byRules.compat),
  fixed: asExtractor(byRules.fixed),
  none: '',
};

export const hleJudgeEvaluator: Evaluator = {
  name: 'HLEJudgeEvaluator',
  grade({ text, rules }): Grade {
    const verdict = byRules[rules](text);
    if (verdict === undefined) return { credit: 0 };
    const { isRight, confidence } = verdict;
    const credit = isRight ? 1 : 0;
    return confidence === undefined ? { credit } : { credit, parts: { [CONFIDENCE]: [confidence / 100, 1] } };
  },
  measures(judged, rules): Record<string, Measure> {
    const own = errorOf(judged, rules);
    if (own === undefined) return {};
    const compat = errorOf(judged, 'compat');
    return { calibration_error: compat === undefined ? own : { ...own, compat: compat.value } };
  },
};

/** In percent. Under `compat` the last bin is left out and the number is rounded, as in AISBench. */
function errorOf(judged: readonly Judged[], rules: RuleSet): Measure | undefined {
  const answers = judged.flatMap((one): Confident[] => {
    const { parts, verdict } = one[rules];
    const [confidence, of] = parts?.[CONFIDENCE] ?? [0, 0];
    return of === 0 || verdict === 'failed' ? [] : [{ confidence, isRight: verdict === 'correct' }];
  });
  const error = calibrationError(answers, { withoutLast: rules === 'compat' });
  if (error === undefined) return undefined;
  return { value: rules === 'compat' ? Math.round(percent(error, 1)) : percent(error, 1), n: answers.length };
}

function jsonIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function confidenceIn(value: unknown): Pick<HleVerdict, 'confidence'> {
  const number = typeof value === 'string' ? Number.parseFloat(value) : value;
  return typeof number === 'number' && number >= 0 && number <= 100 ? { confidence: number } : {};
}

/** Objects that are tried, from the last: a reply of braces alone must not take for ever. */
const MOST_OBJECTS = 20;

function lastObject(text: string): HleVerdict | undefined {
  const end = text.lastIndexOf('}') + 1;
  let start = end;
  for (let tried = 0; tried < MOST_OBJECTS && start > 0; tried++) {
    start = text.lastIndexOf('{', start - 1);
    if (start === -1) return undefined;
    const { correct, confidence } = jsonIn(text.slice(start, end)) ?? {};
    const isRight = verdictIn(correct);
    if (isRight !== undefined)
      return { isRight, ...confidenceIn(confidence), span: [start, end], rule: 'json' };
  }
  return undefined;
}

function verdictIn(value: unknown): boolean | undefined {
  const word = String(value).trim().toLowerCase();
  return word === 'yes' || word === 'true' ? true : word === 'no' || word === 'false' ? false : undefined;
}

const LINE = /^[\s>*_`"'-]{0,20}correct[*_`"']{0,4}\s{0,4}[:=][\s*_`"']{0,10}(yes|no)\b/gim;
const CONFIDENCE_LINE =
  /^[\s>*_`"'-]{0,20}confidence[*_`"']{0,4}\s{0,4}[:=][\s*_`"']{0,10}(\d+(?:\.\d+)?)/gim;

function lastLine(text: string): HleVerdict | undefined {
  const line = [...text.matchAll(LINE)].at(-1);
  if (line === undefined) return undefined;
  const end = line.index + line[0].length;
  const word = line[1]!;
  const confidence = [...text.matchAll(CONFIDENCE_LINE)].at(-1)?.[1];
  return {
    isRight: word.toLowerCase() === 'yes',
    ...confidenceIn(confidence),
    span: [end - word.length, end],
    rule: 'line',
  };
}
