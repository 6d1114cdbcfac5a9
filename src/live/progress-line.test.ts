import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayWidth } from '../report/text.ts';
import { progressLine } from './progress-line.ts';

const STATE = {
  done: 120,
  total: 500,
  inFlight: 8,
  failed: 2,
  tokensPerSecond: 3123.4,
  elapsed: 60_000,
  left: 190_000,
};

test.each([
  [80, '120/500 24% | 8 in flight | 3120 tok/s | 2 failed | 3m10s left'],
  [50, '120/500 24% | 3120 tok/s | 2 failed | 3m10s left'],
  [36, '120/500 24% | 2 failed | 3m10s left'],
  [30, '120/500 24% | 2 failed'],
  [12, '120/500 24%'],
  [5, '120/5'],
])('in %i columns', (width, line) => {
  expect(progressLine(STATE, width)).toBe(line);
});

test('with room for everything', () => {
  const state = {
    ...STATE,
    rate: 12.34,
    targetRate: 12,
    ttft: { p50: 213.2, p99: 1240 },
    itl: { p50: 9, p99: 88.4 },
  };
  expect(progressLine(state, 200)).toBe(
    '120/500 24% | 8 in flight | 12.3/12 req/s | 3120 tok/s | TTFT 213/1240 ms | ITL 9/88.4 ms | 2 failed | 3m10s left',
  );
});

test('before the first answer, and without an end', () => {
  expect(progressLine({ done: 0, total: 9, inFlight: 4, failed: 0, elapsed: 3000 }, 80)).toBe(
    '0/9 0% | 4 in flight | 3s spent',
  );
  expect(progressLine({ done: 7, inFlight: 4, failed: 0, elapsed: 3000 }, 80)).toBe(
    '7 done | 4 in flight | 3s spent',
  );
});

test('never wider than asked', () => {
  const state = fc.record({
    done: fc.nat(),
    total: fc.option(fc.nat(), { nil: undefined }),
    inFlight: fc.nat(),
    failed: fc.nat(),
    tokensPerSecond: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
    elapsed: fc.double({ min: 0, max: 1e9, noNaN: true }),
    rate: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
    ttft: fc.option(fc.constant({ p50: 1.5, p99: 1e7 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(state, fc.nat(120), (value, width) => {
      expect(displayWidth(progressLine(value, width))).toBeLessThanOrEqual(width);
    }),
  );
});
