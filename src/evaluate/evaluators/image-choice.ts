/** AISBench's evaluators of choices about images: MMMU, MMStar, MMMU-Pro, MathVision. Each tells its groups beside the whole. */

import { pythonTexts } from '../../python-data/texts.ts';
import { choiceReader } from '../choice/read-choice.ts';
import {
  behindAnswer,
  type NamedOption,
  type OptionReader,
  optionReader,
  readAnswerLine,
  type TextByLetter,
  textsOf,
} from '../choice/read-option.ts';
import { badGold, looseText, predictionOf } from '../inputs.ts';
import { extractMathAnswer, openMathAnswer } from '../math/extract-math.ts';
import { compareMath } from '../math/math-equal.ts';
import { isStringEqual } from '../math/minerva.ts';
import { lengthOf, PYTHON_SPACE, PYTHON_WORD, pythonSplit, pythonStrip } from '../python-text.ts';
import { readStated } from '../text/stated-answer.ts';
import type { Evaluator, Grade, Sample } from '../types.ts';

// The rule of VLMEvalKit that AISBench reads choices with: a letter near the end, else the text of an option.

/** What a reply is refused for, as an answer of none of the options. */
const REFUSALS = [
  "Sorry, I can't help with images of people yet.",
  "I can't process this file.",
  "I'm sorry, but without the image provided",
  'Cannot determine the answer',
];

/** Of so many words at the end the letter must be one. */
const LAST_WORDS = 5;

/**
 * The option that VLMEvalKit infers, `Z` where it takes the reply for a refusal; undefined where it infers none. AISBench's own
 * depends on an environment variable, `VERBOSE`: an `A` in more than three words is refused where that is set. Here it is not.
 */
export function canInfer(reply: string, options: TextByLetter): NamedOption | undefined {
  return inferOption(reply, options) ?? inferText(reply, options);
}

