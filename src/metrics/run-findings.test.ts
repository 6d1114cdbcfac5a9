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

  test('that are none: one event an answer', async () => {
    const { findings, validity } = await summarize([single, single, plain], { concurrency: 1 });
    expect(said(findings)).toEqual([
      'ONE-EVENT-ANSWERS: 2 of 3 streamed answers came whole, in one event: when the first token came is not known, so TTFT, TPOT and ITL are n/a',
    ]);
    expect(said(validity.findings).at(-1)).toBe(
      'NO-FIRST-TOKEN: no first token was seen: TTFT, TPOT and ITL are n/a',
    );
  });

  test('of which some are none', async () => {
    const { findings, validity } = await summarize([single, plain], { concurrency: 1 });
    expect(said(findings)).toEqual([
      'SOME-AT-ONCE: 1 of 2 streamed answers came in one event or one socket read; TTFT, TPOT and ITL leave them out',
    ]);
    expect(validity.findings.map(({ code }) => code)).not.toContain('NO-FIRST-TOKEN');
  });

  test('buffered by a proxy that keeps the events apart', async () => {
    const burst: SampleEvent[] = [100, 100, 100].map((at, n) => ['content', at, 0, n > 0]);
    const { findings } = await summarize([sampleAnswer({ events: burst, input: 1, output: 30 })], {
      concurrency: 1,
    });
    expect(said(findings)).toEqual([
      'BUFFERED: server or proxy buffered the stream: answers came in one socket read (1 of 1), so TTFT, TPOT and ITL are n/a',
    ]);
  });

  test('that a busy machine may have read late', async () => {
    const burst: SampleEvent[] = [100, 100, 100].map((at, n) => ['content', at, 0, n > 0]);
    const answer = sampleAnswer({ events: burst, input: 1, output: 30 });
    const busy = { at: 0, span: 1000, loopUtilization: 0.99 };
    const clientHealth = [{ process: 'worker 1', samples: [busy] }];
    const { findings, validity } = await summarize([answer], { concurrency: 1, clientHealth });
    expect(validity.verdict).toBe('CLIENT-LIMITED');
    expect(said(findings)).toEqual([
      'READ-LATE: 1 of 1 streamed answer came in one socket read, and this machine was late (CLIENT-LIMITED): they may have come apart, so TTFT, TPOT and ITL are n/a',
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

describe('tokens that nobody counted', () => {
  const { inputTokens: _in, outputTokens: _out, ...uncounted } = plain;
  const reasonsIn = ({ rows, common }: Awaited<ReturnType<typeof summarize>>) => ({
    row: rows.find(({ id }) => id === 'output_tokens')?.reason?.code,
    input: common.find(({ id }) => id === 'total_input_tokens')?.reason?.code,
    total: common.find(({ id }) => id === 'total_token_throughput')?.reason?.code,
  });

  test('of a service that counts nothing, in events that are no tokens', async () => {
    const summary = await summarize([uncounted, uncounted], { concurrency: 1 });
    expect(said(summary.findings)).toEqual([
      'EVENTS-ARE-NO-TOKENS: no output token was counted: the service gives no counts, and its events are no tokens; token throughputs are n/a',
    ]);
    const reasons = { row: 'TOKENS-NOT-COUNTED', input: 'TOKENS-NOT-COUNTED', total: 'TOKENS-NOT-COUNTED' };
    expect(reasonsIn(summary)).toEqual(reasons);
  });

  test('by a class that does not read what the replies hold', async () => {
    const unread = { ...uncounted, unreadCounts: { output: 'usage.completion_tokens' } };
    const summary = await summarize([unread, unread], { concurrency: 1 });
    expect(said(summary.findings)).toEqual([
      'UNREAD-COUNTS: the replies hold output token counts (`usage.completion_tokens`), but the model class does not read them',
    ]);
    const reasons = { row: 'USAGE-NOT-READ', input: 'TOKENS-NOT-COUNTED', total: 'USAGE-NOT-READ' };
    expect(reasonsIn(summary)).toEqual(reasons);
  });

  test('but by a tokenizer, where the class does not read the counts', async () => {
    const unreadCounts = { input: 'usage.prompt_tokens', output: 'usage.completion_tokens' };
    const ours = { value: 2, source: 'tokenizer' } as const;
    const record = { ...uncounted, unreadCounts, inputTokens: ours, outputTokens: ours };
    const { findings } = await summarize([record], { concurrency: 1 });
    expect(findings.map(({ code, params }) => [code, params['side']])).toEqual([
      ['UNREAD-COUNTS', 'input'],
      ['UNREAD-COUNTS', 'output'],
    ]);
  });

  test('of whole replies', async () => {
    const { findings } = await summarize([sampleAnswer({ done: 100 })], { concurrency: 1 });
    expect(findings).toEqual([]);
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
