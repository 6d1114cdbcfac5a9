/**
 * What scipy has a function for, against scipy: always against its numbers as they were recorded, and against itself where a
 * `python3` (or `SCIPY_PYTHON`) has it. `UPDATE_SCIPY=1` records anew.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { passAtK } from '../score.ts';
import {
  binomialDensity,
  incompleteBeta,
  normalCdf,
  normalQuantile,
  studentQuantile,
  studentTail,
} from './distributions.ts';
import { intervalOf, mcnemarExact, wilson } from './interval.ts';

/** Our number, and the expression of Python that gives scipy's. */
type Pair = readonly [own: number, expression: string];

const SIDES = ['low', 'high'] as const;

function distributions(): Pair[] {
  const shares = [1e-12, 1e-9, 0.001, 0.025, 0.3, 0.5, 0.6, 0.975, 0.9999];
  const freedoms = [1, 2.5, 3.5, 9, 27, 99, 299, 1318, 1e5];
  const shapes = [0.5, 3, 120.5, 4000];
  return [
    ...[0.001, 0.2, 0.5, 0.9, 0.999].flatMap((x) =>
      shapes.flatMap((a) =>
        [0.5, 7.5, 800].map((b): Pair => [incompleteBeta(x, a, b), `special.betainc(${a}, ${b}, ${x})`]),
      ),
    ),
    ...shares.map((p): Pair => [normalQuantile(p), `stats.norm.ppf(${p})`]),
    ...[-8, -3.2, -1, -0.1, 0, 0.7, 2, 5.5].map((x): Pair => [normalCdf(x), `stats.norm.cdf(${x})`]),
    ...freedoms.flatMap((df) =>
      [0.01, 0.3, 0.6, 0.975, 0.999].map((p): Pair => [studentQuantile(p, df), `stats.t.ppf(${p}, ${df})`]),
    ),
    ...freedoms.flatMap((df) =>
      [0, 0.5, 1.96, 12].map((t): Pair => [studentTail(t, df), `stats.t.sf(${t}, ${df})`]),
    ),
    ...[
      [0, 164, 0.05],
      [7, 164, 0.05],
      [150, 198, 0.8],
      [700, 1319, 0.5],
      [9000, 14042, 0.65],
    ].map(([k, n, p]): Pair => [binomialDensity(k!, n!, p!), `stats.binom.pmf(${k}, ${n}, ${p})`]),
  ];
}

function scores(): Pair[] {
  const counts = [
    [0, 20],
    [1, 29],
    [15, 148],
    [81, 164],
    [164, 164],
    [1000, 1319],
    [9131, 14042],
  ];
  const splits = [
    [0, 1],
    [3, 10],
    [0, 8],
    [5, 5],
    [121, 59],
    [1, 400],
  ];
  const draws = [
    [5, 3, 2],
    [4, 1, 4],
    [8, 2, 4],
    [10, 0, 3],
    [5, 1, 2],
    [200, 13, 100],
    [1000, 999, 10],
  ];
  return [
    ...counts.flatMap(([c, n]) =>
      SIDES.map((side): Pair => {
        const interval = `stats.binomtest(${c}, ${n}).proportion_ci(0.95, "wilson")`;
        return [wilson(c!, n!)[side] / 100, `${interval}.${side}`];
      }),
    ),
    ...splits.map(([a, b]): Pair => [mcnemarExact(a!, b!), `stats.binomtest(${a}, ${a! + b!}).pvalue`]),
    ...draws.map(([n, c, k]): Pair => [passAtK(n!, c!, k!), `stats.hypergeom.sf(0, ${n}, ${c}, ${k})`]),
    ...[
      [0.1, 0.4, 0.35, 0.8, 0.5],
      [0.25, 0.5, 0.5, 0.75],
      Array.from({ length: 200 }, (_, n) => ((n * 37) % 101) / 100),
    ].flatMap((credits) => {
      const one = credits.map((got, n) => ({ cluster: String(n), got, of: 1 }));
      const interval = intervalOf(one)!;
      const sample = `(lambda v: stats.t.interval(0.95, len(v) - 1, np.mean(v), stats.sem(v)))([${credits}])`;
      return SIDES.map((side, i): Pair => [interval[side] / 100, `${sample}[${i}]`]);
    }),
  ];
}

const PAIRS = [...distributions(), ...scores()];
const RECORDED = new URL('../../../test/fixtures/statistics/scipy.json', import.meta.url);

/** What scipy says; undefined where no Python has it. */
function scipy(expressions: readonly string[]): number[] | undefined {
  const listed = JSON.stringify(expressions);
  const program = `import json, sys, numpy as np; from scipy import special, stats
print(json.dumps([float(eval(one)) for one in json.loads(sys.stdin.read())]))`;
  const python = process.env['SCIPY_PYTHON'] ?? 'python3';
  const { status, stdout } = spawnSync(python, ['-c', program], { input: listed, encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as number[]) : undefined;
}

const told = scipy(PAIRS.map(([, expression]) => expression));

/** Within 1e-9 of the value, which may be small. */
function expectAll(expected: readonly number[]): void {
  expect(expected).toHaveLength(PAIRS.length);
  const wrong = PAIRS.flatMap(([own, expression], n) =>
    Math.abs(own - expected[n]!) <= 1e-9 * Math.abs(expected[n]!)
      ? []
      : [{ expression, own, scipy: expected[n] }],
  );
  expect(wrong).toEqual([]);
}

it('agrees with what scipy said, to 1e-9 of the value', () => {
  if (process.env['UPDATE_SCIPY'] && told !== undefined) {
    const lines = PAIRS.map(([, expression], n) => JSON.stringify([expression, told[n]]));
    writeFileSync(RECORDED, `[\n${lines.join(',\n')}\n]\n`);
  }
  const recorded = new Map<string, number>(JSON.parse(readFileSync(RECORDED, 'utf8')));
  expectAll(PAIRS.map(([, expression]) => recorded.get(expression) ?? Number.NaN));
});

it.skipIf(told === undefined)('agrees with scipy itself (skipped where no python3 has it)', () => {
  expectAll(told!);
});
