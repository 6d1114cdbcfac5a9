import { editDistance } from '../../basics/nearest.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { pythonTexts } from '../../python-data/texts.ts';
import { badGold, goldTexts, onlyKeys, predictionOf } from '../inputs.ts';
import { halfToEven, lengthOf, pythonSplit, pythonStrip } from '../python-text.ts';
import type { Configurable, Evaluator, Grade, PredPostprocessor, RuleSet, Sample } from '../types.ts';

// ANLS, how near an answer comes to one of several texts: the score of DocVQA and InfographicVQA.

/** What is further away than this counts as nothing. */
const THRESHOLD = 0.5;

/**
 * 1 less the least edit distance, as a share of the longer text, 0 to 1; 0 where that is below a half, or where there are no
 * references. Case and runs of space do not matter; `compat` measures lengths before these are taken out, as AISBench and the
 * authors' script do.
 */
export function anls(predicted: string, references: readonly string[], rules: RuleSet): number {
  const own = loose(predicted);
  const distances = references.map((reference) => {
    const gold = loose(reference);
    const lengths =
      rules === 'compat'
        ? [lengthOf(reference.toUpperCase()), lengthOf(pythonStrip(predicted).toUpperCase())]
        : [lengthOf(gold), lengthOf(own)];
    const longer = Math.max(...lengths);
    return longer === 0 ? 0 : editDistance(own, gold) / longer;
  });
  const score = 1 - Math.min(1, ...distances);
  return score < THRESHOLD ? 0 : score;
}

function loose(text: string): string {
  return pythonSplit(text.toLowerCase()).join(' ');
}

/** A mark of models that AISBench takes out of a reply. */
const END_MARK = '<|im_end|>';

/** How near the reply comes to one of the references, by edit distance: for short answers that are read off a document. */
export const anlsEvaluator: Evaluator = {
  name: 'ANLSEvaluator',
  metric: 'anls',
  grade: (sample) => ({
    credit: anls(predictionOf(sample), goldTexts(sample.gold, 'ANLSEvaluator'), sample.rules),
  }),
};

/** The same under AISBench's names of it, of DocVQA and InfographicVQA, without marks of models. */
export const docVQAEvaluator: Evaluator = ofDocuments('DocVQAEvaluator');
export const infoVQAEvaluator: Evaluator = ofDocuments('InfoVQAEvaluator');

function ofDocuments(name: string): Evaluator {
  return {
    name,
    metric: 'ANLS Acc',
    grade: (sample) => ({
      credit: anls(predictionOf(sample).replaceAll(END_MARK, ''), answersIn(sample, name), sample.rules),
    }),
  };
}

/** In AISBench's own files the answers are a list in the writing of Python. */
function answersIn({ gold }: Sample, name: string): readonly string[] {
  return (typeof gold === 'string' ? pythonTexts(gold) : undefined) ?? goldTexts(gold, name);
}

// AISBench's evaluators of TextVQA, by the accuracy of VQA and TextVQA: how many of ten people gave the same answer, after a normalisation of both.

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

// AISBench's evaluator of boxes in images.

/** Left, top, right and bottom. */
type Box = readonly [number, number, number, number];

const KEYS = [
  'iou_threshold',
  'coord_scale',
  'reference_bbox_key',
  'image_width_key',
  'image_height_key',
  'metric_prefix',
  'clip_to_image',
  'smart_resize_cfg',
];

/**
 * The box of the reply covers that of the reference: what they share is `iou_threshold` (0.5) of what they cover together, or more. Answers are
 * boxes in parts of `coord_scale` (1000) of the image; with `smart_resize_cfg` of the image as Qwen's models resize it. The reference is an
 * object, or its JSON text, with a box and the size of the image in pixels. Throws UTILS-CFG-002 for other keys and values, RUN-DATA-001 for
 * another reference.
 */
export const bboxIoUEvaluator: Configurable<Evaluator> = (options): Evaluator => {
  onlyKeys(options, 'evaluator', ['type', ...KEYS]);
  const threshold = numberKey(options, 'iou_threshold', 0.5);
  const scale = numberKey(options, 'coord_scale', 1000);
  const {
    reference_bbox_key = 'bbox',
    image_width_key = 'image_width',
    image_height_key = 'image_height',
  } = options;
  const { metric_prefix = 'Accuracy', clip_to_image = true } = options;
  const keys = [reference_bbox_key, image_width_key, image_height_key].map(String);
  const resize = resizeOf(options['smart_resize_cfg']);
  return {
    name: 'BBoxIoUEvaluator',
    metric: `${metric_prefix}@${threshold}`,
    grade: ({ answer, gold }) => {
      const { box, width, height } = readReference(gold, keys);
      const given = boxIn(answer);
      if (given === undefined) return wrong('no box was found');
      const [x, y] = resize === undefined ? [width, height] : resize(width, height);
      const pixels = given.map((one, i) => (one / scale) * (i % 2 === 0 ? x : y));
      const [left, top, right, bottom] =
        clip_to_image === false
          ? (pixels as unknown as Box)
          : (pixels.map((one, i) =>
              Math.min(Math.max(one, 0), i % 2 === 0 ? width : height),
            ) as unknown as Box);
      if (right <= left || bottom <= top) return wrong('the box is empty, or its corners are reversed');
      const iou = sharedBy([left, top, right, bottom], box);
      return { credit: iou >= threshold ? 1 : 0, explanation: `IoU ${iou.toFixed(3)}` };
    },
  };
};

