/** AISBench's evaluator of boxes in images. */
import { AisBenchError } from '../../contract/errors.ts';
import { onlyKeys } from '../config-keys.ts';
import { badGold } from '../gold.ts';
import type { Configurable, Evaluator, Grade, PredPostprocessor } from '../types.ts';

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

/** Python's `round`. */
function halfToEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 && floor % 2 === 0 ? floor : Math.round(value);
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
