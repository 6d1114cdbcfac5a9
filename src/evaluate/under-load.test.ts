import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import type { RunRecord } from '../contract/record.ts';
import type { Slos } from '../metrics/goodput.ts';
import { KeyedRequests } from '../metrics/keyed-requests.ts';
import { summarize } from '../metrics/summary.ts';
import type { Judged, Verdict } from './types.ts';
import { scoreUnderLoad } from './under-load.ts';

function judged(id: string, index: number, verdict: Verdict, credit?: number): Judged {
  const own = { verdict, ...(credit === undefined ? {} : { credit }) };
  return { id, index, repetition: 0, reference: '1', rules: 'fixed', ...own, fixed: own, compat: own };
}

const named = <R extends RunRecord>(record: R, id: string, turn?: number): R => ({
  ...record,
  call: { ...record.call, id, ...(turn === undefined ? {} : { turn }) },
});
const answer = (id: string, sent: number, first: number, last: number, scheduled = sent) =>
  named(
    sampleAnswer({
      ...{ scheduled, sent, input: 1, output: 2 },
      events: [
        ['content', first],
        ['content', last],
      ],
    }),
    id,
  );
const failed = (id: string, kind: 'timeout' | 'cancelled') =>
  named(sampleFailure({ kind, message: 'm' }, { scheduled: 0, sent: 0, done: 900 }), id);

function countRequests(records: readonly RunRecord[], slos?: Slos) {
  const keyed = new KeyedRequests();
  for (const record of records) keyed.add(record);
  return keyed.byKey(slos);
}

