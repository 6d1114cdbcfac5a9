import { editDistance } from '../../basics/nearest.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { firstOption } from '../choice/letters.ts';
import { choiceReader } from '../choice/read-choice.ts';
import {
  type NamedOption,
  type OptionReader,
  optionReader,
  type TextByLetter,
  textsOf,
} from '../choice/read-option.ts';
import { bbhFreeform } from '../choice/short-answers.ts';
import { type Keys, lettersIn, looseText, onlyKeys, predictionOf } from '../inputs.ts';
import { pythonStrip } from '../python-text.ts';
import {
  type Configurable,
  type Evaluator,
  type Extractor,
  type Grade,
  type PredPostprocessor,
  type Sample,
  sameByBothRules,
} from '../types.ts';

const trimmed: Extractor = (text) => {
  const answer = text.trim();
  const start = text.indexOf(answer);
  return answer === '' ? undefined : { answer, rule: 'whole-text', span: [start, start + answer.length] };
};

/** The whole answer, for datasets whose config names no `pred_postprocessor`. */
export const wholeText: PredPostprocessor = sameByBothRules('whole_text', trimmed);

/**
 * Stands in for a judge where none is named: the reference is the answer, or is in it as a whole. Case, width of
 * characters and runs of space make no difference.
 */
export const stringMatchEvaluator: Evaluator = {
  name: 'StringMatchEvaluator',
  grade: ({ answer, reference }) => ({ credit: holds(plain(answer), plain(reference)) ? 1 : 0 }),
};

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

/** `45` is in `x = 45.` and not in `450`, `4.45` or `45.2`; Chinese has no spaces to tell words by. */
function holds(answer: string, reference: string): boolean {
  if (reference === '') return answer === '';
  for (let at = answer.indexOf(reference); at >= 0; at = answer.indexOf(reference, at + 1)) {
    const [before, after] = [answer.slice(0, at), answer.slice(at + reference.length)];
    if (!goesOn(before, reference, 'before') && !goesOn(after, reference, 'after')) return true;
  }
  return false;
}

function goesOn(rest: string, reference: string, side: 'before' | 'after'): boolean {
  const edge = side === 'before' ? reference[0]! : reference.at(-1)!;
  if (!/[a-z0-9]/.test(edge)) return false;
  if (side === 'before') return /(?:[a-z0-9_]|\d[.,])$/.test(rest) || (/\d/.test(edge) && /-$/.test(rest));
  return /^(?:[a-z0-9_]|[.,]\d)/.test(rest);
}

/**
 * AISBench's `AccwithDetailsEvaluator`: Python's `==` of both sides, so that under `compat` no answer, which is a text, equals
 * a reference that is a number or a list. `fixed` compares their texts.
 */
export const accWithDetailsEvaluator: Evaluator = {
  name: 'AccwithDetailsEvaluator',
  grade: ({ answer, reference, gold, rules }) => {
    const isOfAnotherType = typeof gold !== 'string' && reference === JSON.stringify(gold);
    const isComparable = rules === 'fixed' || !isOfAnotherType;
    return { credit: isComparable && answer === reference ? 1 : 0 };
  },
};

/** Equal texts: AISBench's `AccEvaluator` (§4.5), which compares the `str` of both. */
export const accEvaluator: Evaluator = {
  name: 'AccEvaluator',
  grade: ({ answer, reference }) => ({ credit: answer === reference ? 1 : 0 }),
};

/** AISBench's calls every answer right, so `compat` does too; `fixed` compares texts. */
export const mmCustomEvaluator: Evaluator = {
  name: 'MMCustomEvaluator',
  grade: ({ answer, reference, rules }) => ({
    credit: rules === 'compat' || answer === reference ? 1 : 0,
  }),
};

// AISBench's two evaluators of BBH, which call their number `score`.

/** Of multiple choice: equal texts. */
export const bbhEvaluatorMcq: Evaluator = {
  name: 'BBHEvaluator_mcq',
  metric: 'score',
  grade: ({ answer, reference }) => ({ credit: answer === reference ? 1 : 0 }),
};

/**
 * Of the others: the evaluator takes the answer out of the reply by `bbh-freeform` itself. A config may name `bbh-freeform` as
 * the post-processor too, so that the trail shows what was taken: it is not taken twice then. `fixed` does not mind case,
 * commas between words, and space.
 */
