import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SampleEvent, sampleAnswer } from '../../test/support/sample-record.ts';
import type { OkRecord, TokenSource } from '../contract/record.ts';
import { metricRow, metricStats } from './by-id.ts';
import type { MetricId } from './definitions.ts';
import { LiveFigures } from './live.ts';
import { requestMetrics } from './request.ts';
import { RequestSample } from './request-sample.ts';
import { summarize } from './summary.ts';

/** What is counted from the first token on; Fluidity needs deadlines too. */
const FROM_FIRST_TOKEN: readonly MetricId[] = [
  'ttft',
  'tpot',
  'itl',
  'prefill_token_throughput',
  'response_ttft',
  'ttfat',
  'token_itl',
  'largest_gap',
  'decode_token_throughput',
];

const counted = (record: OkRecord, value: number, source: TokenSource): OkRecord => ({
  ...record,
  outputTokens: { value, source },
});
const whole = sampleAnswer({ events: [['content', 100]], input: 5, output: 30 });
const burst = sampleAnswer({
  events: [100, 100, 100].map((at, n): SampleEvent => ['content', at, 0, n > 0]),
  input: 5,
  output: 30,
});
const apart = sampleAnswer({
  events: [100, 140, 180].map((at): SampleEvent => ['content', at]),
  input: 5,
  output: 3,
});
const oneToken = sampleAnswer({ events: [['content', 100]], input: 5, output: 1 });
const { outputTokens: _none, ...uncounted } = whole;

describe('an answer', () => {
  test.each<[string, OkRecord, string | undefined]>([
    ['in one event', whole, 'whole-event'],
    ['in one event, by the tokenizer’s count', counted(whole, 30, 'tokenizer'), 'whole-event'],
    ['in one event, by its text', { ...uncounted, severalTokens: true }, 'whole-event'],
    [
      'in one event, counted as nothing, by its text',
      { ...counted(whole, 0, 'server'), severalTokens: true },
      'whole-event',
    ],
    ['in one read', burst, 'one-read'],
    ['in one read, by its events', counted(burst, 3, 'chunks'), 'one-read'],
    ['that came apart', apart, undefined],
    ['of one token', oneToken, undefined],
    [
      'of one token by the tokenizer, though its text is long',
      { ...counted(whole, 1, 'tokenizer'), severalTokens: true },
      undefined,
    ],
    ['of one event of which nothing is known', uncounted, undefined],
    ['of one event, counted by events', counted(whole, 1, 'chunks'), undefined],
    ['that was not streamed', sampleAnswer({ done: 100, output: 30 }), undefined],
    [
      'with a finish in the same read',
      sampleAnswer({
        events: [
          ['content', 100],
          ['finish', 100, 0, true],
        ],
        output: 1,
      }),
      undefined,
    ],
    [
      'with events without payload before',
      sampleAnswer({
        events: [
          ['role', 20],
          ['content', 100],
        ],
        output: 30,
      }),
      'whole-event',
    ],
    [
      'of reasoning and text at one instant',
      sampleAnswer({
        events: [
          ['reasoning', 100],
          ['content', 100, 0, true],
        ],
        output: 9,
      }),
      'one-read',
    ],
  ])('%s', (_name, record, expected) => {
    const metrics = requestMetrics(record);
    expect(metrics.atOnce).toBe(expected);
    if (expected === undefined) return;
    for (const name of [
      'TTFT',
      'TPOT',
      'Largest Gap',
      'TTFAT',
      'Response TTFT',
      'DecodeTokenThroughput',
      'PrefillTokenThroughput',
    ] as const)
      expect(metrics[name]).toBe(expected);
    expect(metrics.E2EL).toBe(100);
  });

  test('a one-token answer has a TTFT, which is its E2EL', () => {
    expect(requestMetrics(oneToken)).toMatchObject({ TTFT: 100, E2EL: 100, TPOT: 'one-event' });
  });
});

/** A stream: when its payload events came, in reads, and the server's count. */
const streams = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 8 }),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([instants, output]) => {
    const at = instants.sort((a, b) => a - b);
    const events = at.map((time, n): SampleEvent => ['content', time, 0, at[n - 1] === time]);
    return sampleAnswer({ sent: 0, events, input: 5, output });
  });

test('TTFT is before E2EL, or there is none, or the answer is one token', () => {
  fc.assert(
    fc.property(streams, (record) => {
      const { TTFT, E2EL, TPOT, 'Largest Gap': gap, atOnce } = requestMetrics(record);
      const hasOneToken = record.outputTokens!.value === 1;
      if (typeof TTFT === 'number') expect(hasOneToken || TTFT < (E2EL as number)).toBe(true);
      else expect([TTFT, TPOT, gap]).toEqual([atOnce, atOnce, atOnce]);
      if (typeof TPOT === 'number') expect(TPOT).toBeGreaterThan(0);
    }),
  );
});

