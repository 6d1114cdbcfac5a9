/** AISBench's evaluators of TextVQA: how many of ten people read the same. */

import { badGold, predictionOf } from '../gold.ts';
import { pythonSplit, pythonStrip } from '../python-text.ts';
import type { Evaluator, Grade, Sample } from '../types.ts';

// The accuracy of VQA and TextVQA: how many of ten people gave the same answer, after a normalisation of both.

/** So many people who say the same are enough. */
const ENOUGH = 3;

const PUNCTUATION = [...';/[]"{}()=+\\_->@`,?!', '<'];
const COMMA_IN_NUMBER = /\p{Nd},\p{Nd}/u;
/** A full stop that no digit follows. What the authors wrote to spare one behind a digit does nothing. */
const FULL_STOP = /\.(?!\p{Nd})/gu;

const ARTICLES: ReadonlySet<string> = new Set(['a', 'an', 'the']);

/** Word → digits. */
const NUMBERS: Readonly<Record<string, string>> = Object.fromEntries([
  ['none', '0'],
  ...'zero one two three four five six seven eight nine ten'.split(' ').map((word, n) => [word, String(n)]),
]);

/** Written without one of its apostrophes, each of these is taken for the word with all of them. */
const CONTRACTIONS =
  "ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't haven't he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am mightn't mightn't've might've mustn't must've needn't not've o'clock oughtn't 'ow's'at shan't she'd've should've shouldn't shouldn't've somebody'd've somebody'll somebody's someone'd someone'd've someone'll someone's something'd something'd've something'll that's there'd there'd've there're there's they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't what'll what're what's what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're why's won't would've wouldn't wouldn't've y'all y'all'll y'all'd've you'd you'd've you'll you're you've".split(
    ' ',
  );

/** As people write it → with its apostrophes; and one that the authors have the wrong way round. */
const MENDED: ReadonlyMap<string, string> = new Map([
  ...CONTRACTIONS.flatMap((word) =>
    [...word.matchAll(/'/g)].map(
      ({ index }) => [word.slice(0, index) + word.slice(index + 1), word] as const,
    ),
  ),
  ["somebody'd", 'somebodyd'],
]);

/**
 * Takes punctuation out, as the VQA script does: a mark that is beside a blank anywhere, and every mark of an answer with a comma in
 * a number, leaves nothing behind; any other leaves a blank. At most `most` full stops go.
 */
export function withoutPunctuation(text: string, most: number = Number.POSITIVE_INFINITY): string {
  const hasNumber = COMMA_IN_NUMBER.test(text);
  let left = text;
  for (const mark of PUNCTUATION) {
    const isBeside = text.includes(`${mark} `) || text.includes(` ${mark}`);
    left = left.replaceAll(mark, hasNumber || isBeside ? '' : ' ');
  }
  let count = 0;
  return left.replace(FULL_STOP, (stop) => (count++ < most ? '' : stop));
}

/** Lower case, numbers to ten as digits, no articles, contractions with their apostrophes, one blank between words. */
export function plainWords(text: string): string {
  return pythonSplit(text.toLowerCase())
    .map((word) => (Object.hasOwn(NUMBERS, word) ? NUMBERS[word]! : word))
    .filter((word) => !ARTICLES.has(word))
    .map((word) => MENDED.get(word) ?? word)
    .join(' ');
}

/** Both, of an answer on one line. */
export function vqaText(text: string, most?: number): string {
  return plainWords(withoutPunctuation(onOneLine(text), most));
}

/** Line breaks and tabs as blanks, none of them around it. */
function onOneLine(text: string): string {
  return pythonStrip(text.replace(/[\n\t]/g, ' '));
}

/**
 * 0 to 1: for each person, how many of the others agree with the answer, three being enough; the mean of that. `isOther` says which
 * answers are another's. Zero where there are none.
 */
export function vqaAccuracy<T>(
  answers: readonly T[],
  agrees: (answer: T) => boolean,
  isOther: (one: T, own: T, index: number, ownIndex: number) => boolean = (_one, _own, i, own) => i !== own,
): number {
  const scores = answers.map((own, ownIndex) => {
    const others = answers.filter((one, i) => isOther(one, own, i, ownIndex));
    return Math.min(1, others.filter(agrees).length / ENOUGH);
  });
  return scores.reduce((sum, one) => sum + one, 0) / Math.max(1, scores.length);
}

/** What one of the people answered; AISBench tells people apart by all that the file says of them. */
type Given = Readonly<Record<string, unknown>> & { readonly answer: string };

const [BOX_BEGINS, BOX_ENDS] = ['<|begin_of_box|>', '<|end_of_box|>'] as const;
/** Marks of models, which AISBench takes out of a reply. */
const MARKS = ['☞', '☟', '☜', '<unk>', '<|im_end|>', BOX_ENDS, BOX_BEGINS];
/** AISBench passes a flag in the place of a count. */
const MOST_STOPS = 32;

/**
 * `compat` normalises the reply whole, and of the people's answers the punctuation alone, where not all are the same: `Yes` and `two` are
 * no person's. `fixed` normalises both alike. The gold is a list of `{answer, …}`, or of texts. Throws RUN-DATA-001 for another.
 */
export const textEvaluator: Evaluator = {
  name: 'TEXTEvaluator',
  grade: (sample) => grade(sample, () => undefined),
};

/** The same of what GLM-4.1V puts between the marks of a box, where it does; there on one line. */
export const textEvaluatorForGlm4v: Evaluator = {
  name: 'TEXTEvaluatorForGlm4v',
  grade: (sample) => grade(sample, inBox),
};

function inBox(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const begin = line.indexOf(BOX_BEGINS);
    const end = begin === -1 ? -1 : line.indexOf(BOX_ENDS, begin + BOX_BEGINS.length);
    if (end !== -1) return pythonStrip(line.slice(begin + BOX_BEGINS.length, end));
  }
  return undefined;
}

