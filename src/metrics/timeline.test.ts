import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Timeline } from './timeline.ts';

function timelineOf(intervals: readonly (readonly [sent: number, done: number])[]): Timeline {
  const timeline = new Timeline();
  for (const [sent, done] of intervals) timeline.add({ scheduled: sent, sent, done });
  return timeline;
}

describe('concurrency', () => {
  test('a request that ends as another starts is not counted beside it', () => {
    const timeline = timelineOf([
      [0, 4],
      [4, 6],
      [1, 3],
    ]);
    expect(timeline.peakConcurrency()).toBe(2);
    expect(timeline.meanConcurrency()).toBe(8 / 6);
  });

  test('nothing sent', () => {
    const timeline = new Timeline();
    timeline.add({});
    expect([timeline.sent, timeline.duration, timeline.peakConcurrency()]).toEqual([0, undefined, 0]);
    expect(timeline.meanConcurrency()).toBeUndefined();
    expect(timeline.lag()).toBeUndefined();
  });

  test('mean ≤ peak ≤ number of requests, in whatever order they are told', () => {
    const interval = fc.tuple(
      fc.double({ min: 0, max: 1e5, noNaN: true }),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 60 }), (raw) => {
        const intervals = raw.map(([sent, length]) => [sent, sent + length] as const);
        const timeline = timelineOf(intervals);
        const peak = timeline.peakConcurrency();
        expect(peak).toBe(timelineOf([...intervals].reverse()).peakConcurrency());
        expect(peak).toBeGreaterThanOrEqual(timeline.meanConcurrency() ?? 1);
        expect(peak).toBeLessThanOrEqual(raw.length);
      }),
    );
  });

  test('peak is the largest overlap at any start', () => {
    const interval = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 10 }));
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 40 }), (raw) => {
        const intervals = raw.map(([sent, length]) => [sent, sent + length] as const);
        const at = (t: number) => intervals.filter(([sent, done]) => sent <= t && t < done).length;
        expect(timelineOf(intervals).peakConcurrency()).toBe(
          Math.max(...intervals.map(([sent]) => at(sent))),
        );
      }),
    );
  });
});

describe('held concurrency', () => {
  test('counts until the last request is sent, not the drain', () => {
    const timeline = timelineOf([
      [0, 10],
      [0, 10],
      [10, 20],
      [10, 100],
    ]);
    expect(timeline.heldConcurrency(2)).toBe(2);
  });

  test('a slot that waits to be refilled is not held', () => {
    const timeline = timelineOf([
      [0, 5],
      [10, 20],
    ]);
    expect(timeline.heldConcurrency(1)).toBe(0.5);
  });

  test('counts from the instant at which all slots were full', () => {
    const timeline = timelineOf([
      [0, 100],
      [50, 100],
      [100, 110],
      [100, 110],
      [110, 120],
    ]);
    expect(timeline.heldConcurrency(2)).toBe(2);
    expect(timeline.heldConcurrency(3)).toBeCloseTo(170 / 110, 9);
  });

  test('never is more than the peak', () => {
    const interval = fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(
        fc.array(interval, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (raw, asked) => {
          const timeline = timelineOf(raw.map(([sent, length]) => [sent, sent + length] as const));
          const held = timeline.heldConcurrency(asked) ?? 0;
          expect(held).toBeGreaterThanOrEqual(0);
          expect(held).toBeLessThanOrEqual(timeline.peakConcurrency() + 1e-9);
        },
      ),
    );
  });

  test('one burst has none', () => {
    expect(
      timelineOf([
        [0, 5],
        [0, 9],
      ]).heldConcurrency(2),
    ).toBeUndefined();
  });
});

describe('rates and lag', () => {
  test('rate is n − 1 gaps over the time between first and last', () => {
    const timeline = new Timeline();
    [0, 100, 200].forEach((scheduled, i) => {
      timeline.add({ scheduled, sent: scheduled + 10 * i, done: 1000 });
    });
    expect(timeline.scheduledRate()).toBe(10);
    expect(timeline.achievedRate()).toBe(2000 / 220);
    expect(timeline.lag()).toEqual({ mean: 10, p50: 10, p99: 19.8, max: 20 });
    expect([timeline.lateBy(0), timeline.lateBy(10), timeline.lateBy(20)]).toEqual([2, 1, 0]);
  });

  test('one request has no rate', () => {
    expect(timelineOf([[0, 5]]).achievedRate()).toBeUndefined();
  });

  test('a request that broke off ends with the last thing seen of it', () => {
    const timeline = new Timeline();
    timeline.add({ scheduled: 0, sent: 0, headers: 40 });
    expect(timeline.duration).toBe(40);
  });
});
