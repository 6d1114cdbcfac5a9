import { describe, expect, test } from 'vitest';
import { said } from '../../test/support/said.ts';
import { type SampleEvent, sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import type { OkRecord, RunRecord } from '../contract/record.ts';
import type { SteadyState } from './steady.ts';
import { summarize } from './summary.ts';

/** A token every 10 ms. */
function answer(sent: number, tokens: number, ttft = 10): OkRecord {
  const events = Array.from({ length: tokens }, (_, i): SampleEvent => ['content', sent + ttft + 10 * i, 1]);
  return sampleAnswer({ scheduled: sent, sent, events, input: 5, output: tokens });
}

/** Slots that send one request after the other, slot k from 3 k ms on. */
function closedLoop(slots: number, rounds: number, ttftOf = (_round: number) => 10): RunRecord[] {
  return Array.from({ length: slots }, (_, slot) => {
    let at = 3 * slot;
    return Array.from({ length: rounds }, (_unused, round) => {
      const record = answer(at, 20, ttftOf(round));
      at = record.times.done;
      return record;
    });
  }).flat();
}

async function steadyOf(records: readonly RunRecord[], concurrency = 8): Promise<SteadyState> {
  return (await summarize(records, { concurrency })).steady;
}

describe('a steady run', () => {
  test('has a window whose tokens are those that arrived in it', async () => {
    const records = closedLoop(8, 20) as OkRecord[];
    const { steady, window, reasons } = await steadyOf(records);
    expect({ steady, reasons }).toEqual({ steady: true, reasons: [] });
    const { from, to } = window!;
    const arrived = records
      .flatMap(({ times }) => [...times.events.at])
      .filter((at) => at >= from && at < to);
    expect(window!.outputTokenThroughput).toBeCloseTo((1000 * arrived.length) / (to - from), 6);
    expect(window!.concurrency).toBeCloseTo(8, 1);
    expect(window!.requestThroughput).toBeCloseTo((1000 * 8) / 200, -1);
    expect(window!.ttft!.median).toBe(10);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(to).toBeLessThanOrEqual(Math.max(...records.map(({ times }) => times.sent)));
  });

  test('its drain and its ramp are outside', async () => {
    const ramp = Array.from({ length: 8 }, (_, slot) =>
      closedLoop(1, 40 - 2 * slot).map((record) => shift(record, 400 * slot)),
    ).flat();
    const { steady, window } = await steadyOf(ramp);
    expect(steady).toBe(true);
    expect(window!.from).toBeGreaterThan(2000);
    expect(window!.concurrency).toBeGreaterThan(7);
  });
});

function shift(record: RunRecord, by: number): RunRecord {
  const { times } = record as OkRecord;
  const events = { ...times.events, at: times.events.at.map((at) => at + by) };
  const moved = { scheduled: times.scheduled! + by, sent: times.sent + by, done: times.done + by, events };
  return { ...(record as OkRecord), times: moved };
}

describe('a run that is not', () => {
  test('rising TTFT is named with its figure', async () => {
    const { steady, reasons } = await steadyOf(closedLoop(8, 30, (round) => 10 + 10 * round));
    expect(steady).toBe(false);
    expect(said(reasons).join()).toMatch(/DRIFT: TTFT rose by [\d.]+ % of its mean over the time under load/);
  });

  test('too few requests', async () => {
    const { reasons } = await steadyOf(closedLoop(1, 10), 1);
    expect(said(reasons).join()).toMatch(
      /^TOO-FEW-REQUESTS: 10 requests are too few to show a steady state \(at least 30\)$/,
    );
  });

  test('a load that ended at once', async () => {
    const { reasons } = await steadyOf(Array.from({ length: 40 }, (_, n) => answer(n / 10, 5)));
    expect(said(reasons)).toEqual([
      'TOO-SHORT: new requests were sent for 0.0039 s only, too short for a trend',
    ]);
  });

  test('a window with too few requests in it', async () => {
    const { reasons } = await steadyOf(
      Array.from({ length: 30 }, (_, n) => answer(100 * n, 5)),
      1,
    );
    expect(said(reasons)[0]).toBe('WINDOW-TOO-FEW: only 29 requests in the window (at least 30)');
  });

  test('nothing but a ramp', async () => {
    const rising = closedLoop(8, 30, (round) => 10 + 10 * round);
    expect(said((await steadyOf(rising)).reasons).at(-1)).toMatch(
      /^MOSTLY-RAMPS: ramps and drifts leave [\d.]+ % of the time under load$/,
    );
  });

  test('one burst', async () => {
    const { steady, window, reasons } = await steadyOf(Array.from({ length: 40 }, () => answer(0, 5)));
    expect({ steady, window, reasons: said(reasons) }).toEqual({
      steady: false,
      window: undefined,
      reasons: ['SENT-AT-ONCE: no two requests were sent one after the other'],
    });
  });

  test('requests longer than a third of the time', async () => {
    const long = Array.from({ length: 100 }, (_, n) => answer(10 * n, 60));
    expect(said((await steadyOf(long, 100)).reasons).join()).toMatch(
      /WINDOW-TOO-SHORT: .* times the median E2EL \(at least 3\)/,
    );
  });
});

test('text replies have a window of requests, their tokens counted at the end', async () => {
  const records = Array.from({ length: 200 }, (_, n) =>
    sampleAnswer({ scheduled: 10 * n, sent: 10 * n, done: 10 * n + 40, output: 3 }),
  );
  const { steady, window } = await steadyOf(records, 10);
  expect(steady).toBe(true);
  expect(window!.requestThroughput).toBeCloseTo(100, 0);
  expect(window!.outputTokenThroughput).toBeCloseTo(300, -1);
  expect(window!.ttft).toBeUndefined();
});

test('failed requests of the window are counted', async () => {
  const failures = Array.from({ length: 10 }, (_, n) =>
    sampleFailure(
      { kind: 'timeout', message: 'm' },
      { scheduled: 400 * n, sent: 400 * n, done: 400 * n + 1 },
    ),
  );
  const { window } = await steadyOf([...closedLoop(8, 20), ...failures]);
  const { from, to } = window!;
  const inside = failures.filter(({ times }) => times.scheduled! >= from && times.scheduled! < to);
  expect(inside.length).toBeGreaterThan(5);
  expect(window!.failed).toBe(inside.length);
});

test('a window of failures alone is no steady part, though nothing drifts in it', async () => {
  const refused = (sent: number) =>
    sampleFailure({ kind: 'connect', message: 'm' }, { scheduled: sent, sent, done: sent + 5 });
  const records = [answer(0, 20), ...Array.from({ length: 200 }, (_, i) => refused(20 * (i + 1)))];
  const { steady, reasons } = await steadyOf(records);
  expect(steady).toBe(false);
  expect(said(reasons)).toContain('WINDOW-FAILED: every request in the window failed');
});
