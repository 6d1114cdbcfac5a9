import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EVENT_KINDS, type OkRecord } from '../../contract/record.ts';
import { requestMetrics } from '../request.ts';
import { AisbenchDialect, everyEventCounts } from './aisbench.ts';

const kinds = ['role', 'content', 'reasoning', 'finish', 'usage', 'unknown', 'error'] as const;

function record(
  events: readonly (readonly [gap: number, kind: (typeof kinds)[number]])[],
  tokens: number,
): OkRecord {
  let now = 100;
  const at = events.map(([gap]) => (now += gap));
  return {
    call: { id: 'a', model: 'm', dataset: 'd', index: 0, repetition: 0 },
    attempt: 1,
    earlier: [],
    streamed: true,
    outcome: 'ok',
    outputTokens: { value: tokens, source: 'server' },
    times: {
      sent: 100,
      done: now + 5,
      events: {
        at: Float64Array.from(at),
        kind: Uint8Array.from(events, ([, kind]) => EVENT_KINDS.indexOf(kind)),
        tokens: new Uint16Array(events.length),
        sharedRead: new Uint8Array(events.length),
      },
    },
  };
}

it("makes our formulas give AISBench's numbers", () => {
  const event = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom(...kinds));
  const some = fc.array(event, { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(some, fc.integer({ min: 3, max: 50 }), (events, tokens) => {
      fc.pre(events.filter(([, kind]) => kind !== 'error').length >= 2);
      const one = record(events, tokens);
      const ours = requestMetrics(everyEventCounts(one) as OkRecord);
      const theirs = new AisbenchDialect({ concurrency: 1 });
      theirs.add(one);
      const row = (name: string) => theirs.finish()[0]!.rows.find((own) => own.name === name)?.values[0];
      expect(ours.TTFT).toBeCloseTo(row('TTFT')!, 6);
      expect(ours.E2EL).toBeCloseTo(row('E2EL')!, 6);
      expect(Math.abs((ours.TPOT as number) - row('TPOT')!)).toBeLessThan(0.1);
    }),
  );
});
