import { describe, expect, test } from 'vitest';
import { type SampleEvent, sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import type { RunRecord } from '../contract/record.ts';
import { parseSlos, type Slos } from './goodput.ts';
import { summarize } from './summary.ts';

const answer = (first: number, last: number, scheduled = 0) => {
  const events: SampleEvent[] = [
    ['content', first],
    ['content', last],
  ];
  return sampleAnswer({ scheduled, events, input: 1, output: 2 });
};
const failed = sampleFailure({ kind: 'timeout', message: 'm' }, { scheduled: 0, sent: 0, done: 1000 });
const cancelled = sampleFailure({ kind: 'cancelled', message: 'm' }, { scheduled: 0, sent: 0, done: 10 });

async function goodput(slos: Slos, ...records: readonly RunRecord[]) {
  return (await summarize(records, { concurrency: 9, slos })).goodput!;
}

describe('objectives', () => {
  test.each([
    ['ttft:500 tpot:50', { ttft: 500, tpot: 50 }],
    ['e2el:2000.5,ttfat:3', { e2el: 2000.5, ttfat: 3 }],
    ['TTFT=1', { ttft: 1 }],
  ])('%s', (text, slos) => expect(parseSlos(text)).toEqual(slos));

  test.each(['', 'ttft', 'ttft:0', 'ttft:x', 'itl:5', 'ttft:-1'])('%j is none', (text) => {
    expect(() => parseSlos(text)).toThrow(/objective|is not one of ttft, ttfat, tpot, e2el/);
  });
});

describe('goodput', () => {
  test('every objective must be met', async () => {
    const found = await goodput({ ttft: 100, tpot: 50 }, answer(100, 150), answer(101, 110), answer(50, 200));
    expect(found).toMatchObject({ good: 1, of: 3, share: 1 / 3, perSecond: 5 });
  });

  test('failures are in the denominator, what the user cancelled is not', async () => {
    const found = await goodput({ ttft: 100 }, answer(10, 20), failed, cancelled);
    expect(found).toMatchObject({ good: 1, of: 2, share: 0.5, perSecond: 1 });
  });

  test('counts from the schedule', async () => {
    const late = sampleAnswer({ scheduled: 0, sent: 95, events: [['content', 105]] });
    expect(await goodput({ ttft: 100 }, late)).toMatchObject({ good: 0, of: 1 });
    expect(await goodput({ ttft: 105 }, late)).toMatchObject({ good: 1, of: 1 });
  });

  test('an answer of one token makes nobody wait for the next', async () => {
    const one = sampleAnswer({ events: [['content', 10]], output: 1 });
    expect(await goodput({ tpot: 1 }, one)).toMatchObject({ good: 1 });
  });

  test('what was not measured is not 0 %', async () => {
    const text = sampleAnswer({ done: 10, output: 3 });
    expect(await goodput({ ttft: 1 }, text)).toMatchObject({
      slos: { ttft: 1 },
      good: 0,
      of: 1,
      reason: { code: 'NO-OBJECTIVE-METRIC', params: { metric: 'ttft' } },
    });
  });
});

test('latency with the failed requests in', async () => {
  const answers = Array.from({ length: 98 }, (_, i) => answer(1, i + 1));
  const { censored } = await summarize([...answers, failed, failed, cancelled], { concurrency: 9 });
  expect(censored).toEqual({ n: 100, failed: 2, median: 50.5, p90: expect.closeTo(90.1, 9) });
});