export const bbhEvaluator: Evaluator = {
  name: 'BBHEvaluator',
  metric: 'score',
  grade: (sample) => {
    const { answer, reference, rules } = sample;
    const isRight =
      rules === 'compat'
        ? compatAnswer(sample) === reference
        : loose(bbhFreeform.fixed(answer)?.answer ?? answer) === loose(reference);
    return { credit: isRight ? 1 : 0 };
  },
};

function compatAnswer(sample: Sample): string {
  const ofReply = freeformOf(sample.text);
  return sample.answer === ofReply ? ofReply : freeformOf(predictionOf(sample));
}

function freeformOf(text: string): string {
  return bbhFreeform.compat(text)?.answer ?? '';
}

function loose(text: string): string {
  return pythonStrip(
    text
      .toLowerCase()
      .replace(/(?<=\p{L}),(?=\s|\p{L})/gu, ' ')
      .replace(/\s+/gu, ' '),
  );
}

// AISBench's `MMLUProBaseEvaluator`, of MMLU-Pro with five examples. The reference is the option as it was shown: `C. text`.

const CHOICES = 'ABCDEFGHIJKLMNOP';
const readLetter = choiceReader(CHOICES);

/**
 * `compat`: the first line is the letter, or the option's text; never where the text itself has a full stop and a blank.
 * `fixed`: any answer that states the letter, or is the text.
 */
export const mmluProBaseEvaluator: Evaluator = {
  name: 'MMLUProBaseEvaluator',
  grade: (sample) => {
    const { reference, rules } = sample;
    return rules === 'compat'
      ? gradeCompat(predictionOf(sample), reference)
      : gradeFixed(sample.answer, reference);
  },
};

function gradeCompat(prediction: string, reference: string): Grade {
  const answer = pythonStrip(prediction.split('\n', 1)[0] ?? '');
  const parts = reference.split('. ');
  if (parts.length !== 2) return { credit: 0, explanation: 'AISBench cannot read the reference' };
  const [letter = '', option = ''] = parts;
  const isLetter = answer.length === 1 && CHOICES.includes(answer) && letter === answer;
  return { credit: isLetter || pythonStrip(option) === answer ? 1 : 0 };
}

function gradeFixed(answer: string, reference: string): Grade {
  const dot = reference.indexOf('. ');
  const letter = pythonStrip(dot === -1 ? reference : reference.slice(0, dot));
  const option = dot === -1 ? '' : looseText(reference.slice(dot + 2));
  if (option !== '' && looseText(answer) === option)
    return { credit: 1, explanation: 'the text of the option' };
  const found = readLetter(answer);
  if (found === undefined) return { credit: 0, explanation: 'no option found in the answer' };
  return { credit: found.answer === letter ? 1 : 0, explanation: `read as ${found.answer} (${found.rule})` };
}

// AISBench's `EDAccEvaluator` (§4.5): the candidate that is nearest to the reply counts as the answer.

interface EdAccGold {
  /** Each of one text or of several that mean the same. */
  readonly candidates: readonly (readonly string[])[];
  /** Index of the right one. */
  readonly label: number;
}

/**
 * The gold is `{candidates: [text or texts, …], label}`. `fixed` takes a candidate that the reply is, or the only one that
 * it contains, before it measures. Throws RUN-DATA-001 for a gold of another form.
 */
export const edAccEvaluator: Evaluator = {
  name: 'EDAccEvaluator',
  grade: (sample) => {
    const { candidates, label } = readCandidates(sample.gold);
    const text = predictionOf(sample);
    const found =
      (sample.rules === 'fixed' ? namedIn(text, candidates) : undefined) ??
      nearestCandidate(text, candidates);
    return { credit: found === label ? 1 : 0, explanation: `read as candidate ${found}` };
  },
};

/** The first with the least distance, as numpy's argmin. */
function nearestCandidate(text: string, candidates: EdAccGold['candidates']): number {
  const distances = candidates.map((texts) => Math.min(...texts.map((one) => editDistance(text, one))));
  return distances.indexOf(Math.min(...distances));
}

function namedIn(text: string, candidates: EdAccGold['candidates']): number | undefined {
  const loose = looseText(text);
  const forms = candidates.map((texts) => texts.map(looseText).filter((form) => form !== ''));
  const equal = forms.findIndex((texts) => texts.includes(loose));
  if (equal !== -1) return equal;
  const contained = forms.flatMap((texts, i) => (texts.some((form) => loose.includes(form)) ? [i] : []));
  return contained.length === 1 ? contained[0] : undefined;
}

