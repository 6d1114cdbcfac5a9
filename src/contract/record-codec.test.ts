import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import { EVENT_KINDS, type EventLog, type RunRecord } from './record.ts';
import { decodeRecord, encodeExactly, encodeRecord } from './record-codec.ts';

const milliseconds = fc.integer({ min: 0, max: 86_400_000_000 }).map((us) => us / 1000);

const eventLog: fc.Arbitrary<EventLog> = fc
  .array(
    fc.record({
      at: milliseconds,
      kind: fc.nat({ max: EVENT_KINDS.length - 1 }),
      tokens: fc.nat({ max: 65_535 }),
      shared: fc.nat({ max: 1 }),
    }),
    { maxLength: 40 },
  )
  .map((events) => {
    const sorted = events.toSorted((a, b) => a.at - b.at);
    return {
      at: Float64Array.from(sorted, (e) => e.at),
      kind: Uint8Array.from(sorted, (e) => e.kind),
      tokens: Uint16Array.from(sorted, (e) => e.tokens),
      sharedRead: Uint8Array.from(sorted, (e) => e.shared),
    };
  });

const call = fc.record(
  {
    id: fc.string(),
    model: fc.string(),
    dataset: fc.string(),
    index: fc.nat(),
    repetition: fc.nat({ max: 9 }),
    turn: fc.nat(),
    turns: fc.nat(),
    label: fc.string(),
  },
  { requiredKeys: ['id', 'model', 'dataset', 'index', 'repetition'] },
);

const okRecord: fc.Arbitrary<RunRecord> = fc.record(
  {
    outcome: fc.constant('ok' as const),
    call,
    attempt: fc.integer({ min: 1, max: 9 }),
    earlier: fc.constant([]),
    streamed: fc.boolean(),
    worker: fc.string(),
    outputTokens: fc.record({ value: fc.nat(), source: fc.constant('server' as const) }),
    times: fc.record({ scheduled: milliseconds, sent: milliseconds, done: milliseconds, events: eventLog }),
  },
  { requiredKeys: ['outcome', 'call', 'attempt', 'earlier', 'streamed', 'outputTokens', 'times'] },
);

describe('record codec', () => {
  it('gives back every record as it was, to the microsecond', () => {
    fc.assert(
      fc.property(okRecord, (record) => {
        const line = encodeRecord(record);
        expect(line).not.toContain('\n');
        expect(decodeRecord(line, 'r.jsonl:1')).toEqual(record);
      }),
    );
  });

  it('keeps a failed record without times it never reached', () => {
    const failed: RunRecord = {
      outcome: 'failed',
      call: { id: 'a', model: 'm', dataset: 'd', index: 0, repetition: 0 },
      attempt: 3,
      earlier: [{ kind: 'connect', message: 'refused' }],
      streamed: true,
      times: { scheduled: 1, sent: 2 },
      failure: { kind: 'http-status', status: 500, message: 'boom' },
    };
    expect(decodeRecord(encodeRecord(failed), 'x:1')).toEqual(failed);
  });

  it('reads the worker of records of 7e3bceb, which call it an agent', () => {
    const record = { ...sampleAnswer({}), worker: 'a1' };
    const old = encodeRecord(record).replace('"worker":', '"agent":');
    expect(old).toContain('"agent":"a1"');
    expect(decodeRecord(old, 'x:1')).toEqual(decodeRecord(encodeRecord(record), 'x:1'));
  });

  it.each([
    ['half a line', '{"v":1,"outco', 'not JSON'],
    ['another version', '{"v":9}', 'version'],
    ['no outcome', '{"v":1,"times":{}}', 'outcome'],
    ['a number', '5', 'not an object'],
    ['a worker without a name', encodeRecord(sampleAnswer({})).replace('{', '{"worker":7,'), 'worker'],
  ])('refuses %s, naming the place', (_name, line, why) => {
    expect(() => decodeRecord(line, 'records.jsonl:7')).toThrow(new RegExp(why));
    try {
      decodeRecord(line, 'records.jsonl:7');
    } catch (error) {
      expect(error).toMatchObject({ code: 'RUN-DATA-001', where: 'records.jsonl:7' });
    }
  });
});

it('keeps the times of another tool exactly, also those finer than a microsecond', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 20 }), (gaps) => {
      const at = Float64Array.from(gaps);
      at.sort();
      const events = {
        at,
        kind: new Uint8Array(at.length).fill(EVENT_KINDS.indexOf('unknown')),
        tokens: new Uint16Array(at.length),
        sharedRead: new Uint8Array(at.length),
      };
      const { scheduled: _none, ...times } = { ...sampleAnswer({}).times, sent: 0.1 + 0.2, events };
      const read = decodeRecord(encodeExactly({ ...sampleAnswer({}), times }), 'x:1');
      expect(read.times).toMatchObject({ sent: 0.1 + 0.2 });
      expect(read.times).not.toHaveProperty('scheduled');
      read.times.events!.at.forEach((value, n) => {
        expect(Math.abs(value - at[n]!)).toBeLessThanOrEqual(1e-8);
      });
      expect(read.times.events!.kind).toEqual(events.kind);
    }),
  );
});