/** `marked` finds what a model marks as its answer, in the whole reply. */
function grade(sample: Sample, marked: (text: string) => string | undefined): Grade {
  const given = readGold(sample.gold);
  if (sample.rules === 'compat') {
    const prediction = predictionOf(sample);
    return { credit: compatAccuracy(marked(prediction) ?? prediction, given) };
  }
  const answer = vqaText(withoutMarks(marked(sample.text) ?? sample.answer));
  const golds = given.map((one) => vqaText(one.answer));
  const credit = vqaAccuracy(golds, (gold) => gold === answer);
  const same = golds.filter((gold) => gold === answer).length;
  return { credit, explanation: `'${answer}' is what ${same} of ${golds.length} people say` };
}

function compatAccuracy(prediction: string, given: readonly Given[]): number {
  const answer = plainWords(withoutPunctuation(withoutMarks(onOneLine(prediction)), MOST_STOPS));
  const isSame = new Set(given.map((one) => one.answer)).size === 1;
  const golds = isSame
    ? given
    : given.map((one) => ({ ...one, answer: withoutPunctuation(one.answer, MOST_STOPS) }));
  const people = golds.map((one) => ({ answer: one.answer, all: JSON.stringify(one) }));
  return vqaAccuracy(
    people,
    (one) => one.answer === answer,
    (one, person) => one.all !== person.all,
  );
}

function withoutMarks(text: string): string {
  return MARKS.reduce((left, mark) => left.replaceAll(mark, ''), text);
}

function readGold(gold: unknown): readonly Given[] {
  const list: unknown[] = Array.isArray(gold) ? gold : [];
  const given = list.map((one) => (typeof one === 'string' ? { answer: one } : one) as Given | null);
  if (given.length > 0 && given.every((one) => typeof one?.answer === 'string')) return given as Given[];
  throw badGold(gold, 'TEXTEvaluator', 'a list of answers');
}
