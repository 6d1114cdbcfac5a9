import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { said } from '../../test/support/said.ts';
import { type SampleEvent, sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import { findingText } from '../contract/finding.ts';
import type { OkRecord, RunRecord } from '../contract/record.ts';
import type { RequestMetricName } from './definitions.ts';
import { RunSummary, summarize } from './summary.ts';
import type { Summary } from './types.ts';

const CLOSED = { concurrency: 4 };
const rowOf = (summary: Summary, name: RequestMetricName) => summary.rows.find((row) => row.name === name)!;
const commonOf = (summary: Summary, name: string) =>
  summary.common.find((entry) => entry.name === name)!.value;

/** Three answers of known times; the last event of the first two brings usage only. */
const THREE: OkRecord[] = [
  sampleAnswer({
    sent: 10_000,
    events: [
      ['content', 10_500],
      ['content', 10_600],
      ['content', 10_750],
      ['usage', 10_750],
    ],
    input: 100,
    output: 4,
  }),
  sampleAnswer({
    sent: 10_100,
    events: [
      ['content', 10_400],
      ['usage', 10_500],
    ],
    input: 50,
    output: 1,
  }),
  sampleAnswer({
    sent: 10_200,
    events: [
      ['content', 10_900],
      ['content', 11_012.3456],
      ['content', 11_200],
    ],
    input: 80,
    output: 6,
  }),
];

describe('three answers by hand', () => {
  test.each([
    ['E2EL', 3, [(750 + 300 + 1000) / 3, 300, 1000, 750, 875, 950, 995]],
    ['TTFT', 3, [500, 300, 700, 500, 600, 660, 696]],
    ['TPOT', 2, [(250 / 3 + 60) / 2, 60, 250 / 3, 60 + 70 / 6, 77.5, 81, 83.1]],
    ['ITL', 2, [137.5, 100, 187.6544, 131.1728, 159.4136, 176.3581, 186.5248]],
    ['InputTokens', 3, [230 / 3, 50, 100, 80, 90, 96, 99.6]],
    ['OutputTokens', 3, [11 / 3, 1, 6, 4, 5, 5.6, 5.96]],
    ['OutputTokenThroughput', 3, [44 / 9, 10 / 3, 6, 16 / 3, 17 / 3, 88 / 15, 449 / 75]],
    ['PrefillTokenThroughput', 3, [160.31746, 114.28571, 200, 166.66667, 183.33333, 193.33333, 199.33333]],
  ] satisfies [RequestMetricName, number, number[]][])('%s', async (name, n, expected) => {
    const row = rowOf(await summarize(THREE, CLOSED), name);
    expect(row.n).toBe(n);
    const { average, min, max, median, p75, p90, p99 } = row.stats!;
    [average, min, max, median, p75, p90, p99].forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 3);
    });
  });

  test('common metrics', async () => {
    const summary = await summarize(THREE, CLOSED);
    expect(summary.common.map(({ name, value }) => [name, value && Number(value.toFixed(4))])).toEqual([
      ['Benchmark Duration', 1200],
      ['Total Requests', 3],
      ['Failed Requests', 0],
      ['Success Requests', 3],
      ['Concurrency', 1.7083],
      ['Max Concurrency', 4],
      ['Peak Concurrency', 3],
      ['Request Throughput', 2.5],
      ['Total Input Tokens', 230],
      ['Total Generated Tokens', 11],
      ['Input Token Throughput', 191.6667],
      ['Output Token Throughput', 9.1667],
      ['Total Token Throughput', 200.8333],
    ]);
    expect(rowOf(summary, 'ITL').gaps).toBe(4);
    expect(summary.findings).toEqual([]);
  });
});

describe('what nobody has', () => {
  test('text mode', async () => {
    const summary = await summarize([sampleAnswer({ done: 100, output: 3 })], CLOSED);
    for (const name of ['TTFT', 'TPOT', 'ITL', 'PrefillTokenThroughput'] as const) {
      expect(rowOf(summary, name)).toMatchObject({ n: 0, reason: { code: 'NOT-STREAMED' } });
    }
    expect(rowOf(summary, 'InputTokens').reason?.code).toBe('TOKENS-NOT-COUNTED');
    expect(commonOf(summary, 'Total Input Tokens')).toBeUndefined();
    expect(commonOf(summary, 'Total Token Throughput')).toBeUndefined();
    expect(summary.tokens).toMatchObject({
      input: { label: 'not counted' },
      output: { label: 'server usage' },
    });
  });

  test('several reasons carry their counts', async () => {
    const text = sampleAnswer({ done: 100, output: 3 });
    const single = sampleAnswer({ events: [['content', 50]], output: 3 });
    const summary = await summarize([text, single, text], CLOSED);
    expect(findingText(rowOf(summary, 'TPOT').reason!)).toBe(
      'not streamed (2); answers came whole, in one event (1)',
    );
  });

  test('nothing sent, nothing succeeded', async () => {
    const nothing = await summarize([], CLOSED);
    expect(commonOf(nothing, 'Request Throughput')).toBeUndefined();
    expect(nothing.validity.findings).toMatchObject([{ code: 'NOTHING-SENT' }]);
    expect(rowOf(nothing, 'E2EL')).toMatchObject({ n: 0, reason: { code: 'NO-SUCCESS' } });
    const failed = await summarize(
      [sampleFailure({ kind: 'timeout', message: 'x' }, { sent: 0, done: 9 })],
      CLOSED,
    );
    expect(commonOf(failed, 'Request Throughput')).toBe(0);
    expect(failed.common.find(({ name }) => name === 'Total Generated Tokens')?.reason?.code).toBe(
      'NO-SUCCESS',
    );
  });
});