function inferOption(reply: string, options: TextByLetter): NamedOption | undefined {
  if (reply.includes('Failed to obtain answer via API')) return undefined;
  if (REFUSALS.some((one) => reply.includes(one))) return { letter: 'Z', rule: 'refusal' };
  const words = pythonSplit(reply.replace(/[.()[\],:;!*#{}]/g, ' '));
  const there = new Set(words);
  const named = textsOf(options).filter(([letter]) => there.has(letter));
  if (named.length === 0 && there.has('Z')) return { letter: 'Z', rule: 'letter' };
  const [one] = named;
  if (one === undefined || named.length > 1) return undefined;
  return words.indexOf(one[0]) > words.length - LAST_WORDS ? { letter: one[0], rule: 'letter' } : undefined;
}

function inferText(reply: string, options: TextByLetter): NamedOption | undefined {
  const texts = textsOf(options);
  const lower = reply.toLowerCase();
  const length = texts.reduce((sum, [, text]) => sum + lengthOf(text), 0);
  if (lengthOf(lower) > 2 * length) return undefined;
  const contained = texts.filter(([, text]) => lower.includes(text.toLowerCase()));
  return contained.length === 1 ? { letter: contained[0]![0], rule: 'option-text' } : undefined;
}

// What an evaluator of questions about images gets of a question: the right answer, its options where it has some, its groups.

interface ChoiceGold {
  /** The right letter; of a question without options the right text. */
  readonly answer: string;
  /** Letter → text; absent for a question without options. */
  readonly choices?: TextByLetter;
  /** What the answer counts in beside the whole: a subject, a category, a level. */
  readonly groups: readonly string[];
}

/**
 * The gold `{answer, choices, groups}`; `choices` may be JSON text, as in AISBench's own. Throws RUN-DATA-001 for another one.
 */
function readChoiceGold(gold: unknown, evaluator: string): ChoiceGold {
  const { answer, choices, groups = [] } = (gold ?? {}) as Record<string, unknown>;
  const options = typeof choices === 'string' ? parsed(choices) : choices;
  const isRight =
    (typeof answer === 'string' || typeof answer === 'number') &&
    (options === undefined || isTable(options)) &&
    Array.isArray(groups);
  if (!isRight)
    throw badGold(gold, evaluator, 'of the form {answer, choices: {letter: text}, groups: [name]}');
  return {
    answer: String(answer),
    ...(options === undefined ? {} : { choices: mapped(options as Readonly<Record<string, unknown>>) }),
    groups: groups.map(String),
  };
}

function mapped(options: Readonly<Record<string, unknown>>): TextByLetter {
  return Object.fromEntries(
    Object.entries(options).map(([letter, text]) => [letter, text === null ? null : String(text)]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A mark of models that AISBench takes out of a reply. */
const END_MARK = '<|im_end|>';

/**
 * `compat`: a letter by the line `ANSWER: …`, else the last capital; an answer without options is the text behind `ANSWER:`, else the
 * reply, equal but for case. `fixed`: the option that is named; what is stated, equal as text or as what it means, and any answer
 * where the data has a list of them.
 */
export const mmmuEvaluator: Evaluator = {
  name: 'MMMUEvaluator',
  grade: (sample) => {
    const gold = readChoiceGold(sample.gold, 'MMMUEvaluator');
    const { choices } = gold;
    if (choices === undefined) return grouped(gradeOpen(sample, gold.answer), gold);
    const letters = Object.keys(choices);
    const compat: OptionReader = (text) => {
      const letter = readAnswerLine(withoutEndMark(text), letters.length);
      return letter === '' ? undefined : { letter, rule: 'answer-line' };
    };
    return gradeChoice(sample, { ...gold, answer: pythonStrip(gold.answer) }, compat);
  },
};

/** `compat`: the option that VLMEvalKit infers of what `prepare` leaves of a reply. `fixed`: the option that is named. */
function inferring(name: string, prepare: (text: string) => string): Evaluator {
  const compat: OptionReader = (text, options) => canInfer(prepare(text), options);
  return { name, grade: (sample) => gradeChoice(sample, readChoiceGold(sample.gold, name), compat) };
}

/** Of the whole reply. */
export const mmStarEvaluator: Evaluator = inferring('MMStarEvaluator', (text) => text);

/** Of a reply without marks of models. */
export const mmmuProEvaluator: Evaluator = inferring('MMMUProEvaluator', withoutEndMark);

/** Of the only line that begins with `Answer:`, where there is one. */
export const mmmuProCotEvaluator: Evaluator = inferring('MMMUProCotEvaluator', (text) =>
  answerLine(withoutEndMark(text)),
);

function withoutEndMark(text: string): string {
  return text.replaceAll(END_MARK, '');
}

/**
 * `compat`: the line `ANSWER: X`, else VLMEvalKit's rule; without options what AISBench takes for the answer, by its string rules. `fixed`:
 * the option that is named; what is boxed or stated, as what it means.
 */
export const mathVisionEvaluator: Evaluator = {
  name: 'MathVisionEvaluator',
  metric: 'Accuracy',
  grade: (sample) => {
    const gold = readChoiceGold(sample.gold, 'MathVisionEvaluator');
    const clean = (text: string) => pythonStrip(withoutEndMark(text));
    if (gold.choices !== undefined)
      return gradeChoice(sample, gold, (text, options) => lineOrInferred(clean(text), options));
    const own =
      sample.rules === 'compat'
        ? openMathAnswer(clean(predictionOf(sample)))
        : (extractMathAnswer(clean(sample.answer))?.answer ?? '');
    const isRight =
      sample.rules === 'compat'
        ? isStringEqual(own, gold.answer, 'v2')
        : compareMath(gold.answer, own).isEqual;
    return grouped({ credit: isRight ? 1 : 0, explanation: `read as ${own}` }, gold);
  },
};

/** At the beginning of a line, which for Python only a line feed ends. */
const LINE = new RegExp(
  `(?<![^\\n])ANSWER[${PYTHON_SPACE}]*:[${PYTHON_SPACE}]*([A-Z])(?![${PYTHON_WORD}])`,
  'iu',
);

function lineOrInferred(text: string, options: TextByLetter): NamedOption | undefined {
  const letter = LINE.exec(text)?.[1];
  if (letter !== undefined && Object.hasOwn(options, letter)) return { letter, rule: 'answer-line' };
  return canInfer(text, options);
}

const LEAD = 'Answer:';

/** The one capital of the line, `A` of its own lead among them; else the text behind the lead; the reply where there is no such line. */
function answerLine(text: string): string {
  const lines = text.split('\n').map(pythonStrip);
  const found = lines.filter((line) => line.startsWith(LEAD));
  const [line] = found;
  if (line === undefined || found.length > 1) return text;
  const capitals = new Set(line.match(/[A-Z]/g));
  return capitals.size === 1 ? [...capitals][0]! : line.slice(LEAD.length);
}

const readers = new Map<string, OptionReader>();

function careful(letters: string): OptionReader {
  const reader = readers.get(letters) ?? optionReader(letters);
  readers.set(letters, reader);
  return reader;
}

function gradeChoice(sample: Sample, gold: ChoiceGold, compat: OptionReader): Grade {
  const { answer, choices = {} } = gold;
  const found =
    sample.rules === 'compat'
      ? compat(predictionOf(sample), choices)
      : careful(Object.keys(choices).join(''))(withoutEndMark(sample.answer), choices);
  if (found === undefined) return grouped({ credit: 0, explanation: 'no option found in the answer' }, gold);
  const explanation = `read as ${found.letter} (${found.rule})`;
  return grouped({ credit: found.letter === answer ? 1 : 0, explanation }, gold);
}

function gradeOpen(sample: Sample, gold: string): Grade {
  const text = withoutEndMark(predictionOf(sample));
  if (sample.rules === 'compat') {
    return { credit: lower(behindAnswer(text) ?? text) === lower(gold) ? 1 : 0 };
  }
  const own = readStated(text, 'only-line')?.answer;
  if (own === undefined) return { credit: 0, explanation: 'no answer is stated' };
  const golds = pythonTexts(gold) ?? [gold];
  const isRight = golds.some((one) => isSameOpen(one, own));
  return { credit: isRight ? 1 : 0, explanation: `read as ${own}` };
}

/** Equal as text, or as what it means; two numbers with units have to have the same one. */
function isSameOpen(gold: string, own: string): boolean {
  if (looseText(gold) === looseText(own)) return true;
  const [right, said] = [quantityIn(gold), quantityIn(own)];
  const isOther = right !== undefined && said !== undefined && right.unit !== said.unit;
  return (
    !isOther &&
    (compareMath(gold, own).isEqual ||
      (right !== undefined && compareMath(right.number, said?.number ?? '').isEqual))
  );
}

/** A number and the word behind it, as in `60 Mbps`, `60Mbps` or `$60\\text{ Mbps}$`. */
const QUANTITY = /^([-+−]?[\d.,]*\d)\s*((?!e[-+]?\d)\p{L}[\p{L}/·.]*?)\.?$/u;

function quantityIn(text: string): { number: string; unit: string } | undefined {
  const plain = text.replace(/\\(?:text|mathrm|rm)\s*\{([^{}]*)\}/g, '$1').replace(/\\[,;! ]|[$~*]/g, ' ');
  const [, number, unit] = QUANTITY.exec(pythonStrip(plain)) ?? [];
  return number === undefined || unit === undefined ? undefined : { number, unit: unit.toLowerCase() };
}

function lower(text: string): string {
  return pythonStrip(text).toLowerCase();
}

function grouped(grade: Grade, { groups }: ChoiceGold): Grade {
  const parts = groups.map((group) => [group, [grade.credit, 1]] as const);
  return parts.length === 0 ? grade : { ...grade, parts: Object.fromEntries(parts) };
}

// AISBench's evaluator of RealWorldQA: a letter, a number, a word.

const readLetter = choiceReader('ABCDEFGH');

/**
 * `compat`: the text behind the first `ANSWER:`, so written, equal but for case; a reply without it is wrong. `fixed`: the letter that
 * is named where the right answer is one; else what is stated, equal as text or as a number.
 */
export const realworldQAEvaluator: Evaluator = {
  name: 'RealworldQAEvaluator',
  grade: (sample) =>
    sample.rules === 'compat'
      ? gradeCompat(predictionOf(sample), sample.reference)
      : gradeFixed(sample.answer, pythonStrip(sample.reference)),
};

function gradeCompat(reply: string, gold: string): Grade {
  const own = behindAnswer(reply);
  if (own === undefined) return { credit: 0, explanation: 'it has no ANSWER:' };
  return { credit: own.toLowerCase() === pythonStrip(gold).toLowerCase() ? 1 : 0 };
}

function gradeFixed(reply: string, gold: string): Grade {
  const isLetter = /^[A-H]$/.test(gold);
  const own = (isLetter ? readLetter(reply) : readStated(reply, 'only-line'))?.answer;
  if (own === undefined) return { credit: 0, explanation: 'no answer is stated' };
  const isRight = looseText(own) === looseText(gold) || (!isLetter && compareMath(gold, own).isEqual);
  return { credit: isRight ? 1 : 0, explanation: `read as ${own}` };
}
