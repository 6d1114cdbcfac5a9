import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MatrixResult } from './matrix.ts';
import { groupResults, groupScoreTables } from './summary-groups.ts';
import { plainTable } from './table.ts';
import { say } from './words.ts';

const of = (model: string, dataset: string, accuracy: number, mode = 'gen'): MatrixResult => ({
  model,
  dataset,
  version: '-',
  mode,
  scores: { accuracy, other: 7 },
});

const three = [of('m', 'a', 10), of('m', 'b', 20), of('m', 'c', 60)];
const ABC = ['a', 'b', 'c'];

function one(more: object, results: readonly MatrixResult[] = three): MatrixResult {
  return groupResults([{ name: 'g', subsets: ABC, ...more }], { results, models: ['m'] }).results[0]!;
}

describe('a group of datasets', () => {
  it.each([
    ['naive_average', {}, 30],
    ['weighted_average', { weights: { a: 1, b: 2, c: 1 } }, 27.5],
    ['sum', { sum: true }, 90],
    ['standard_deviation', { std: true }, Math.sqrt((400 + 100 + 900) / 3)],
    ['harmonic_mean', { harmonic_mean: true }, 3 / (1 / 10 + 1 / 20 + 1 / 60)],
  ])('is a %s', (metric, more, value) => {
    const { scores, ...rest } = one(more);
    expect(Object.keys(scores)).toEqual([metric]);
    expect(scores[metric]).toBeCloseTo(value, 10);
    expect(rest).toEqual({ model: 'm', dataset: 'g', version: '-', mode: 'gen' });
  });

  it('takes the metric that is named, names its own as it is told to, and counts 0 as 1 in a harmonic mean', () => {
    const subsets = [
      ['a', 'other'],
      ['b', 'accuracy'],
    ];
    expect(one({ subsets, metric: 'mine' }).scores).toEqual({ mine: 13.5 });
    expect(
      one({ harmonic_mean: true }, [of('m', 'a', 0), ...three.slice(1)]).scores['harmonic_mean'],
    ).toBeCloseTo(3 / (1 + 1 / 20 + 1 / 60), 10);
  });

  it('is missing where a dataset is, is left out where all are, and may be part of a later one', () => {
    const results = [...three, of('n', 'a', 50, 'ppl')];
    const groups = [
      { name: 'g', subsets: ABC },
      { name: 'none', subsets: ['x', 'y'] },
      { name: 'later', subsets: ['g', 'a'] },
    ];
    const found = groupResults(groups, { results, models: ['m', 'n'] });
    expect(found.results.map(({ model, dataset, scores }) => [model, dataset, scores])).toEqual([
      ['m', 'g', { naive_average: 30 }],
      ['m', 'later', { naive_average: 20 }],
    ]);
    expect(found.missing.map((text) => say(text))).toEqual([
      'g of n: no score of b, c',
      'later of n: no score of g',
    ]);
  });

  it('says of each number what it is, and how sure it is where all of its datasets say so', () => {
    const interval = (low: number, high: number) => {
      return { accuracy: { low, high, level: 0.95, method: 'Wilson' } };
    };
    const results = [
      { ...of('m', 'a', 10), intervals: interval(7, 14) },
      { ...of('m', 'b', 20), intervals: interval(16, 23) },
    ];
    const groups = [
      { name: 'plain', subsets: ['a', 'b'], metric: 'accuracy' },
      { name: 'weighted', subsets: ['a', 'b'], metric: 'accuracy', weights: { a: 1, b: 3 } },
      { name: 'spread', subsets: ['a', 'b'], std: true },
      { name: 'of groups', subsets: ['plain', 'weighted'] },
    ];
    const { scores } = groupResults(groups, { results, models: ['m'] });
    expect(scores.map(({ group, kind, value, datasets }) => [group, kind, value, datasets])).toEqual([
      ['plain', 'naive_average', 15, 2],
      ['weighted', 'weighted_average', 17.5, 2],
      ['spread', 'standard_deviation', 5, 2],
      ['of groups', 'naive_average', 16.25, 2],
    ]);
    const [plain, weighted, spread, ofGroups] = scores.map((score) => score.interval!);
    expect(plain).toMatchObject({ low: 15 - Math.hypot(3, 4) / 2, high: 15 + Math.hypot(4, 3) / 2 });
    expect(weighted!.low).toBeCloseTo(17.5 - Math.hypot(3, 12) / 4, 10);
    // The larger one's lower end and the smaller one's upper end draw them together.
    expect(spread!.low).toBeCloseTo(5 - Math.hypot(4, 4) / 2, 10);
    expect(ofGroups!.low).toBeLessThan(16.25);
    const unsure = groupResults(groups, { results: [results[0]!, of('m', 'b', 20)], models: ['m'] });
    expect(unsure.scores.every((score) => score.interval === undefined)).toBe(true);
    expect(plainTable(groupScoreTables(scores)[0]!).rows.map((row) => row.slice(0, 2))).toEqual([
      ['plain', 'plain mean'],
      ['weighted', 'weighted mean'],
      ['spread', 'standard deviation'],
      ['of groups', 'plain mean'],
    ]);
    expect(groupScoreTables([])).toEqual([]);
  });

  it.each([
    [{ name: 'g' }, 'no subsets'],
    [{ name: 'g', subsets: ['a', ['b', 'accuracy']] }, 'mix'],
    [{ name: 'g', subsets: [7] }, 'neither'],
    [{ name: 'g', subsets: ABC, weights: { a: 1 } }, 'no weight'],
  ])('is refused: %j', (group, why) => {
    expect(() => groupResults([group], { results: three, models: ['m'] })).toThrow(why);
  });
});

it('lies between its least and its greatest, whatever the weights', () => {
  const scores = fc.array(
    fc.tuple(fc.double({ min: 1, max: 100, noNaN: true }), fc.double({ min: 0.1, max: 9, noNaN: true })),
    {
      minLength: 1,
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(scores, (values) => {
      const results = values.map(([score], n) => of('m', `d${n}`, score));
      const subsets = results.map(({ dataset }) => dataset);
      const weights = Object.fromEntries(values.map(([, weight], n) => [`d${n}`, weight]));
      const least = Math.min(...values.map(([score]) => score)) - 1e-9;
      const most = Math.max(...values.map(([score]) => score)) + 1e-9;
      for (const more of [{}, { weights }, { harmonic_mean: true }]) {
        const [value] = Object.values(one({ subsets, ...more }, results).scores) as number[];
        expect(value).toBeGreaterThanOrEqual(least);
        expect(value).toBeLessThanOrEqual(most);
      }
    }),
  );
});
