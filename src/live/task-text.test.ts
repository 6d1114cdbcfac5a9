import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finding } from '../contract/finding.ts';
import { displayWidth } from '../report/text.ts';
import type { TaskState } from './task-state.ts';
import { progressLine, taskPanel } from './task-text.ts';

describe('a line', () => {
  const STATE = {
    done: 120,
    total: 500,
    inFlight: 8,
    failed: 2,
    tokensPerSecond: 3123.4,
    elapsed: 60_000,
    left: 190_000,
  };

  it.each([
    [80, '120/500 24% | 8 in flight | 3120 tok/s | 2 failed | 3m10s left'],
    [50, '120/500 24% | 3120 tok/s | 2 failed | 3m10s left'],
    [36, '120/500 24% | 2 failed | 3m10s left'],
    [30, '120/500 24% | 2 failed'],
    [12, '120/500 24%'],
    [5, '120/5'],
  ])('in %i columns', (width, line) => {
    expect(progressLine(STATE, width)).toBe(line);
  });

  it('with room for everything', () => {
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

  it('before the first answer, and without an end', () => {
    expect(progressLine({ done: 0, total: 9, inFlight: 4, failed: 0, elapsed: 3000 }, 80)).toBe(
      '0/9 0% | 4 in flight | 3s spent',
    );
    expect(progressLine({ done: 7, inFlight: 4, failed: 0, elapsed: 3000 }, 80)).toBe(
      '7 done | 4 in flight | 3s spent',
    );
  });

  it('never wider than asked', () => {
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
});

describe('a panel', () => {
  const FULL: TaskState = {
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
    expect(taskPanel('qwen × 数学', FULL, 79)).toEqual([
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
    expect(taskPanel('m × d', { ...FULL, targetRate: 12, failed: 0 }, 44)).toEqual([
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
        for (const line of taskPanel(title, { done: 3, inFlight: 1, elapsed: 5, ...some }, width)) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\n\u001b]/);
        }
      }),
    );
  });
});
