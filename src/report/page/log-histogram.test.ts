import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogHistogram } from './log-histogram.ts';

describe('LogHistogram', () => {
  it('knows every quantile to half a bucket', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-5, max: 1e7, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const histogram = new LogHistogram(64);
          for (const value of values) histogram.pushLog2(Math.log2(value));
          const rank = Math.max(1, Math.ceil(share * values.length));
          const exact = [...values].sort((a, b) => a - b)[rank - 1]!;
          const [found] = histogram.quantiles([share]);
          expect(Math.abs(Math.log2(found! / exact))).toBeLessThanOrEqual(0.5 / 64 + 1e-9);
        },
      ),
    );
  });

  it('counts a gap of nothing as zero, and has no quantiles of nothing', () => {
    const histogram = new LogHistogram(8);
    expect(histogram.quantiles([0.5])).toEqual([]);
    histogram.pushLog2(Math.log2(0));
    histogram.pushLog2(3);
    expect(histogram.quantiles([0, 0.5, 1])).toEqual([0, 0, 2 ** 3.0625]);
  });
});
