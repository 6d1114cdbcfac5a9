import { expect, test } from 'vitest';
import { said } from '../../test/support/said.ts';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import type { OkRecord } from '../contract/record.ts';
import { summarize } from './summary.ts';

/** A service that needs 10 ms and answers nothing from 10 s to 12 s, asked 100 times a second with `slots` in flight at most. */
function frozenRun(requests: number, slots: number): OkRecord[] {
  const freeAt = new Array<number>(slots).fill(0);
  return Array.from({ length: requests }, (_, n) => {
    const scheduled = 10 * n;
    const slot = freeAt.indexOf(Math.min(...freeAt));
    const sent = Math.max(scheduled, freeAt[slot]!);
    const begun = sent >= 10_000 && sent < 12_000 ? 12_000 : sent;
    const at = begun + 10;
    freeAt[slot] = at;
    return sampleAnswer({ scheduled, sent, events: [['content', at]], input: 1, output: 1 });
  });
}

test('a freeze of 2 s at 100 req/s: the response clock sees it, the service clock does not', async () => {
  const slots = 20;
  const records = frozenRun(6000, slots);
  const { rows, further, validity } = await summarize(records, { concurrency: slots, ratePerSecond: 100 });
  const p99 = (wanted: string) => [...rows, ...further].find(({ name }) => name === wanted)!.stats!.p99;
  // One request in a hundred, 60 of 6000, waited longer than the 60th of the freeze: 2 s less 60 gaps of the schedule, plus the
  // time in which `slots` drain the 60 before it.
  const closedForm = 2000 - 60 * (10 - 10 / slots);
  expect(Math.abs(p99('Response E2EL') / closedForm - 1)).toBeLessThan(0.02);
  expect(Math.abs(p99('Response TTFT') / closedForm - 1)).toBeLessThan(0.02);
  expect(p99('E2EL')).toBe(10);
  expect(validity.verdict).toBe('LOAD NOT DELIVERED');
  expect(said(validity.findings)[0]).toMatch(/left late: lag P99 .* held back by batch_size 20$/);
});

test('without a limit both clocks see it', async () => {
  const { rows, further, validity } = await summarize(frozenRun(6000, 400), {
    concurrency: 401,
    ratePerSecond: 100,
  });
  const p99 = (wanted: string) => [...rows, ...further].find(({ name }) => name === wanted)!.stats!.p99;
  expect(Math.abs(p99('E2EL') / 1400 - 1)).toBeLessThan(0.02);
  expect(p99('Response E2EL')).toBeCloseTo(p99('E2EL'), 6);
  expect(said(validity.findings).join()).not.toMatch(/late|achieved/);
});

test('in a search, lag that is small against its objectives is no reason to end it', async () => {
  const records = Array.from({ length: 2000 }, (_, n) => {
    const sent = 10 * n + 3;
    return sampleAnswer({ scheduled: 10 * n, sent, events: [['content', sent + 50]], input: 1, output: 1 });
  });
  const verdictWith = async (smallestObjective?: number) => {
    const objective = smallestObjective === undefined ? {} : { smallestObjective };
    return (await summarize(records, { concurrency: 1000, ratePerSecond: 100, ...objective })).validity;
  };
  expect(said((await verdictWith()).findings)[0]).toMatch(/lag P99 3 ms > 1 ms$/);
  expect(said((await verdictWith(100)).findings)[0]).toMatch(/lag P99 3 ms > 1 ms$/);
  expect(said((await verdictWith(400)).findings).join()).not.toMatch(/late/);
});
