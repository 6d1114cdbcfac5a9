import type { Evaluator, Extraction, Extractor, PredPostprocessor } from '../types.ts';

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
