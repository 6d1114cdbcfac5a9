import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePacer } from './pacer.ts';
import { countRequests, countSlots, globalNumber, type Stripe, stripePacer, wholeLoad } from './stripe.ts';

const divided = fc
  .integer({ min: 1, max: 8 })
  .chain((workers) =>
    fc.record({ workers: fc.constant(workers), concurrency: fc.integer({ min: workers, max: 40 }) }),
  );
const stripesOf = (load: { workers: number; concurrency: number }): Stripe[] =>
  Array.from({ length: load.workers }, (_, worker) => ({ ...load, worker }));
const numbersOf = (stripe: Stripe, count: number) =>
  Array.from({ length: countRequests(stripe, count) }, (_, k) => globalNumber(stripe, k));

describe('the stripes of a load', () => {
  it('are the load: every request and every slot once, in rising order, shares as even as slots', () => {
    fc.assert(
      fc.property(divided, fc.nat({ max: 300 }), (load, count) => {
        const stripes = stripesOf(load);
        const slots = stripes.map(countSlots);
        expect(slots.reduce((sum, own) => sum + own, 0)).toBe(load.concurrency);
        expect(Math.max(...slots) - Math.min(...slots)).toBeLessThanOrEqual(1);
        const numbers = stripes.map((stripe) => numbersOf(stripe, count));
        for (const own of numbers) expect(own).toEqual([...own].sort((a, b) => a - b));
        expect(numbers.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
      }),
    );
  });

  it('have the very schedule of one worker', () => {
    const arrival = { kind: 'paced', process: 'poisson', rates: { shape: 'fixed', perSecond: 100 } } as const;
    fc.assert(
      fc.property(divided, fc.nat({ max: 200 }), fc.nat(), (load, count, seed) => {
        const setting = { count, rampCount: count, seed, durationMs: 1000 };
        const timesOf = (stripe: Stripe) => {
          const pacer = stripePacer(makePacer(arrival, setting), stripe);
          return numbersOf(stripe, count).map((_, k) => pacer(k));
        };
        const merged = stripesOf(load)
          .flatMap(timesOf)
          .filter((at) => at !== undefined);
        const whole = timesOf(wholeLoad(load.concurrency)).filter((at) => at !== undefined);
        expect(merged.sort((a, b) => a - b)).toEqual(whole);
      }),
    );
  });

  it('share a load without an end', () => {
    expect(countRequests({ worker: 1, workers: 2, concurrency: 4 }, Number.POSITIVE_INFINITY)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});
