import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import { Segments, segmented } from './segments.ts';
import { summarize } from './summary.ts';

/** An answer that takes 10 ms and ends at this moment. */
const endingAt = (end: number) =>
  sampleAnswer({
    sent: end - 10,
    events: [
      ['content', end - 5],
      ['content', end],
    ],
    input: 1,
    output: 2,
  });

const totals = (segments: Segments) =>
  segments.finish().map(({ common }) => common.find(({ name }) => name === 'Total Requests')!.value);

describe('Segments', () => {
  it('parts records by the session in which they ended; a session without one is none', () => {
    const segments = new Segments([100, 200, 300], { concurrency: 1 });
    for (const end of [350, 50, 100, 110, 320]) segments.add(endingAt(end));
    expect(totals(segments)).toEqual([2, 1, 2]);
  });

  it('holds every record once, whatever the sessions', () => {
    const moment = fc.integer({ min: 11, max: 5000 });
    fc.assert(
      fc.property(fc.array(moment), fc.array(moment, { minLength: 1 }), (starts, ends) => {
        const ascending = [...starts].sort((a, b) => a - b);
        const segments = new Segments(ascending, { concurrency: 1 });
        for (const end of ends) segments.add(endingAt(end));
        const counts = totals(segments);
        expect(counts.reduce((sum, count) => sum! + count!, 0)).toBe(ends.length);
        expect(counts.length).toBeLessThanOrEqual(starts.length + 1);
      }),
    );
  });

  it('gives each session the health of its time', () => {
    const samples = [50, 150].map((at) => ({ at, span: 50, loopUtilization: at / 200 }));
    const clientHealth = [{ process: 'main', samples }];
    const segments = new Segments([100], { concurrency: 1, clientHealth });
    for (const end of [60, 160]) segments.add(endingAt(end));
    const busy = segments.finish().map(({ validity }) => validity.client[0]?.loopUtilization);
    expect(busy).toEqual([0.25, 0.75]);
  });
});

describe('segmented', () => {
  it('makes the whole of several sessions no load, whatever its numbers', async () => {
    const whole = await summarize([endingAt(50)], { concurrency: 1 });
    expect(segmented(whole, undefined)).toBe(whole);
    const { validity, rows } = segmented(whole, [whole, whole]);
    expect(validity.verdict).toBe('NOT ONE LOAD');
    expect(validity.findings).toMatchObject([{ code: 'SEGMENTS', params: { segments: 2 } }]);
    expect(rows).toBe(whole.rows);
  });
});