describe('scoreUnderLoad', () => {
  const slos = { ttft: 100 };
  const records = [
    answer('a', 0, 50, 400),
    answer('b', 0, 90, 600),
    answer('c', 100, 201, 700),
    failed('d', 'timeout'),
    failed('e', 'cancelled'),
  ];
  const verdicts = [
    judged('a', 0, 'correct'),
    judged('b', 1, 'wrong'),
    judged('c', 2, 'correct'),
    judged('d', 3, 'failed'),
    judged('e', 4, 'failed'),
  ];

  it('scores the answers that met the objectives, and says how many did', () => {
    const { n, correctPerSecond, atSlo } = scoreUnderLoad(verdicts, {
      ...{ requests: countRequests(records, slos), duration: 2000, slos },
    });
    expect({ n, correctPerSecond }).toEqual({ n: 5, correctPerSecond: 1 });
    expect(atSlo?.score).toMatchObject({ value: 50, n: 2, interval: { method: 'Wilson' } });
    // The cancelled request says nothing of the service.
    expect(atSlo?.met).toMatchObject({ value: 50, n: 4 });
  });

  it('an answer that a whole dialogue gave ends with its last request, and meets what all of them meet', () => {
    const turnOf = (record: RunRecord, turn: number) => ({ ...record, call: { ...record.call, turn } });
    const dialogues = [
      turnOf(answer('a', 0, 50, 400), 0),
      turnOf(answer('a', 500, 540, 600), 1),
      turnOf(answer('b', 0, 50, 400), 0),
      turnOf(answer('b', 500, 700, 900), 1),
    ];
    const requests = countRequests(dialogues, slos);
    const both = [judged('a', 0, 'correct'), judged('b', 1, 'correct')];
    const { atSlo, steadyCorrectPerSecond } = scoreUnderLoad(both, {
      ...{ requests, duration: 1000, slos, steady: { from: 590, to: 610 } },
    });
    expect(atSlo?.met).toMatchObject({ value: 50, n: 2 });
    expect(steadyCorrectPerSecond).toBe(50);
  });

  it('adds the credits of partly right answers, and counts in the steady window what ended there', () => {
    const some = [judged('a', 0, 'partial', 0.25), judged('b', 1, 'correct'), judged('c', 2, 'correct')];
    const requests = countRequests(records);
    const load = { requests, duration: 1000, steady: { from: 400, to: 700 } };
    const found = scoreUnderLoad(some, load);
    expect(found.correctPerSecond).toBe(2.25);
    // `c` ended as the window did: it is not in it.
    expect(found.steadyCorrectPerSecond).toBeCloseTo(1.25 / 0.3, 12);
    expect(found).not.toHaveProperty('atSlo');
  });

  it('tells the turns of a dialogue apart', () => {
    const turns = [named(answer('d', 0, 10, 20), 'd', 0), named(answer('d', 0, 500, 600), 'd', 1)];
    const verdict = [
      { ...judged('d', 0, 'wrong'), turn: 0 },
      { ...judged('d', 0, 'correct'), turn: 1 },
    ];
    const { atSlo } = scoreUnderLoad(verdict, { requests: countRequests(turns, slos), duration: 1, slos });
    expect(atSlo).toMatchObject({ score: { value: 0, n: 1 }, met: { value: 50, n: 2 } });
  });

  it('a request that was never sent is none, and moves no other out of its place', () => {
    const unsent = named(sampleFailure({ kind: 'cancelled', message: 'm' }), 'x');
    const found = scoreUnderLoad([judged('x', 9, 'failed'), ...verdicts], {
      ...{ requests: countRequests([unsent, ...records], slos), duration: 1, slos },
    });
    expect(found.atSlo).toMatchObject({ score: { value: 50, n: 2 }, met: { n: 4 } });
  });

  it('answers to one question are one group', () => {
    const again = [answer('a', 0, 5, 9), answer('b', 0, 5, 9), answer('c', 0, 5, 9), answer('d', 0, 5, 9)];
    const of = (id: string, index: number, right: boolean) => judged(id, index, right ? 'correct' : 'wrong');
    const { atSlo } = scoreUnderLoad(
      [of('a', 0, true), of('b', 0, true), of('c', 1, false), of('d', 1, true)],
      {
        ...{ requests: countRequests(again, slos), duration: 1, slos },
      },
    );
    expect(atSlo?.score).toMatchObject({ n: 4, interval: { method: 'Wilson, clustered', clusters: 2 } });
    expect(atSlo?.met).toMatchObject({ n: 4, interval: { method: 'Wilson, clustered', clusters: 2 } });
  });

  it('says why there is no value', () => {
    const at = (some: readonly RunRecord[], limits: Slos) =>
      scoreUnderLoad(verdicts.slice(0, 1), {
        requests: countRequests(some, limits),
        duration: 0,
        slos: limits,
      });
    expect(at([], slos)).toEqual({ n: 1, atSlo: { slos, reason: 'no request of these answers was sent' } });
    expect(at(records, { ttft: 1 }).atSlo).toMatchObject({
      reason: 'no request met the objectives',
      met: { value: 0, n: 1 },
    });
    const whole = named({ ...sampleAnswer({ sent: 0, events: [['content', 9]] }), streamed: false }, 'a');
    expect(at([whole], slos).atSlo?.reason).toContain('no request has the times');
  });

  it('is what a filter by hand over records and verdicts gives, and shares its count with goodput', async () => {
    const outcome = fc.constantFrom('ok', 'ok', 'ok', 'timeout', 'cancelled');
    const one = fc.record({
      outcome,
      row: fc.integer({ min: 0, max: 5 }),
      wait: fc.integer({ min: 0, max: 60 }),
      first: fc.integer({ min: 1, max: 100 }),
      more: fc.integer({ min: 1, max: 200 }),
      right: fc.constantFrom<Verdict>('correct', 'wrong', 'truncated'),
    });
    const limits = fc.record(
      { ttft: fc.integer({ min: 1, max: 150 }), e2el: fc.integer({ min: 1, max: 300 }) },
      { requiredKeys: ['ttft'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 30 }), limits, async (all, wanted) => {
        const load = all.map(
          ({ outcome: kind, wait, first, more }, n): RunRecord =>
            kind === 'ok'
              ? answer(`${n}`, n + wait, n + wait + first, n + wait + first + more, n)
              : failed(`${n}`, kind as 'timeout'),
        );
        const verdict = all.map(({ outcome: kind, row, right }, n) =>
          judged(`${n}`, row, kind === 'ok' ? right : 'failed'),
        );
        const { goodput } = await summarize(load, { concurrency: 9, slos: wanted });
        // From arrival times alone: no metric of ours, no table.
        const byHand = all.filter(
          ({ outcome: kind, wait, first, more }) =>
            kind === 'ok' &&
            wait + first <= wanted.ttft &&
            (wanted.e2el === undefined || wait + first + more <= wanted.e2el),
        );
        const right = byHand.filter((each) => each.right === 'correct').length;
        // Judged in another order than asked.
        const { atSlo, correctPerSecond } = scoreUnderLoad([...verdict].reverse(), {
          ...{ requests: countRequests(load, wanted), duration: 500, slos: wanted },
        });
        const credits = all.filter((each) => each.outcome === 'ok' && each.right === 'correct').length;
        expect(correctPerSecond).toBeCloseTo(credits * 2, 10);
        expect(atSlo?.score?.n ?? 0).toBe(byHand.length);
        expect(goodput?.good).toBe(byHand.length);
        if (byHand.length > 0) expect(atSlo!.score!.value).toBeCloseTo((100 * right) / byHand.length, 10);
        if (atSlo?.met !== undefined) {
          expect(atSlo.met.n).toBe(goodput!.of);
          expect(atSlo.met.value).toBeCloseTo(100 * goodput!.share!, 10);
        }
      }),
      { numRuns: 150 },
    );
  });
});
