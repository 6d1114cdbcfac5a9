import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../test/support/arithmetic.ts';
import { DEMO_TEST, DEMO_TRAIN, type DemoProblem } from './demos.ts';

const ALL = [...DEMO_TRAIN, ...DEMO_TEST];

function annotations(answer: string): { expression: string; value: number }[] {
  return [...answer.matchAll(/<<([^=]+)=([^>]+)>>/g)].map((match) => ({
    expression: match[1]!,
    value: Number(match[2]),
  }));
}

function finalNumber({ answer }: DemoProblem): number {
  const match = /\n#### (-?\d{1,3}(?:,\d{3})+|-?\d+)$/.exec(answer);
  return Number(match?.[1]?.replaceAll(',', ''));
}

function plainNumbers(text: string): number[] {
  return (text.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) ?? []).map((number) => Number(number.replaceAll(',', '')));
}

describe('demo problems', () => {
  it('are enough, and all different', () => {
    expect(DEMO_TRAIN).toHaveLength(8);
    expect(DEMO_TEST.length).toBeGreaterThanOrEqual(24);
    expect(new Set(ALL.map(({ question }) => question)).size).toBe(ALL.length);
  });

  it('have some answers with a thousands separator', () => {
    expect(DEMO_TEST.filter(({ answer }) => /#### \d+,\d{3}$/.test(answer)).length).toBeGreaterThan(1);
  });

  it.each(ALL)('$question', (problem) => {
    const steps = annotations(problem.answer);
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(steps.length).toBeLessThanOrEqual(8);
    for (const { expression, value } of steps) expect(evaluate(expression)).toBeCloseTo(value, 9);
    expect(finalNumber(problem)).toBe(steps.at(-1)?.value);
    expect(Number.isInteger(finalNumber(problem))).toBe(true);
    expect(problem.question).not.toMatch(/\n|Question:/);
  });

  it.each(ALL)('writes after each annotation the number it computed: $question', ({ answer }) => {
    for (const line of answer.split('\n').slice(0, -1)) {
      const [, expression, value, written] = /<<([^=]+)=([^>]+)>>(\d[\d,.]*\d|\d)/.exec(line)!;
      expect(Number(written!.replaceAll(',', ''))).toBe(Number(value));
      const before = plainNumbers(line.slice(0, line.indexOf('=')));
      for (const number of plainNumbers(expression!)) expect(before).toContain(number);
    }
  });

  it.each(ALL)('uses only numbers that the question or an earlier step gave: $question', (problem) => {
    // Counts that the words give: one, two, half, quarter, a weekend's 2 days, a week's 5 weekdays, percent, a whole of 100.
    const known = new Set([
      ...plainNumbers(problem.question),
      1,
      2,
      3,
      4,
      5,
      8,
      100,
      0.2,
      0.25,
      0.15,
      0.05,
      1.5,
    ]);
    for (const { expression, value } of annotations(problem.answer)) {
      for (const number of plainNumbers(expression)) expect(known).toContain(number);
      known.add(value);
    }
  });
});
