/**
 * What the gates promise, counted in simulated runs without a clock: how often equal services are told apart, and how often a
 * slower one is found with as many requests as the comparison itself asks for.
 */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../basics/random.ts';
import { meanEstimate, percentileEstimate, type TimedValues } from '../../metrics/estimates.ts';
import { type Difference, differenceOf } from './difference.ts';
import { judgeRules } from './judge-rules.ts';
import { parseRule } from './rules.ts';

/** TTFTs of a run: log-normal around 300 ms; `memory`: correlation of neighbours. */
interface Service {
  readonly sigma: number;
  readonly slower?: number;
  readonly memory?: number;
}

function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Keys are of no use here: the simulated requests of two runs have nothing in common. */
function run(n: number, { sigma, slower = 1, memory = 0 }: Service, normal: () => number): TimedValues {
  const fresh = Math.sqrt(1 - memory ** 2);
  const values = new Float64Array(n);
  let state = normal();
  for (let i = 0; i < n; i++) {
    state = memory * state + fresh * normal();
    values[i] = 300 * slower * Math.exp(sigma * state);
  }
  return { keys: [], values };
}

type Stat = 'mean' | number;

function differences(before: TimedValues, after: TimedValues, stats: readonly Stat[]): Difference[] {
  const sorted = [before, after].map(({ values }) => values.slice().sort());
  return stats.map((stat) => {
    const [one, other] = [before, after].map((timed, i) =>
      stat === 'mean' ? meanEstimate(timed) : percentileEstimate(timed, sorted[i]!, stat),
    );
    return differenceOf(one!, other!, 'ratio')!;
  });
}

/** Share of pairs in which the rule is broken, as `--fail-if` judges it. */
function brokenShare(rule: string, found: readonly Difference[]): number {
  const rules = [parseRule(rule)];
  const broken = found.filter((difference) => {
    const numbers = [{ id: 'ttft.p95', label: '', unit: 'ms', moreIsBetter: false, difference }];
    return (
      judgeRules(rules, [[{ name: '', task: { numbers, after: { findings: [] } } }]])[0]![0]!.outcome ===
      'broken'
    );
  });
  return broken.length / found.length;
}

const STATS: readonly Stat[] = ['mean', 50, 95, 99];

describe('false alarms', () => {
  it('tells 2,000 pairs of equal services apart in 6.5 % at most, whichever number is looked at', () => {
    const normal = normals(11);
    const service = { sigma: 0.3 };
    const pairs = Array.from({ length: 2000 }, () =>
      differences(run(600, service, normal), run(600, service, normal), STATS),
    );
    for (const [i] of STATS.entries()) {
      const significant = pairs.filter((pair) => pair[i]!.p < 0.05).length / pairs.length;
      expect(significant).toBeLessThanOrEqual(0.065);
      expect(significant).toBeGreaterThan(0.01);
    }
    expect(
      brokenShare(
        'ttft.p95 > 0%',
        pairs.map((pair) => pair[2]!),
      ),
    ).toBeLessThanOrEqual(0.0325);
    expect(
      brokenShare(
        'ttft.p95 > +5%',
        pairs.map((pair) => pair[2]!),
      ),
    ).toBeLessThanOrEqual(0.0325);
  }, 120_000);

  it('keeps that where neighbours fare alike, as in a batch or a queue', () => {
    const normal = normals(12);
    const service = { sigma: 0.3, memory: 0.7 };
    const pairs = Array.from({ length: 500 }, () =>
      differences(run(600, service, normal), run(600, service, normal), STATS),
    );
    for (const [i] of STATS.entries())
      expect(pairs.filter((pair) => pair[i]!.p < 0.05).length / pairs.length).toBeLessThanOrEqual(0.08);
  }, 120_000);
});

describe('power', () => {
  it('finds a p95 that is 5 % higher in 9 of 10 pairs, with the requests that a small pair says are needed', () => {
    const normal = normals(13);
    const service = { sigma: 0.3 };
    const needed = Array.from({ length: 40 }, () => {
      const [pilot] = differences(run(1000, service, normal), run(1000, service, normal), [95]);
      return pilot!.needed(5, 0.05).n;
    }).sort((a, b) => a - b);
    const n = needed[20]!;
    // By theory 2 · 0.05 · 0.95 · (σ / φ(1.645))² · (1.96 + 1.28)² / ln² 1.05 = 3,550 independent requests.
    expect(n).toBeGreaterThan(3100);
    expect(n).toBeLessThan(4100);
    const slower = { ...service, slower: 1.05 };
    const pairs = Array.from(
      { length: 500 },
      () => differences(run(n, service, normal), run(n, slower, normal), [95])[0]!,
    );
    expect(brokenShare('ttft.p95 > 0%', pairs)).toBeGreaterThanOrEqual(0.9);
  }, 120_000);
});
