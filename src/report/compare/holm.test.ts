import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holm } from './judge-rules.ts';

it('counts the smallest p as many times as there are tests, the next one time less', () => {
  // S. Holm's steps by hand: 4 × 0.01, 3 × 0.015 → 0.045, 2 × 0.03 → 0.06, 1 × 0.2.
  const adjusted = holm([0.03, 0.01, 0.2, 0.015]);
  for (const [i, expected] of [0.06, 0.04, 0.2, 0.045].entries())
    expect(adjusted[i]).toBeCloseTo(expected, 12);
  expect(holm([])).toEqual([]);
  expect(holm([0.04])).toEqual([0.04]);
});

it('keeps the order, and lies between p and Bonferroni', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (values) => {
      const adjusted = holm(values);
      for (const [i, p] of values.entries()) {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p);
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * values.length) + 1e-12);
        for (const [k, q] of values.entries())
          if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[k]!);
      }
    }),
  );
});
