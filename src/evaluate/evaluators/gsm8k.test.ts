import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { gsm8kEvaluator } from './gsm8k.ts';

describe('gsm8kEvaluator', () => {
  it.each([
    ['18', '18', true],
    ['18.0', '18', true],
    ['018', '18', true],
    ['17.9999995', '18', true],
    ['17.99999', '18', false],
    ['-18', '18', false],
    ['18/1', '18', false],
    ['NULL', '18', false],
    ['inf', '18', false],
    ['18.0', '18.00', false], // int('18.00') raises in Python
    ['a', 'a', true],
  ])('%s against %s: %s', (answer, reference, expected) => {
    expect(gsm8kEvaluator.grade(sampleOf(answer, reference))).toEqual({ credit: expected ? 1 : 0 });
  });

  it('tells integers apart', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        const grade = gsm8kEvaluator.grade(sampleOf(`${a}.00`, String(b)));
        expect(grade).toEqual({ credit: a === b ? 1 : 0 });
      }),
    );
  });
});
