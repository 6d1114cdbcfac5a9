import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import type { RunRecord } from '../contract/record.ts';
import { parseObjective } from '../metrics/goodput.ts';
import { requestMetrics } from '../metrics/request.ts';
import { RequestTable } from '../metrics/request-table.ts';
import { badRequests, objectivesOf } from './objectives.ts';

function tableOf(...records: readonly RunRecord[]): RequestTable {
  const table = new RequestTable();
  for (const record of records)
    table.add(record, record.outcome === 'ok' ? requestMetrics(record) : undefined);
  return table;
}

const answered = (scheduled: number, first: number) =>
  sampleAnswer({ scheduled, sent: scheduled, events: [['content', scheduled + first]], input: 1, output: 1 });

describe('objectives as they are written', () => {
  test.each([
    ['ttft.p99=2000ms', { metric: 'ttft', percentile: 99, limit: 2000 }],
    ['TPOT.P99.9:50', { metric: 'tpot', percentile: 99.9, limit: 50 }],
    ['e2el.p50=1.5s', { metric: 'e2el', percentile: 50, limit: 1500 }],
    ['ttfat=3s', { metric: 'ttfat', limit: 3000 }],
  ])('%s', (text, objective) => expect(parseObjective(text)).toEqual(objective));

  test.each(['ttft.p0=1', 'ttft.p100=1', 'ttft.p=1', 'ttft.99=1', 'ttft.p99=', 'ttft.p99=1m', 'x.p99=1'])(
    '%s is none',
    (text) => expect(() => parseObjective(text)).toThrow(/percentile|is not one of/),
  );

  test('whatever is read can be written and read again', () => {
    const objective = fc.record({
      metric: fc.constantFrom('ttft', 'ttfat', 'tpot', 'e2el'),
      percentile: fc.integer({ min: 1, max: 99 }),
      limit: fc.integer({ min: 1, max: 1e6 }),
    });
    fc.assert(
      fc.property(objective, (one) => {
        expect(parseObjective(`${one.metric}.p${one.percentile}=${one.limit}ms`)).toEqual(one);
      }),
    );
  });
});

describe('objectives of a search', () => {
  test('each percentile by itself, and all limits at once for goodput', () => {
    const texts = ['ttft.p99=2s', 'ttft.p50=500ms', 'tpot=50'].map(parseObjective);
    expect(objectivesOf(texts, 0.95)).toEqual([
      { name: 'ttft.p99=2000ms', limits: { ttft: 2000 }, share: 0.99 },
      { name: 'ttft.p50=500ms', limits: { ttft: 500 }, share: 0.5 },
      { name: 'goodput=0.95', limits: { ttft: 2000, tpot: 50 }, share: 0.95 },
    ]);
    expect(objectivesOf(texts, undefined)).toHaveLength(2);
  });

  test('requests count in the order of their schedule; failures are bad, what was cancelled is left out', () => {
    const [objective] = objectivesOf([parseObjective('ttft.p99=100ms')], undefined);
    const table = tableOf(
      answered(300, 101),
      answered(100, 100),
      sampleFailure({ kind: 'timeout', message: 'm' }, { scheduled: 200, sent: 200, done: 210 }),
      sampleFailure({ kind: 'cancelled', message: 'm' }, { scheduled: 0, sent: 0, done: 10 }),
    );
    expect([...badRequests(table, objective!)]).toEqual([0, 1, 1]);
  });
});
