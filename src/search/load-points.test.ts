import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLoads } from './load-points.ts';

describe('loads of a sweep', () => {
  test.each([
    ['1,2,4,8', 'concurrency', [1, 2, 4, 8]],
    ['8, 2 ,2', 'concurrency', [2, 8]],
    ['1..64', 'concurrency', [1, 2, 4, 8, 16, 32, 64]],
    ['3..20', 'concurrency', [3, 6, 12, 20]],
    ['1..4:4', 'concurrency', [1, 2, 3, 4]],
    ['0.5,2.25', 'rate', [0.5, 2.25]],
    ['0.5..4', 'rate', [0.5, 1, 2, 4]],
    ['1..100:3', 'rate', [1, 10, 100]],
    ['7', 'rate', [7]],
  ] as const)('%s of %s', (text, kind, loads) => expect(parseLoads(text, kind)).toEqual(loads));

  test.each([
    ['', 'is not a number above 0'],
    ['1,,2', 'is not a number above 0'],
    ['0', 'is not a number above 0'],
    ['-1', 'is not a number above 0'],
    ['1e999', 'is not a number above 0'],
    ['4..1', 'a range rises'],
    ['1..4:1', '2 to 100 points'],
    ['1..4:1000', '2 to 100 points'],
    ['0..4', 'is not a number above 0'],
  ])('%j is none', (text, why) => expect(() => parseLoads(text, 'rate')).toThrow(why));

  test('requests in flight are whole', () => {
    expect(() => parseLoads('1.5', 'concurrency')).toThrow('whole numbers');
  });

  test('a range has its ends, rises, and can be typed again', () => {
    const range = fc.tuple(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 501, max: 5000 }),
      fc.integer({ min: 2, max: 100 }),
    );
    fc.assert(
      fc.property(range, fc.constantFrom('rate', 'concurrency'), ([low, high, points], kind) => {
        const loads = parseLoads(`${low}..${high}:${points}`, kind as 'rate');
        expect(loads[0]).toBe(low);
        expect(loads.at(-1)).toBe(high);
        expect(loads.length).toBeLessThanOrEqual(points);
        for (const [i, load] of loads.entries()) if (i > 0) expect(load).toBeGreaterThan(loads[i - 1]!);
        expect(parseLoads(loads.join(','), kind as 'rate')).toEqual(loads);
      }),
    );
  });
});
