import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Confident, calibrationError } from './llm-judge.ts';

const answers = (count: number, confidence: number, right: number): Confident[] =>
  Array.from({ length: count }, (_, n) => ({ confidence, isRight: n < right }));

describe('the calibration error', () => {
  it('of answers that are right as often as they say is 0', () => {
    expect(calibrationError(answers(10, 0.5, 5))).toBe(0);
    expect(calibrationError([...answers(100, 0.25, 25), ...answers(100, 0.75, 75)])).toBe(0);
  });

  it('is how far one bin is off, and the root of the mean square of several', () => {
    expect(calibrationError(answers(10, 0.9, 1))).toBeCloseTo(0.8);
    // 0.3 off in the lower hundred, 0.4 in the upper hundred and a half.
    const two = [...answers(100, 0.3, 0), ...answers(150, 0.6, 150)];
    expect(calibrationError(two)).toBeCloseTo(Math.sqrt(0.4 * 0.3 ** 2 + 0.6 * 0.4 ** 2));
    expect(calibrationError(two, { withoutLast: true })).toBeCloseTo(Math.sqrt(0.4 * 0.3 ** 2));
    expect(calibrationError(answers(100, 0.3, 0), { withoutLast: true })).toBe(0);
    expect(calibrationError(answers(99, 0.3, 0), { withoutLast: true })).toBeCloseTo(0.3);
  });

  it('of nothing is none', () => {
    expect(calibrationError([])).toBeUndefined();
  });

  it('lies between the overall gap and 1, and below itself where a bin is left out', () => {
    const answer = fc.record({
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      isRight: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 350 }), (all) => {
        const error = calibrationError(all)!;
        const gap =
          all.reduce((sum, { confidence, isRight }) => sum + confidence - Number(isRight), 0) / all.length;
        expect(error).toBeGreaterThanOrEqual(Math.abs(gap) - 1e-9);
        expect(error).toBeLessThanOrEqual(1);
        expect(calibrationError(all, { withoutLast: true })!).toBeLessThanOrEqual(error + 1e-12);
      }),
    );
  });
});