function wrong(explanation: string): Grade {
  return { credit: 0, explanation };
}

/** What two boxes share, of what they cover together. */
function sharedBy(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const shared = Math.max(0, width) * Math.max(0, height);
  const all = areaOf(a) + areaOf(b) - shared;
  return all > 0 ? shared / all : 0;
}

function areaOf([left, top, right, bottom]: Box): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

function readReference(gold: unknown, [box, width, height]: readonly string[]) {
  const told = (typeof gold === 'string' ? parsed(gold) : gold) as Readonly<Record<string, unknown>> | null;
  const sizes = [told?.[width!], told?.[height!]].map(Number) as [number, number];
  const corners = told?.[box!];
  const isBox =
    Array.isArray(corners) && corners.length === 4 && corners.every((one) => Number.isFinite(one));
  if (!isBox || !sizes.every((one) => one > 0))
    throw badGold(gold, 'BBoxIoUEvaluator', `an object with ${box}, ${width} and ${height}`);
  return { box: corners as unknown as Box, width: sizes[0], height: sizes[1] };
}

function boxIn(answer: string): readonly number[] | undefined {
  const numbers = parsed(answer);
  return Array.isArray(numbers) && numbers.length === 4 ? numbers : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Resize = (width: number, height: number) => readonly [width: number, height: number];

/** Qwen's `smart_resize`: sides that are multiples of `factor`, and an area within limits. */
function resizeOf(value: unknown): Resize | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw badNumber('smart_resize_cfg', value, 'an object with factor, min_pixels and max_pixels');
  const options = value as Readonly<Record<string, unknown>>;
  const factor = numberKey(options, 'factor', 32);
  const least = numberKey(options, 'min_pixels', 32 * 32 * 16);
  const most = numberKey(options, 'max_pixels', 32 * 32 * 4 * 16_384);
  const sized = (side: number, round: (parts: number) => number) =>
    Math.max(factor, round(side / factor) * factor);
  return (width, height) => {
    const [x, y] = [sized(width, halfToEven), sized(height, halfToEven)];
    if (x * y > most) {
      const beta = Math.sqrt((height * width) / most);
      return [sized(width / beta, Math.floor), sized(height / beta, Math.floor)];
    }
    if (x * y >= least) return [x, y];
    const beta = Math.sqrt(least / (height * width));
    return [sized(width * beta, Math.ceil), sized(height * beta, Math.ceil)];
  };
}

function numberKey(options: Readonly<Record<string, unknown>>, key: string, otherwise: number): number {
  const value = options[key] ?? otherwise;
  if (typeof value === 'number' && value > 0) return value;
  throw badNumber(key, value, 'a number above 0');
}

function badNumber(key: string, value: unknown, wanted: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `eval_cfg.evaluator.${key} is ${JSON.stringify(value)}`, {
    where: `eval_cfg.evaluator.${key}`,
    cure: `give ${wanted}`,
  });
}

const NUMBER = String.raw`(-?\d{1,15}(?:\.\d{1,20})?)`;
/** Four numbers in square brackets. */
const IN_BRACKETS = new RegExp(
  String.raw`\[\s*${[NUMBER, NUMBER, NUMBER, NUMBER].join(String.raw`\s*,\s*`)}\s*\]`,
);
/** The same, and two pairs as Qwen-VL and others write them: `(1,2),(3,4)`, `[[1, 2], [3, 4]]`, `<1><2><3><4>`. */
const IN_ANY = new RegExp(
  String.raw`[[(<{]\s{0,9}${[NUMBER, NUMBER, NUMBER, NUMBER].join(String.raw`[\s,;[\](){}<>]{1,9}`)}\s{0,9}[\])>}]`,
);

/** The first box of a reply, as a JSON list. */
export const refcocoBbox: PredPostprocessor = {
  name: 'refcoco_bbox_1000',
  none: '[0.0, 0.0, 0.0, 0.0]',
  compat: (text) => firstBox(text, IN_BRACKETS),
  fixed: (text) => firstBox(text, IN_ANY),
};

function firstBox(text: string, pattern: RegExp) {
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [all, ...numbers] = found;
  const span = [found.index, found.index + all.length] as const;
  return { answer: JSON.stringify(numbers.map(Number)), rule: 'first box', span };
}