test('a run has the numbers of its streams alone, or none where most of them were no streams', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(streams, { minLength: 1, maxLength: 12 }), async (records) => {
      const real = records.filter((record) => requestMetrics(record).atOnce === undefined);
      const [all, alone] = await Promise.all([records, real].map((of) => summarize(of, { concurrency: 4 })));
      const isMostly = real.length < records.length / 2;
      for (const id of FROM_FIRST_TOKEN) {
        const stats = metricStats(all!, id);
        if (isMostly) expect(stats).toBeUndefined();
        else expect(stats).toEqual(metricStats(alone!, id));
        if (isMostly)
          expect(metricRow(all!, id)).toMatchObject({ n: 0, reason: { code: expect.any(String) } });
      }
      expect(metricRow(all!, 'e2el')!.n).toBe(records.length);
      const codes = all!.findings.map(({ code }) => code);
      const isSome = real.length < records.length && !isMostly;
      expect(codes.includes('SOME-AT-ONCE')).toBe(isSome);
      expect(codes.includes('ONE-EVENT-ANSWERS') || codes.includes('BUFFERED')).toBe(isMostly);
      expect(all!.validity.findings.some(({ code }) => code === 'NO-FIRST-TOKEN')).toBe(isMostly);
    }),
    { numRuns: 200 },
  );
});

describe('a run in which most answers came at one instant', () => {
  const records = [whole, burst, burst, apart];
  const options = { concurrency: 4 };

  test('says why of each row, with the requests that it speaks of', async () => {
    const summary = await summarize(records, options);
    expect(metricRow(summary, 'ttft')).toEqual({
      ...{ id: 'ttft', name: 'TTFT', unit: 'ms', n: 0 },
      reason: expect.objectContaining({ code: 'ONE-READ', params: { count: 3 } }),
    });
    expect(metricRow(summary, 'itl')).toMatchObject({ n: 0, gaps: 0, reason: { code: 'ONE-READ' } });
    const allWhole = await summarize([whole, whole], options);
    expect(metricRow(allWhole, 'tpot')?.reason).toMatchObject({ code: 'WHOLE-EVENT', params: {} });
  });

  test('has no times to a first token of servers and turns either', async () => {
    const turns = records.map((record, n) => ({
      ...record,
      call: { ...record.call, id: `c${n}`, turn: 0, turns: 1 },
      server: 'http://here/',
    }));
    const { servers, conversations } = await summarize(turns, options);
    expect(servers![0]!.ttft).toBeUndefined();
    expect(servers![0]!.e2el).toBeDefined();
    const [first] = conversations!.turns;
    expect(first!.rows.find(({ id }) => id === 'ttft')).toMatchObject({ n: 0, reason: { code: 'ONE-READ' } });
  });

  test('meets no objective of a first token, and any of the whole', async () => {
    const goodputOf = async (slos: object, of = records) =>
      (await summarize(of, { ...options, slos })).goodput!;
    for (const slos of [{ ttft: 500 }, { tpot: 500 }, { ttfat: 500, e2el: 500 }]) {
      expect(await goodputOf(slos)).toMatchObject({ good: 0, reason: { code: 'NO-OBJECTIVE-METRIC' } });
    }
    expect(await goodputOf({ e2el: 150 })).toMatchObject({ good: 3, of: 4 });
  });

  test('is compared by none of them', () => {
    const sample = new RequestSample();
    for (const record of records) sample.add(record);
    expect(sample.latencies('ttft').values).toHaveLength(0);
    expect(sample.latencies('e2el').values).toHaveLength(4);
  });
});

test('a few answers at one instant are bounded by their end where an objective is about their first token', async () => {
  const goodOf = async (ttft: number) =>
    (await summarize([whole, apart, apart], { concurrency: 4, slos: { ttft } })).goodput!.good;
  expect(await goodOf(100)).toBe(3);
  expect(await goodOf(99)).toBe(0);
  const late = sampleAnswer({ events: [['content', 300]], input: 5, output: 30 });
  const { goodput } = await summarize([late, apart, apart], { concurrency: 4, slos: { ttft: 100 } });
  expect(goodput!.good).toBe(2);
});

test('the live figures leave them out too', () => {
  const live = new LiveFigures();
  for (const record of [whole, burst, apart, oneToken]) live.add(record);
  expect(live.ttft.length).toBe(2);
  expect(live.itl.length).toBe(2);
});
