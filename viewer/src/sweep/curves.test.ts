import { expect, it } from 'vitest';
import type { PointRow } from '../../../src/search/point-table.ts';
import { en } from '../i18n/en.ts';
import { curvesOf } from './curves.ts';

const point = (asked: number, more: Partial<PointRow> = {}): PointRow => ({
  ...{ model: 'm', dataset: 'd', asked, requests: 10, failed: 0, verdict: 'VALID', findings: [] },
  ...{ achieved: asked, outputTokensPerSecond: 10 * asked, folder: `concurrency_${asked}` },
  ...more,
});

const scored = (asked: number, score: number, more: object = {}) =>
  point(asked, { quality: { metric: 'accuracy', score, correctPerSecond: asked / 2, ...more } });

const charts = (...points: readonly PointRow[]) =>
  new Map(curvesOf(points, 'concurrency', en).map(({ title, series }) => [title, series]));

it('has a curve of quality where answers were scored, with interval and objectives where there are some', () => {
  const interval = { low: 40, high: 80 };
  const full = charts(
    scored(1, 75, { interval, scoreAtSlo: 75 }),
    point(2),
    scored(4, 50, { interval, scoreAtSlo: 25 }),
  );
  const quality = full.get('Score under load: accuracy')!;
  expect(quality.map(({ label, values }) => [label, [...Array.from(values)]])).toEqual([
    ['all answers', [0.75, null, 0.5]],
    ['95 % interval, low', [0.4, null, 0.4]],
    ['95 % interval, high', [0.8, null, 0.8]],
    ['answers that met the objectives', [0.75, null, 0.25]],
  ]);
  expect(Array.from(full.get('Correct answers a second')![0]!.values)).toEqual([0.5, null, 2]);
  expect(charts(scored(1, 75), scored(2, 50)).get('Score under load: accuracy')).toHaveLength(1);
});

it('has no chart of what nobody measured', () => {
  expect([...charts(point(1), point(2)).keys()]).toEqual(['Output throughput', 'Asked and achieved']);
});
