import { describe, expect, test } from 'vitest';
import { said } from '../../test/support/said.ts';
import { finding } from '../contract/finding.ts';
import type { HealthSample } from './client-health.ts';
import type { FailureGroup } from './failures.ts';
import type { Load } from './load.ts';
import { judge, lateAbove, type ValidityFacts } from './validity.ts';

const LAG = { mean: 0.1, p50: 0.1, p99: 0.2, max: 0.3 };
const OPEN: Load = {
  loop: 'open',
  askedRate: 100,
  scheduledRate: 100,
  achievedRate: 99.9,
  lag: LAG,
  askedConcurrency: 64,
  lateThreshold: 1,
  late: 0,
  heldBack: 0,
};
const CLOSED: Load = {
  loop: 'closed',
  lag: { ...LAG, p99: 500 },
  refillLag: LAG,
  askedConcurrency: 8,
  heldConcurrency: 7.9,
  lateThreshold: 1,
  late: 0,
  heldBack: 0,
};
const STEADY = { steady: true, reasons: [], trends: [] };

const verdictOf = (
  load: Partial<Load>,
  facts: Partial<ValidityFacts> = {},
  samples: Partial<HealthSample>[] = [],
) =>
  judge(
    { load: { ...OPEN, ...load }, timescale: 50, sent: 1000, steady: STEADY, ...facts },
    samples.length === 0
      ? []
      : [
          {
            process: 'main',
            memoryLimit: 1000,
            descriptorLimit: 100,
            samples: samples.map((one) => ({ at: 0, span: 1000, ...one })),
          },
        ],
  );

describe('a valid run', () => {
  test('open loop: says what speaks for it', () => {
    const { verdict, findings, client } = verdictOf({}, {}, [{ loopUtilization: 0.2 }]);
    expect(verdict).toBe('VALID');
    expect(said(findings)).toEqual([
      'LAG-WITHIN: lag P99 0.2 ms ≤ 1 ms',
      'RATE-REACHED: 99.9 of 100 req/s',
      'CLIENT-FREE: main: event loop busy 20 %',
    ]);
    expect(client).toEqual([{ process: 'main', loopUtilization: 0.2 }]);
  });

  test('closed loop: the burst that fills the slots is not held against it', () => {
    const { verdict, findings } = verdictOf(CLOSED);
    expect(verdict).toBe('VALID');
    expect(said(findings)).toContain('CONCURRENCY-HELD: 7.9 of 8 held in flight');
  });

  test('random draws that came to less than the asked rate are what was asked for', () => {
    expect(verdictOf({ scheduledRate: 90, achievedRate: 89 }).verdict).toBe('VALID');
    expect(verdictOf({ scheduledRate: 110, achievedRate: 97 }).verdict).toBe('VALID');
  });
});

describe('a load that lost some of those who sent it', () => {
  test('was not delivered, whatever else speaks against it', () => {
    const { verdict, findings } = verdictOf(
      { achievedRate: 50, late: 400, lag: { ...LAG, p99: 30 } },
      { lostSenders: 1 },
    );
    expect(verdict).toBe('LOAD NOT DELIVERED');
    expect(said(findings)[0]).toBe(
      'LOST-SENDERS: 1 sender was lost before sending all requests of the share',
    );
    expect(findings).toHaveLength(3);
    expect(verdictOf({}, { lostSenders: 0 }).verdict).toBe('VALID');
  });
});

