import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import { type Deadlines, fluidityOf } from './fluidity.ts';

function fluidity(arrivals: readonly number[], deadlines: Deadlines, tokens = arrivals.map(() => 1)) {
  const { events } = sampleAnswer({ events: arrivals.map((at) => ['content', at] as const) }).times;
  return fluidityOf(events, Uint32Array.from(tokens), 0, deadlines);
}

describe('deadlines', () => {
  test('all in time', () => {
    expect(fluidity([100, 150, 200], { first: 100, next: 50 })).toBe(1);
  });

  test('tokens that come early leave slack to later ones', () => {
    expect(fluidity([10, 20, 190], { first: 100, next: 50 })).toBe(1);
  });

  test('a stall misses every deadline that passes in it, then they begin anew', () => {
    // Due at 100, 150, 200: the third comes at 320, when those of 200, 250 and 300 have passed; the fourth is due at 370.
    expect(fluidity([100, 150, 320, 370], { first: 100, next: 50 })).toBe(3 / 6);
  });

  test('without one for the first token they begin with it', () => {
    expect(fluidity([5000, 5050], { next: 50 })).toBe(1);
    expect(fluidity([5000, 5051], { next: 50 })).toBe(1 / 2);
  });

  test('tokens of one event are in time with the first', () => {
    expect(fluidity([100, 350], { first: 100, next: 50 }, [5, 1])).toBe(1);
  });

  test('no tokens, no share', () => {
    expect(fluidity([1, 2], { next: 5 }, [0, 0])).toBeUndefined();
  });

  test('is a share, and does not fall when deadlines are wider', () => {
    const gaps = fc.array(fc.nat(200), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 100 }), (raw, next) => {
        let at = 0;
        const arrivals = raw.map((gap) => {
          at += gap;
          return at;
        });
        const share = fluidity(arrivals, { first: 100, next })!;
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
        expect(fluidity(arrivals, { first: 100, next: 1e6 })!).toBeGreaterThanOrEqual(share);
      }),
    );
  });
});
