import { describe, expect, it } from 'vitest';
import { evaluate } from './arithmetic.ts';

describe('arithmetic', () => {
  it.each([
    ['2*(18+12)', 60],
    ['30*2/5', 12],
    ['100-61-9', 30],
    ['12.5*2', 25],
  ])('%s', (expression, value) => {
    expect(evaluate(expression)).toBe(value);
  });

  it.each(['2**3', '1+', 'x+1', '(1+2'])('refuses %s', (expression) => {
    expect(() => evaluate(expression)).toThrow();
  });
});
