import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import type { Evaluator, Grade } from '../types.ts';
import { bboxIoUEvaluator, refcocoBbox } from './images.ts';

const made = (options: Readonly<Record<string, unknown>> = {}) =>
  (bboxIoUEvaluator as (options: object) => Evaluator)(options);
const gold = { question_id: 1, bbox: [0, 0, 100, 50], image_width: 200, image_height: 100 };
const grade = (answer: string, options = {}, reference: unknown = gold) =>
  made(options).grade(sampleOf(answer, '', { gold: reference })) as Grade;

describe('BBoxIoUEvaluator', () => {
  it.each([
    ['[0, 0, 500, 500]', {}, 1],
    ['[0, 0, 250, 500]', {}, 1], // half of it
    ['[0, 0, 249, 500]', {}, 0],
    ['[0, 0, 500, 1000]', {}, 1],
    ['[500, 500, 0, 0]', {}, 0],
    ['[-900, -900, 500, 500]', {}, 1], // cut at the edges of the image
    ['[-900, -900, 500, 500]', { clip_to_image: false }, 0],
    ['[0, 0, 0.5, 0.5]', { coord_scale: 1 }, 1],
    ['[0, 0, 375, 500]', { iou_threshold: 0.8 }, 0],
    ['[0.0, 0.0, 0.0, 0.0]', {}, 0],
    ['nothing', {}, 0],
    ['[1, 2, 3]', {}, 0],
    ['[0, 0, 500, 500]', { smart_resize_cfg: { factor: 28, max_pixels: 28 * 28 * 4, min_pixels: 1 } }, 0],
    ['[0, 0, 500, 500]', { smart_resize_cfg: { factor: 20, min_pixels: 1 } }, 1],
  ])('%s with %j is worth %s', (answer, options, credit) => {
    expect(grade(answer, options)).toMatchObject({ credit });
  });

  it('is called by its threshold, and takes the reference as JSON too', () => {
    expect(made().metric).toBe('Accuracy@0.5');
    expect(made({ iou_threshold: 0.75, metric_prefix: 'Acc' }).metric).toBe('Acc@0.75');
    expect(grade('[0, 0, 400, 500]', {}, JSON.stringify(gold))).toEqual({
      credit: 1,
      explanation: 'IoU 0.800',
    });
  });

  it('a box is worth as much as it shares', () => {
    const side = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(side, side, (right, bottom) => {
        const [a, b] = [right / 1000, bottom / 1000];
        const shared = Math.min(a, 0.5) * Math.min(b, 0.5);
        const iou = shared / (a * b + 0.25 - shared);
        fc.pre(Math.abs(iou - 0.5) > 1e-9);
        expect(grade(`[0, 0, ${right}, ${bottom}]`).credit).toBe(iou >= 0.5 ? 1 : 0);
      }),
      { numRuns: 100 },
    );
  });

  it.each([{ iou_threshold: 'half' }, { smart_resize_cfg: 3 }, { other: 1 }])('refuses %j', (options) => {
    expect(() => made(options)).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002' }));
  });

  it.each([null, 'text', { ...gold, bbox: [1] }, { ...gold, image_width: 0 }])(
    'refuses the reference %j',
    (bad) => {
      expect(() => grade('[1, 2, 3, 4]', {}, bad)).toThrow(expect.objectContaining({ code: 'RUN-DATA-001' }));
    },
  );
});

it.each([
  ['{"bbox": [1, 2.5, 3, -4]}', '[1,2.5,3,-4]', '[1,2.5,3,-4]'],
  ['[1,2,3,4] or [5,6,7,8]', '[1,2,3,4]', '[1,2,3,4]'],
  ['<box>(1,2),(3,4)</box>', undefined, '[1,2,3,4]'],
  ['[[1, 2], [3, 4]]', undefined, '[1,2,3,4]'],
  ['<1><2><3><4>', undefined, '[1,2,3,4]'],
  ['1, 2, 3, 4', undefined, undefined],
  ['[1, 2, 3]', undefined, undefined],
])('the box of %j', (reply, compat, fixed) => {
  expect([refcocoBbox.compat(reply)?.answer, refcocoBbox.fixed(reply)?.answer]).toEqual([compat, fixed]);
});