describe('each rule, just above and just below', () => {
  test.each([
    [
      'achieved rate',
      { achievedRate: 94.9 },
      { achievedRate: 95 },
      'LOAD NOT DELIVERED',
      'RATE-NOT-REACHED: 94.9 req/s achieved of 100 (94.9 %)',
    ],
    [
      'held back',
      { lag: { ...LAG, p99: 1.1 }, late: 20, heldBack: 20 },
      { late: 20, heldBack: 20 },
      'LOAD NOT DELIVERED',
      'LATE-HELD-BACK: 20 of 1000 requests left late: lag P99 1.1 ms > 1 ms, held back by batch_size 64',
    ],
    [
      'late',
      { lag: { ...LAG, p99: 1.1 }, late: 20 },
      { lag: { ...LAG, p99: 1 }, late: 20 },
      'CLIENT-LIMITED',
      'LATE-REQUESTS: 20 of 1000 requests left late: lag P99 1.1 ms > 1 ms',
    ],
    [
      'held',
      { ...CLOSED, askedRate: undefined, heldConcurrency: 7.59 },
      { ...CLOSED, heldConcurrency: 7.61 },
      'LOAD NOT DELIVERED',
      'CONCURRENCY-NOT-HELD: 7.59 in flight held of 8 (94.9 %)',
    ],
    [
      'refill',
      { ...CLOSED, refillLag: { ...LAG, p99: 1.1 } },
      CLOSED,
      'CLIENT-LIMITED',
      'LATE-REQUESTS: 0 of 1000 requests left late: lag P99 1.1 ms > 1 ms',
    ],
  ] as const)('%s', (_name, bad, good, verdict, words) => {
    const found = verdictOf(bad);
    expect(found.verdict).toBe(verdict);
    expect(said(found.findings)[0]).toBe(words);
    expect(verdictOf(good).verdict).toBe('VALID');
  });

  test.each([
    ['CLIENT-LOOP: main: event loop busy 71 % > 70 %', { loopUtilization: 0.71 }, { loopUtilization: 0.7 }],
    ['CLIENT-LOOP-LAG: main: event loop lag P99 5.1 ms > 5 ms', { loopLagP99: 5.1 }, { loopLagP99: 5 }],
    ['CLIENT-GC: main: garbage collection 10.1 % > 10 %', { gc: 101 }, { gc: 100 }],
    [
      'CLIENT-CPU: main: CPU of one core 91 % > 90 %',
      { cpuUser: 800, cpuSystem: 110 },
      { cpuUser: 800, cpuSystem: 100 },
    ],
    ['CLIENT-MEMORY: main: memory in use 91 % > 90 %', { rss: 910 }, { rss: 900 }],
    ['CLIENT-DESCRIPTORS: main: descriptors in use 91 % > 90 %', { openSockets: 91 }, { openSockets: 90 }],
  ])('%s', (words, bad, good) => {
    const found = verdictOf({}, {}, [bad]);
    expect(found.verdict).toBe('CLIENT-LIMITED');
    expect(said(found.findings)).toEqual([words]);
    expect(verdictOf({}, {}, [good]).verdict).toBe('VALID');
  });

  test('loop lag is measured by the TTFT where that is long', () => {
    expect(verdictOf({}, { timescale: 1000 }, [{ loopLagP99: 49 }]).verdict).toBe('VALID');
    expect(verdictOf({}, { timescale: 1000 }, [{ loopLagP99: 51 }]).verdict).toBe('CLIENT-LIMITED');
  });

  test('lag is late above max(1 ms, 1 % of the median TTFT)', () => {
    expect([undefined, 50, 100, 2000].map(lateAbove)).toEqual([1, 1, 1, 20]);
  });
});

describe('several findings', () => {
  const rose = finding('DRIFT', { signal: 'TTFT', direction: 'rose', change: 0.2, over: 'window' });
  const unsteady = { steady: { steady: false, reasons: [rose], trends: [] } };

  test('the cause comes first, and nothing is hidden', () => {
    const found = verdictOf({ achievedRate: 50 }, unsteady, [{ loopUtilization: 0.9 }]);
    expect(found.verdict).toBe('CLIENT-LIMITED');
    expect(said(found.findings)).toEqual([
      'CLIENT-LOOP: main: event loop busy 90 % > 70 %',
      'RATE-NOT-REACHED: 50 req/s achieved of 100 (50 %)',
      'DRIFT: TTFT rose by 20 % of its mean over the window',
    ]);
  });

  test('a run that only drifts is not steady', () => {
    expect(verdictOf({}, unsteady)).toMatchObject({ verdict: 'NOT STEADY', findings: [rose] });
  });

  test('one bad worker of several is enough, and is named', () => {
    const worker = (name: string, loopUtilization: number) => ({
      process: name,
      samples: [{ at: 0, span: 1000, loopUtilization }],
    });
    const facts = { load: OPEN, timescale: 50, sent: 1000, steady: STEADY };
    const found = judge(facts, [worker('worker 1', 0.2), worker('worker 2', 0.8)]);
    expect(said(found.findings)).toEqual(['CLIENT-LOOP: worker 2: event loop busy 80 % > 70 %']);
    expect(found.client).toHaveLength(2);
  });

  test('nothing answered is no load, however busy the client was with refusals', () => {
    const { verdict, findings } = verdictOf({}, { answered: 0 }, [{ loopUtilization: 0.9 }]);
    expect({ verdict, findings: said(findings) }).toEqual({
      verdict: 'LOAD NOT DELIVERED',
      findings: ['ALL-FAILED: all 1000 requests failed'],
    });
    expect(verdictOf({}, { answered: 1 }).verdict).toBe('VALID');
  });

  test('nothing answered: the reason is what the requests failed of', () => {
    const call = { id: '', model: 'm', dataset: 'd', index: 0, repetition: 0 };
    const refused = { kind: 'connect', message: 'connect ECONNREFUSED', count: 700, example: call } as const;
    const busy = {
      kind: 'http-status',
      status: 503,
      message: 'HTTP 503: busy',
      count: 300,
      example: call,
    } as const;
    const reasonOf = (sent: number, ...failures: FailureGroup[]) =>
      said(verdictOf({}, { answered: 0, sent, failures }).findings)[0];
    expect(reasonOf(700, refused)).toBe(
      'ALL-FAILED: all 700 requests failed: connect ECONNREFUSED (connect)',
    );
    expect(reasonOf(1, busy)).toBe('ALL-FAILED: the only request failed: HTTP 503: busy (http-status)');
    expect(reasonOf(1000, refused, busy)).toBe(
      'ALL-FAILED: all 1000 requests failed: 700 of them with connect ECONNREFUSED (connect)',
    );
  });

  test('nothing sent is no load', () => {
    expect(verdictOf({}, { sent: 0 })).toMatchObject({
      verdict: 'LOAD NOT DELIVERED',
      findings: [{ code: 'NOTHING-SENT' }],
    });
  });
});
