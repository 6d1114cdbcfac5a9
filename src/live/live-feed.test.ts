import { expect, it } from 'vitest';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import { LiveFigures } from '../metrics/live.ts';
import { TaskHistory } from './live-server.ts';

const state = (second: number) => ({ done: second, inFlight: 4, failed: 0, rate: 2, elapsed: second * 1000 });

it('has the latencies of each stretch, not of all up to it', () => {
  const live = new LiveFigures();
  const history = new TaskHistory();
  for (const [second, ttft] of [10, 1000, 100].entries()) {
    live.add(sampleAnswer({ sent: 0, events: [['content', ttft]] }));
    history.tick(state(second), live);
  }
  history.tick(state(4), live);
  const near = history.points.map(({ ttft }) => ttft && Math.round(Math.log10(ttft.p99)));
  expect(near).toEqual([1, 3, 2, undefined]);
});

it('stays small however long a run is, and keeps its whole course', () => {
  const history = new TaskHistory();
  const live = new LiveFigures();
  for (let second = 1; second <= 20_000; second++) {
    if (second === 7000) live.add(sampleAnswer({ sent: 0, events: [['content', 5000]] }));
    history.tick(state(second), live);
  }
  const { points } = history;
  expect(points.length).toBeLessThan(720);
  expect(points.length).toBeGreaterThan(300);
  expect(points[0]!.at).toBeLessThan(100_000);
  expect(points.at(-1)!.at).toBeGreaterThan(19_900_000);
  const ats = points.map(({ at }) => at);
  expect(ats).toEqual([...ats].sort((a, b) => a - b));
  expect(points.filter(({ ttft }) => ttft !== undefined)).toHaveLength(1);
});
