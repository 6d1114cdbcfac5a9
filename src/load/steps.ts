import type { RateStep } from './arrival.ts';

/**
 * The time at which so many requests are due, counting fractions: the inverse of the steps' running sum. Asked with rising
 * numbers. Milliseconds; undefined after the last step. Time runs faster where the rate is higher, so a Poisson process stays
 * one (exactly: inhomogeneous Poisson), whatever the steps are.
 */
export function stepClock(steps: readonly RateStep[]): (requests: number) => number | undefined {
  let step = 0;
  let requestsBefore = 0;
  let secondsBefore = 0;
  return (requests) => {
    for (; step < steps.length; step++) {
      const { perSecond, seconds } = steps[step]!;
      const inside = requests - requestsBefore;
      if (inside < perSecond * seconds) return (secondsBefore + inside / perSecond) * 1000;
      requestsBefore += perSecond * seconds;
      secondsBefore += seconds;
    }
    return undefined;
  };
}
