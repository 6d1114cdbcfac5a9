import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SampleEvent, sampleAnswer, sampleFailure } from '../../../test/support/sample-record.ts';
import { type RunRecord, requestKey } from '../../contract/record.ts';
import { RunSummary } from '../../metrics/summary.ts';
import { packed, type Unpacked, unpacked } from './codec.ts';
import { PageRequests, type RequestsPart } from './requests.ts';

/** As the page reads them. */
function columnsOf(records: readonly RunRecord[]): Unpacked<RequestsPart> {
  const requests = new PageRequests();
  for (const record of records) requests.add(record);
  return unpacked(packed(requests.finish())) as Unpacked<RequestsPart>;
}

const stream = fc
  .record({
    sent: fc.integer({ min: 0, max: 5000 }),
    ttft: fc.integer({ min: 1, max: 900 }),
    gaps: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 30 }),
    attempt: fc.constantFrom(1, 1, 1, 2),
  })
  .map(({ sent, ttft, gaps, attempt }) => {
    const events: SampleEvent[] = [];
    let at = sent;
    for (const gap of [ttft, ...gaps]) {
      at += gap;
      events.push(['content', at, 1]);
    }
    return sampleAnswer({ scheduled: sent - 1, sent, events, input: 10, output: events.length, attempt });
  });

describe('answers that came at one instant', () => {
  const burst = sampleAnswer({
    sent: 0,
    events: [100, 100, 100].map((at, n): SampleEvent => ['content', at, 1, n > 0]),
    input: 5,
    output: 3,
  });
  const apart = sampleAnswer({
    sent: 10,
    events: [60, 80].map((at): SampleEvent => ['content', at, 1]),
    input: 5,
    output: 2,
  });

  it('have neither a first token nor gaps', () => {
    const { columns, gaps } = columnsOf([burst, apart]);
    expect([...columns.ttft]).toEqual([Number.NaN, 50]);
    expect([...columns.e2el]).toEqual([100, 70]);
    expect(gaps?.n).toBe(1);
  });

  it('leave a page without any where they are most', () => {
    const part = columnsOf([burst, burst, apart]);
    for (const name of ['ttft', 'tpot'] as const)
      expect([...part.columns[name]]).toEqual(Array(3).fill(Number.NaN));
    expect([...part.columns.e2el]).toEqual([100, 100, 70]);
    expect(part).not.toHaveProperty('gaps');
    expect(part).not.toHaveProperty('byPosition');
  });
});

describe('PageRequests', () => {
  it('has a row a request in the order of sending, with the latencies of the report', () => {
    const records = [
      sampleAnswer({
        scheduled: 90,
        sent: 100,
        events: [
          ['content', 150, 1],
          ['content', 170, 1],
        ],
        input: 7,
        output: 2,
      }),
      sampleFailure({ kind: 'timeout', message: 'late' }, { scheduled: 10, sent: 20, done: 80 }),
      sampleAnswer({ sent: 60, done: 65, output: 3, attempt: 2 }),
      sampleFailure({ kind: 'cancelled', message: 'stopped' }),
    ];
    const { columns, outcomes } = columnsOf(records);
    expect(outcomes).toEqual(['ok', 'retried', 'timeout']);
    expect([...columns.sent]).toEqual([20, 60, 100]);
    expect([...columns.scheduled]).toEqual([10, 60, 90]);
    expect([...columns.took]).toEqual([60, 5, 70]);
    expect([...columns.outcome]).toEqual([2, 1, 0]);
    expect([...columns.ttft]).toEqual([Number.NaN, Number.NaN, 50]);
    expect([...columns.tpot]).toEqual([Number.NaN, Number.NaN, 20]);
    expect([...columns.e2el]).toEqual([Number.NaN, 5, 70]);
    expect([...columns.outputTokens]).toEqual([Number.NaN, 3, 2]);
  });

  it('says of each request in which row it is', () => {
    const requests = new PageRequests({ withKeys: true });
    const call = (id: string) => ({ id, model: 'm', dataset: 'd', index: 0, repetition: 0 });
    requests.add({ ...sampleAnswer({ sent: 9 }), call: call('late') });
    requests.add({ ...sampleAnswer({ sent: 3 }), call: { ...call('early'), turn: 1 } });
    expect([...requests.rowsByKey()]).toEqual([
      ['late', 1],
      [requestKey({ ...call('early'), turn: 1 }), 0],
    ]);
  });

  it('counts every output token once, however many cells there are', () => {
    fc.assert(
      fc.property(fc.array(stream, { minLength: 1, maxLength: 20 }), (records) => {
        const { tokens } = columnsOf(records);
        const counted = tokens.perCell.reduce((sum, one) => sum + one, 0);
        expect(counted).toBe(records.reduce((sum, { outputTokens }) => sum + outputTokens!.value, 0));
      }),
    );
  });

  it('pools the gaps that the row ITL pools, to 0.2 % and four digits', () => {
    fc.assert(
      fc.property(fc.array(stream, { minLength: 1, maxLength: 20 }), (records) => {
        const run = new RunSummary({ concurrency: 4 });
        for (const record of records) run.add(record);
        const row = run.finish().rows.find(({ name }) => name === 'ITL')!;
        const { gaps, byPosition } = columnsOf(records);
        expect(gaps?.n ?? 0).toBe(row.gaps ?? 0);
        if (gaps === undefined) return;
        expect(byPosition!.n.reduce((sum, n) => sum + n, 0)).toBe(gaps.n);
        expect(byPosition!.position[0]).toBeGreaterThanOrEqual(2);
        const { min, max } = row.stats!;
        expect(Math.abs(gaps.values.at(-1)! - max)).toBeLessThan(0.0015 * max + 0.05);
        expect(Math.abs(gaps.values[0]! - min)).toBeLessThan(0.0015 * min + 0.05);
      }),
    );
  });

  it('tells gaps by the place of their token', () => {
    const events = [0, 10, 30, 60].map((at) => ['content', 100 + at, 1] as const);
    const { byPosition } = columnsOf([sampleAnswer({ sent: 0, events, output: 4 })]);
    expect([...byPosition!.position]).toEqual([2, 3, 4]);
    for (const [n, gap] of [10, 20, 30].entries()) expect(byPosition!.p50[n]! / gap).toBeCloseTo(1, 1);
  });
});
