import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedLoop, constantRate, isPaced, pacerFor } from './pacer.ts';

describe('closedLoop', () => {
  it('lets every request leave at once, and no more than there are', () => {
    const pacer = closedLoop(3);
    expect([0, 1, 2, 3, 4].map(pacer)).toEqual([0, 0, 0, undefined, undefined]);
  });
});

describe('constantRate', () => {
  it.each([
    [4, [0, 250, 500, undefined]],
    [0.5, [0, 2000, 4000, undefined]],
    [1000, [0, 1, 2, undefined]],
  ])('at %d requests per second', (rate, offsets) => {
    expect([0, 1, 2, 3].map(constantRate(3, rate))).toEqual(offsets);
  });

  it('does not drift: request n leaves n/rate seconds after the first', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e6 }), fc.double({ min: 0.1, max: 1e5, noNaN: true }), (n, rate) => {
        expect(constantRate(n + 1, rate)(n)).toBeCloseTo((n * 1000) / rate, 6);
      }),
    );
  });
});

describe('AISBench’s request_rate', () => {
  it.each([
    [0, false],
    [0.09, false],
    [0.1, true],
    [5, true],
    [Number.NaN, false],
  ])('%d is paced: %s', (rate, paced) => {
    expect(isPaced(rate)).toBe(paced);
    expect(pacerFor(2, rate)(1)).toBe(paced ? 1000 / rate : 0);
  });
});
