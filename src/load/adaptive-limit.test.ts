import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdaptiveLimit } from './scheduler.ts';

const ceiling = fc.integer({ min: 1, max: 500 });
const good = (sent: number, done: number) => ({ sent, done, isTrouble: false });
const bad = (sent: number, done: number) => ({ sent, done, isTrouble: true });

/** As many good answers in a row. */
function answer(limit: AdaptiveLimit, count: number, at: number): void {
  for (let n = 0; n < count; n++) limit.learn(good(at, at + 1));
}

describe('the limit of cases in flight', () => {
  it('stays between 1 and its ceiling, whatever is learnt and whenever the ceiling moves', () => {
    const moment = fc.integer({ min: 0, max: 10_000 });
    const experience = fc.record({ sent: moment, done: moment, isTrouble: fc.boolean() });
    fc.assert(
      fc.property(ceiling, fc.array(fc.oneof(experience, ceiling), { maxLength: 300 }), (first, steps) => {
        const limit = new AdaptiveLimit(first);
        for (const step of steps) {
          if (typeof step === 'number') limit.ceiling = step;
          else limit.learn(step);
          expect(Number.isInteger(limit.slots)).toBe(true);
          expect(limit.slots).toBeGreaterThanOrEqual(1);
          expect(limit.slots).toBeLessThanOrEqual(limit.ceiling);
        }
      }),
    );
  });

  it('is halved by trouble, once for everything that was in flight then', () => {
    fc.assert(
      fc.property(ceiling, fc.integer({ min: 1, max: 50 }), (first, inFlight) => {
        const limit = new AdaptiveLimit(first);
        for (let n = 0; n < inFlight; n++) limit.learn(bad(n, 100 + n));
        expect(limit.slots).toBe(Math.max(1, Math.floor(first / 2)));
        limit.learn(bad(100, 200));
        expect(limit.slots).toBe(Math.max(1, Math.floor(Math.max(1, Math.floor(first / 2)) / 2)));
      }),
    );
  });

  it('grows by one with each round of good answers, and so recovers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), (first) => {
        const limit = new AdaptiveLimit(first);
        limit.learn(bad(0, 1));
        for (let at = 2; limit.slots < first; at++) {
          const { slots } = limit;
          answer(limit, slots - 1, at);
          expect(limit.slots).toBe(slots);
          answer(limit, 1, at);
          expect(limit.slots).toBe(slots + 1);
        }
        answer(limit, 3 * first, 1e6);
        expect(limit.slots).toBe(first);
      }),
    );
  });

  it('goes with its ceiling while there is no trouble, and grows towards it after some', () => {
    const limit = new AdaptiveLimit(8);
    limit.ceiling = 12;
    expect(limit.slots).toBe(12);
    limit.learn(bad(0, 1));
    limit.ceiling = 20;
    expect(limit.slots).toBe(6);
    limit.ceiling = 4;
    expect(limit.slots).toBe(4);
    answer(limit, 40, 2);
    limit.ceiling = 20;
    expect(limit.slots).toBe(20);
  });

  it.each([
    ['bears 10', 10],
    ['bears 37', 37],
    ['bears 1', 1],
  ])('keeps a service busy that %s of 64 at once, in virtual time', (_, capacity) => {
    const { answered, refused, elapsed } = serve(capacity, new AdaptiveLimit(64), 20_000);
    expect(answered).toBe(20_000);
    // All slots of the service, all the time, would be 1.
    expect((answered * SERVICE_MS) / (elapsed * capacity)).toBeGreaterThan(0.7);
    // What it bears is found by asking for more: once a round at most, and at the beginning, when nothing is known.
    expect(refused).toBeLessThan(answered * Math.max(0.12, 1 / capacity) + 64);
  });
});

const SERVICE_MS = 100;

/** A service that answers up to `capacity` requests at once after 100 ms, and refuses others after 1 ms; they are asked again. */
function serve(capacity: number, limit: AdaptiveLimit, cases: number) {
  const inFlight: { sent: number; done: number; isTrouble: boolean }[] = [];
  let [now, answered, refused, busy] = [0, 0, 0, 0];
  while (answered < cases) {
    while (inFlight.length < limit.slots && answered + busy < cases) {
      const isTrouble = busy >= capacity;
      if (!isTrouble) busy += 1;
      inFlight.push({ sent: now, done: now + (isTrouble ? 1 : SERVICE_MS), isTrouble });
      if (isTrouble) break;
    }
    inFlight.sort((a, b) => a.done - b.done);
    const ended = inFlight.shift()!;
    now = ended.done;
    if (ended.isTrouble) refused += 1;
    else {
      answered += 1;
      busy -= 1;
    }
    limit.learn(ended);
  }
  return { answered, refused, elapsed: now };
}
