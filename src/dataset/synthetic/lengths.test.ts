import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../basics/random.ts';
import { readLengths } from './lengths.ts';

const drawn = (config: object, count: number, seed: string | number = 'lengths') => {
  const [source, random] = [readLengths(config, 'Input'), seededRandom(seed)];
  return Array.from({ length: count }, () => source(random));
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('lengths', () => {
  const limits = fc
    .tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(5000))
    .map(([min, more]) => ({ min, max: min + more }));

  it('are whole numbers within the limits, whatever the method', () => {
    fc.assert(
      fc.property(
        limits,
        fc.constantFrom('uniform', 'Gaussian', 'zipf'),
        fc.double({ min: 1.01, max: 10, noNaN: true }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.nat(),
        ({ min, max }, Method, Alpha, Mean, seed) => {
          const Params = { MinValue: min, MaxValue: max, Mean, Var: Math.abs(Mean), Alpha };
          for (const length of drawn({ Method, Params }, 20, seed)) {
            expect(Number.isInteger(length)).toBe(true);
            expect(length).toBeGreaterThanOrEqual(min);
            expect(length).toBeLessThanOrEqual(max);
          }
        },
      ),
    );
  });

  it('reach both ends of a uniform range', () => {
    const values = drawn({ Method: 'uniform', Params: { MinValue: 3, MaxValue: 5 } }, 200);
    expect(new Set(values)).toEqual(new Set([3, 4, 5]));
  });

  it('have the mean and the variance of a gaussian', () => {
    const Params = { Mean: 1000, Var: 10_000, MinValue: 1, MaxValue: 2000 };
    const values = drawn({ Method: 'gaussian', Params }, 20_000);
    const centre = mean(values);
    // Standard error 0.7, and of the variance 100.
    expect(Math.abs(centre - 1000)).toBeLessThan(4);
    expect(Math.abs(mean(values.map((value) => (value - centre) ** 2)) - 10_000)).toBeLessThan(500);
  });

  it('follow k^-Alpha of a zipf: the ratios of its first values', () => {
    const values = drawn({ Method: 'zipf', Params: { Alpha: 2, MinValue: 1, MaxValue: 1000 } }, 40_000);
    const share = (k: number) => values.filter((value) => value === k).length / values.length;
    const zeta2 = Math.PI ** 2 / 6;
    for (const k of [1, 2, 3, 4]) expect(Math.abs(share(k) - k ** -2 / zeta2)).toBeLessThan(0.015);
    // P(k ≥ 1000) = about 1/1000/ζ(2)
    expect(share(1000)).toBeLessThan(0.003);
  });

  it.each([
    [{ Method: 'zipf', Params: { MinValue: 1, MaxValue: 2, Alpha: 1 } }, 'Input.Params.Alpha'],
    [{ Method: 'gaussian', Params: { MinValue: 1, MaxValue: 2, Mean: 1, Var: -1 } }, 'Input.Params.Var'],
    [{ Method: 'uniform', Params: { MinValue: 0, MaxValue: 2 } }, 'Input.Params.MinValue'],
    [{ Method: 'uniform', Params: { MinValue: 1, MaxValue: 2 ** 20 + 1 } }, 'Input.Params.MaxValue'],
    [{ Method: 'uniform' }, 'Input.Params'],
  ])('refuses %j at %s', (config, where) => {
    expect(() => readLengths(config, 'Input')).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', where }),
    );
  });
});