function readCandidates(gold: unknown): EdAccGold {
  const { candidates, label } = (gold ?? {}) as { candidates?: unknown; label?: unknown };
  const isText = (one: unknown) => typeof one === 'string';
  const isCandidate = (one: unknown) =>
    isText(one) || (Array.isArray(one) && one.length > 0 && one.every(isText));
  if (
    Array.isArray(candidates) &&
    candidates.length > 0 &&
    candidates.every(isCandidate) &&
    typeof label === 'number'
  )
    return { candidates: candidates.map((one) => [one].flat() as string[]), label };
  throw new AisBenchError(
    'RUN-DATA-001',
    'the reference is not of the form {candidates: [texts], label: number}',
    {
      where: `EDAccEvaluator: ${String(JSON.stringify(gold)).slice(0, 200)}`,
      cure: 'use a dataset class that makes such references, or AccEvaluator',
    },
  );
}

// AISBench's `OptionSimAccEvaluator` (§4.8), of multiple choice in a file of one's own: the option that a reply names by its
// letter, by its text, or comes nearest to.

/** What a custom dataset keeps of a row: the right letter, and the text of each option, null where the row has none. */
interface OptionGold {
  readonly answer: string;
  readonly options: TextByLetter;
}

/** Key `options`: the letters, as `'ABCD'` or a list; those of each row by default. Throws UTILS-CFG-002. */
export const optionSimAccEvaluator: Configurable<Evaluator> = (keys: Keys) => {
  onlyKeys(keys, 'evaluator', ['options']);
  const own = keys['options'] === undefined ? undefined : lettersIn(keys, 'evaluator');
  const readers = new Map<string, Readonly<Record<Sample['rules'], OptionReader>>>();
  const readersOf = (letters: string) => {
    const known = readers.get(letters) ?? { compat: compatReader(letters), fixed: optionReader(letters) };
    readers.set(letters, known);
    return known;
  };
  return {
    name: 'OptionSimAccEvaluator',
    grade: (sample) => {
      const { answer, options } = readOptions(sample);
      const letters = own ?? Object.keys(options).join('');
      const found =
        letters === '' ? undefined : readersOf(letters)[sample.rules](predictionOf(sample), options);
      if (found === undefined) return { credit: 0, explanation: 'no option found in the answer' };
      const right = sample.rules === 'compat' ? answer : letterOf(answer, options);
      return {
        credit: found.letter === right ? 1 : 0,
        explanation: `read as ${found.letter} (${found.rule})`,
      };
    },
  };
};

function readOptions({ gold, reference }: Sample): OptionGold {
  const { answer, options } = (gold ?? {}) as { answer?: unknown; options?: unknown };
  if (typeof options !== 'object' || options === null) return { answer: reference, options: {} };
  const texts = Object.entries(options).map(([letter, text]) => [
    letter,
    text === null ? null : String(text),
  ]);
  return { answer: String(answer ?? ''), options: Object.fromEntries(texts) as TextByLetter };
}

/** A file may say which option is right by its text. */
function letterOf(answer: string, options: TextByLetter): string {
  const given = pythonStrip(answer);
  if (Object.hasOwn(options, given)) return given;
  const same = textsOf(options).filter(([, text]) => looseText(text) === looseText(given));
  return same.length === 1 ? same[0]![0] : (/^[("]?([A-Z])[).:"]?$/.exec(given)?.[1] ?? given);
}

/** AISBench's four steps. An option without text is contained in every reply. */
function compatReader(letters: string): OptionReader {
  const phrases = firstOption(letters, { cushion: false });
  return (text, options) => {
    const reply = pythonStrip(text);
    if (reply.length === 1 && letters.includes(reply)) return { letter: reply, rule: 'letter' };
    const said = phrases(reply);
    if (said !== undefined) return { letter: said.answer, rule: said.rule };
    const texts = textsOf(options).filter(([letter]) => letters.includes(letter));
    const lower = reply.toLowerCase();
    const contained = texts.filter(([, option]) => lower.includes(option.toLowerCase()));
    if (contained.length === 1) return { letter: contained[0]![0], rule: 'option-text' };
    return nearestOption(reply, texts);
  };
}

/** Of equal distances the first letter of the alphabet. */
function nearestOption(
  reply: string,
  texts: readonly (readonly [letter: string, text: string])[],
): NamedOption | undefined {
  const distances = texts.map(([letter, text]) => {
    const forms = [letter, text, `${letter}. ${text}`];
    return { letter, distance: Math.min(...forms.map((form) => editDistance(reply, form))) };
  });
  const [best] = distances.sort((a, b) => a.distance - b.distance || (a.letter < b.letter ? -1 : 1));
  return best && { letter: best.letter, rule: 'nearest' };
}
