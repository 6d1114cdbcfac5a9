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
