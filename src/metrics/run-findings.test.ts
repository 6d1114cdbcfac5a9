import { describe, expect, test } from 'vitest';
import { said } from '../../test/support/said.ts';
import { type SampleEvent, sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import { summarize } from './summary.ts';

const stream = (at: number): SampleEvent[] => [
  ['content', at + 100],
  ['content', at + 200],
];
const plain = sampleAnswer({ events: stream(0), input: 1, output: 2 });

test('a clean run says nothing', async () => {
  expect((await summarize([plain], { concurrency: 1, planned: 1 })).findings).toEqual([]);
});

test('another tool kept no schedule', async () => {
  const imported = { ...plain, times: { ...plain.times, scheduled: undefined } };
  expect((await summarize([imported], { concurrency: 1 })).findings).toMatchObject([
    { code: 'IMPORTED-TIMES' },
  ]);
});

describe('open loop', () => {
  /** `late[i]` milliseconds after its schedule; one every 20 ms. */
  const sentLate = (late: readonly number[]) =>
    late.map((lag, i) =>
      sampleAnswer({
        scheduled: 20 * i,
        sent: 20 * i + lag,
        events: stream(20 * i + lag),
        input: 1,
        output: 2,
      }),
    );

  test('the cap held requests back', async () => {
    const { load, findings, validity } = await summarize(sentLate([0, 0, 180, 360]), {
      concurrency: 2,
      ratePerSecond: 50,
    });
    expect(load).toMatchObject({ loop: 'open', askedRate: 50, late: 2, heldBack: 2, lateThreshold: 1 });
    expect(load.scheduledRate).toBe(50);
    expect(said(findings)).toEqual([]);
    expect(validity.verdict).toBe('LOAD NOT DELIVERED');
    expect(said(validity.findings).slice(0, 2)).toEqual([
      'RATE-NOT-REACHED: 7.14 req/s achieved of 50 (14.3 %)',
      'LATE-HELD-BACK: 2 of 4 requests left late: lag P99 355 ms > 1 ms, held back by batch_size 2',
    ]);
  });

  test('this machine was late', async () => {
    const { load, validity } = await summarize(sentLate([0, 0, 0, 50]), {
      concurrency: 100,
      ratePerSecond: 50,
    });
    expect(load.heldBack).toBe(0);
    expect(validity.verdict).toBe('CLIENT-LIMITED');
    expect(said(validity.findings)[0]).toBe(
      'LATE-REQUESTS: 1 of 4 requests left late: lag P99 48.5 ms > 1 ms',
    );
  });

  test('in time', async () => {
    const options = { concurrency: 4, ratePerSecond: 50 };
    const { validity } = await summarize(sentLate([0, 0.5, 0.2, 1]), options);
    expect(validity.verdict).toBe('NOT STEADY');
  });

  test('a closed loop is not late with the requests that fill its slots at first', async () => {
    const { load, findings } = await summarize(sentLate([0, 500]), { concurrency: 1 });
    expect(load).toMatchObject({ loop: 'closed', heldBack: 0 });
    expect(load.askedRate).toBeUndefined();
    expect(said(findings)).toEqual([]);
  });
});

describe('failures', () => {
  const failed = sampleFailure({ kind: 'timeout', message: 'no reply' }, { sent: 0, done: 200 });

  test('above 1 %', async () => {
    const { findings } = await summarize([...Array(50).fill(plain), failed], { concurrency: 1 });
    expect(said(findings)).toEqual([
      'REQUESTS-FAILED: 1 of 51 requests failed (2 %), most often timeout (1)',
    ]);
  });

  test('up to 1 % is only in the table', async () => {
    expect((await summarize([...Array(99).fill(plain), failed], { concurrency: 1 })).findings).toEqual([]);
  });

  test('a time-out that prolongs the run', async () => {
    const slow = sampleFailure({ kind: 'timeout', message: 'no reply' }, { sent: 0, done: 5200 });
    const { findings } = await summarize([...Array(99).fill(plain), slow], { concurrency: 1 });
    expect(said(findings)).toEqual([
      'FAILURE-TAIL: failed requests prolonged the run by 5 s; throughputs count that time',
    ]);
  });
});

test('a run that was stopped', async () => {
  const cancelled = sampleFailure(
    { kind: 'cancelled', message: 'stopped by the user' },
    { sent: 0, done: 200 },
  );
  const { findings } = await summarize([plain, cancelled], {
    concurrency: 1,
    planned: 10,
    interrupted: true,
  });
  expect(said(findings)).toEqual([
    'STOPPED-EARLY: partial run: stopped before its end, 1 request cancelled',
    'NOT-SENT: 8 of 10 requests were not sent',
  ]);
});

test.each(['content_filter', 'abort'])('answers that the service broke off: %s', async (finishReason) => {
  const broken = { ...plain, finishReason };
  const { findings } = await summarize([plain, broken, { ...plain, finishReason: 'stop' }], {
    concurrency: 1,
  });
  expect(said(findings)).toEqual([
    `BROKEN-OFF: 1 answer broken off by the service (finish reason ${finishReason}); they count as answered`,
  ]);
});

describe('streams', () => {
  const single = sampleAnswer({ events: [['content', 100]], input: 1, output: 30 });

  test('buffered by a proxy', async () => {
    expect((await summarize([single, single], { concurrency: 1 })).findings).toMatchObject([
      { code: 'BUFFERED' },
    ]);
    expect((await summarize([single, plain], { concurrency: 1 })).findings).toEqual([]);
  });

  test('buffered by a proxy that keeps the events apart', async () => {
    const burst: SampleEvent[] = [100, 100, 100].map((at, n) => ['content', at, 0, n > 0]);
    const { findings } = await summarize([sampleAnswer({ events: burst, input: 1, output: 30 })], {
      concurrency: 1,
    });
    expect(said(findings)).toEqual([
      expect.stringContaining('came at one instant, so TTFT is the time of the whole'),
    ]);
  });

  test('text that the server counts as nothing', async () => {
    const nothing = sampleAnswer({ events: stream(0), input: 1, output: 0 });
    const { findings } = await summarize([nothing, plain], { concurrency: 1 });
    expect(said(findings)).toEqual([
      expect.stringMatching(/^ZERO-TOKENS: 1 answer with text and 0 output tokens/),
    ]);
  });

  test('one-token answers are not buffering', async () => {
    const oneToken = sampleAnswer({ events: [['content', 100]], input: 1, output: 1 });
    expect((await summarize([oneToken], { concurrency: 1 })).findings).toEqual([]);
  });

  test('events that share socket reads', async () => {
    const events: SampleEvent[] = [
      ['content', 10],
      ['content', 10, 0, true],
      ['content', 10, 0, true],
      ['content', 20],
    ];
    const { load, findings } = await summarize([sampleAnswer({ events, input: 1, output: 4 })], {
      concurrency: 1,
    });
    expect(load.sharedReadShare).toBeCloseTo(2 / 3);
    expect(said(findings)).toEqual([
      'SHARED-READS: 66.7 % of the events shared a socket read with the one before: ITL shows bursts, not tokens',
    ]);
  });
});

test('token counts of several sources', async () => {
  const counted = sampleAnswer({ events: stream(0), input: 1, output: 2 });
  const byTokenizer = { ...counted, outputTokens: { value: 2, source: 'tokenizer' } } as const;
  const { tokens, findings } = await summarize(
    [counted, counted, byTokenizer, sampleAnswer({ events: stream(0), input: 1 })],
    { concurrency: 1 },
  );
  expect(tokens.output).toMatchObject({
    label: 'server usage (2), tokenizer (1), not counted (1)',
    total: 6,
    unknown: 1,
  });
  expect(said(findings)).toEqual([
    'NO-TOKEN-COUNT: 1 of 4 answers has no output token count; totals and throughputs leave them out',
  ]);
});
