import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../test/support/arithmetic.ts';
import { DEMO_CHOICES, DemoMcqDataset } from './demos.ts';

const LETTERS = ['A', 'B', 'C', 'D'];
const rightTo = (question: string) => {
  const { options, answer } = DEMO_CHOICES.find((one) => one.question === question)!;
  return options[LETTERS.indexOf(answer)];
};

describe('the demo choices', () => {
  it('are enough, of two to four options, and all different', () => {
    expect(DEMO_CHOICES.length).toBeGreaterThanOrEqual(16);
    expect(new Set(DEMO_CHOICES.map(({ question }) => question)).size).toBe(DEMO_CHOICES.length);
    expect([...new Set(DEMO_CHOICES.map(({ options }) => options.length))].sort()).toEqual([2, 3, 4]);
  });

  it.each(DEMO_CHOICES)('$question', ({ question, options, answer }) => {
    expect(question).toMatch(/\?$/);
    expect(new Set(options).size).toBe(options.length);
    expect(LETTERS.slice(0, options.length)).toContain(answer);
  });

  it('have no favourite letter', () => {
    for (const letter of LETTERS) {
      const share = DEMO_CHOICES.filter(({ answer }) => answer === letter).length / DEMO_CHOICES.length;
      expect(share).toBeGreaterThanOrEqual(0.2);
      expect(share).toBeLessThanOrEqual(0.4);
    }
  });

  it.each([
    ['What is 7 times 8?', '7*8'],
    ['What is 100 minus 37?', '100-37'],
    ['What is half of 90?', '90/2'],
  ])('%s is %s', (question, expression) => {
    expect(rightTo(question)).toBe(String(evaluate(expression)));
  });

  it('the largest number is the largest', () => {
    const { options } = DEMO_CHOICES.find(({ question }) => question.includes('the largest'))!;
    expect(rightTo('Which of these numbers is the largest?')).toBe(String(Math.max(...options.map(Number))));
  });

  it('are rows in which an option that is not there is null', async () => {
    const { test } = await DemoMcqDataset.load({ path: '', roots: [], params: {} });
    expect(test[1]).toEqual({
      question: 'What colour is a clear sky by day?',
      A: 'blue',
      B: 'green',
      C: 'red',
      D: null,
      answer: 'A',
    });
  });
});