test('retried answers are apart: in totals, not in latencies', async () => {
  const earlier = [{ kind: 'http-status', status: 503, message: 'busy' }] as const;
  const events: SampleEvent[] = [
    ['content', 900],
    ['content', 1000],
  ];
  const retried = sampleAnswer({ sent: 0, events, input: 7, output: 2, attempt: 2, earlier });
  const plain = sampleAnswer({ sent: 0, events: [['content', 100]], input: 3, output: 1 });
  const summary = await summarize([retried, plain], CLOSED);
  expect(rowOf(summary, 'E2EL')).toMatchObject({ n: 1, stats: { max: 100 } });
  expect(rowOf(summary, 'ITL').n).toBe(0);
  expect(summary.retried).toMatchObject({ count: 1, e2el: { average: 1000 }, ttft: { average: 900 } });
  expect(summary.retried.causes).toMatchObject([{ status: 503, count: 1 }]);
  expect(commonOf(summary, 'Total Input Tokens')).toBe(10);
  expect(rowOf(summary, 'InputTokens').n).toBe(2);
  expect(said(summary.findings)).toEqual([
    'RETRIED: 1 request needed a retry; their latencies are reported apart',
  ]);
});

test('every row that needs tokens says who counted them', async () => {
  const told = sampleAnswer({
    events: [
      ['content', 10, 1],
      ['content', 20, 3],
    ],
    input: 5,
    output: 4,
  });
  const { rows, further } = await summarize([told, THREE[0]!], CLOSED);
  const sources = [...rows, ...further].map(({ name, tokenSource }) => [name, tokenSource]);
  expect(Object.fromEntries(sources)).toMatchObject({
    TPOT: 'server usage',
    InputTokens: 'server usage',
    DecodeTokenThroughput: 'server usage',
    'Token ITL': 'told by the server (1), spread evenly (1)',
    E2EL: undefined,
    Fluidity: undefined,
  });
});

test('finish may be called between records', () => {
  const run = new RunSummary(CLOSED);
  run.add(THREE[0]!);
  expect(run.finish().rows[0]!.n).toBe(1);
  run.add(THREE[1]!);
  expect(run.finish().rows[0]!.stats).toMatchObject({ min: 300, max: 750 });
});

test('records may come from an asynchronous source', async () => {
  async function* records() {
    yield* THREE;
  }
  expect(await summarize(records(), CLOSED)).toEqual(await summarize(THREE, CLOSED));
});

/** Milliseconds as a record holds them: whole microseconds. */
const microseconds = (max: number) => fc.integer({ min: 0, max }).map((value) => value / 1000);

const anyRecord: fc.Arbitrary<RunRecord> = fc
  .record({
    sent: microseconds(1e8),
    gaps: fc.array(microseconds(500_000), { maxLength: 8 }),
    streamed: fc.boolean(),
    failed: fc.boolean(),
    attempt: fc.integer({ min: 1, max: 2 }),
    output: fc.option(fc.nat(50), { nil: undefined }),
  })
  .map(({ sent, gaps, streamed, failed, attempt, output }) => {
    let at = sent;
    const events = gaps.map((gap, i): SampleEvent => {
      at += gap;
      return [i % 3 === 0 ? 'other' : 'content', at];
    });
    if (failed) return sampleFailure({ kind: 'timeout', message: 'm' }, { scheduled: sent, sent, done: at });
    return sampleAnswer({ sent, done: at, events: streamed ? events : undefined, attempt, input: 5, output });
  });

test('any run: statistics are ordered, peak ≥ mean, counts add up, no NaN', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { maxLength: 30 }), async (records) => {
      const summary = await summarize(records, CLOSED);
      for (const { stats, reason, n } of summary.rows) {
        expect(stats === undefined).toBe(n === 0);
        expect(reason === undefined).toBe(n > 0);
        if (stats === undefined) continue;
        const { min, median, p75, p90, p99, max, average } = stats;
        const ordered = [min, median, p75, p90, p99, max];
        expect([...ordered].sort((a, b) => a - b)).toEqual(ordered);
        expect(average >= min && average <= max).toBe(true);
      }
      for (const { value, reason } of summary.common) {
        expect(value === undefined ? reason : Number.isFinite(value)).toBeTruthy();
      }
      expect(commonOf(summary, 'Peak Concurrency')).toBeGreaterThanOrEqual(
        commonOf(summary, 'Concurrency') ?? 0,
      );
      const sum = commonOf(summary, 'Success Requests')! + commonOf(summary, 'Failed Requests')!;
      expect(sum).toBe(records.length);
    }),
  );
});
