import fc from 'fast-check';
import { expect, it } from 'vitest';
import { finding } from '../contract/finding.ts';
import { displayWidth } from '../report/text.ts';
import { panel } from './panel.ts';
import type { TaskState } from './task-state.ts';

const STATE: TaskState = {
  done: 120,
  total: 500,
  inFlight: 24,
  concurrency: 24,
  failed: 3,
  failures: [
    ['timeout', 2],
    ['http-status', 1],
  ],
  tokensPerSecond: 3123.4,
  rate: 12.06,
  ttft: { p50: 213.4, p99: 1240.2 },
  itl: { p50: 23.12, p99: 88.2 },
  elapsed: 60_000,
  left: 190_000,
  validity: { verdict: 'VALID', reason: finding('LAG-WITHIN', { lag: 0.2, limit: 1 }) },
};

it('is all that is known of a task, on 79 columns', () => {
  expect(panel('qwen × 数学', STATE, 79)).toEqual([
    'qwen × 数学',
    'progress   120/500 24%  3m10s left  ━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌',
    'in flight  24 of 24                    TTFT       p50 213  p99 1240 ms',
    'rate       12.1 req/s                  ITL        p50 23.1  p99 88.2 ms',
    'tokens     3120 tok/s',
    'failed     2 timeout, 1 http-status',
    'so far     VALID: lag P99 0.2 ms ≤ 1 ms',
  ]);
});

it('stands below each other where it is narrow', () => {
  expect(panel('m × d', { ...STATE, targetRate: 12, failed: 0 }, 44)).toEqual([
    'm × d',
    'progress   120/500 24%  3m10s left',
    'in flight  24, at most 24',
    'TTFT       p50 213  p99 1240 ms',
    'rate       12.1 of 12 req/s',
    'ITL        p50 23.1  p99 88.2 ms',
    'tokens     3120 tok/s',
    'so far     VALID: lag P99 0.2 ms ≤ 1 ms',
  ]);
});

it('is never wider than asked, whatever the names and the numbers', () => {
  const number = fc.double({ min: 0, max: 1e12, noNaN: true });
  const spread = fc.record({ p50: number, p99: number });
  const state = fc.record(
    {
      ...{
        total: fc.nat(),
        concurrency: fc.nat(),
        tokensPerSecond: number,
        rate: number,
        targetRate: number,
      },
      ...{ ttft: spread, itl: spread, left: number, failed: fc.nat() },
      validity: fc.record({
        verdict: fc.constant('VALID' as const),
        reason: fc.string({ unit: 'grapheme' }).map((text) => finding('NOTE', { text })),
      }),
    },
    { requiredKeys: ['failed'] },
  );
  const name = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('模型 × 数据集'));
  fc.assert(
    fc.property(name, state, fc.integer({ min: 1, max: 220 }), (title, some, width) => {
      for (const line of panel(title, { done: 3, inFlight: 1, elapsed: 5, ...some }, width)) {
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/[\n\u001b]/);
      }
    }),
  );
});
