import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HealthSample, healthFigures } from './client-health.ts';

const figures = (samples: readonly HealthSample[]) =>
  healthFigures({ process: 'main', descriptorLimit: 100, memoryLimit: 1000, samples });

describe('the health of a process', () => {
  test('shares are of the whole time, limits are met by the worst sample', () => {
    const samples = [
      {
        at: 1000,
        span: 1000,
        loopUtilization: 0.5,
        gc: 100,
        cpuUser: 400,
        cpuSystem: 100,
        rss: 500,
        openSockets: 10,
      },
      {
        at: 1500,
        span: 500,
        loopUtilization: 0.2,
        gc: 50,
        cpuUser: 100,
        cpuSystem: 0,
        rss: 900,
        openSockets: 90,
      },
    ];
    expect(figures(samples)).toEqual({
      process: 'main',
      loopUtilization: expect.closeTo(0.4, 9),
      gcShare: 0.1,
      cpuShare: expect.closeTo(0.4, 9),
      memoryShare: 0.9,
      descriptorShare: 0.9,
    });
  });

  test('turns of the loop that did nothing are no load', () => {
    const sample = { at: 1000, span: 1000, loopUtilization: 1, cpuUser: 800, cpuSystem: 150, idleTurns: 900 };
    expect(figures([sample])).toMatchObject({
      loopUtilization: expect.closeTo(0.1, 9),
      cpuShare: expect.closeTo(0.05, 9),
    });
  });

  test('one bad second in twenty does not make the loop late', () => {
    const samples = Array.from({ length: 20 }, (_, i) => ({ at: i, span: 1, loopLagP99: i === 5 ? 80 : 2 }));
    expect(figures(samples).loopLagP99).toBe(2);
  });

  test('turns of a loop that only waits for a due time are not work', () => {
    const sample = { at: 0, span: 1000, loopUtilization: 0.9, cpuUser: 800, cpuSystem: 100, idleTurns: 700 };
    const { loopUtilization, cpuShare } = figures([sample]);
    expect([loopUtilization, cpuShare]).toEqual([expect.closeTo(0.2, 9), expect.closeTo(0.2, 9)]);
  });

  test('what was not measured is absent', () => {
    expect(figures([])).toEqual({ process: 'main' });
    expect(healthFigures({ process: 'w', samples: [{ at: 1, span: 1, rss: 5 }] })).toEqual({ process: 'w' });
  });

  test('shares of shares stay shares', () => {
    const sample = fc.record({
      at: fc.nat(),
      span: fc.integer({ min: 1, max: 5000 }),
      loopUtilization: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1 }), (samples) => {
        const share = figures(samples).loopUtilization!;
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });
});
