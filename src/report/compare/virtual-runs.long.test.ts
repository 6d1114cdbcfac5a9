/** Whole runs on the simulated engine's clockwork in virtual time, compared as `ais_bench compare` does. */
import { describe, expect, it } from 'vitest';
import { type VirtualLoad, virtualRun } from '../../../test/support/virtual-run.ts';
import { finding } from '../../contract/finding.ts';
import type { RunRecord } from '../../contract/record.ts';
import { GapCounts, RequestSample } from '../../metrics/request-sample.ts';
import { percentileOf } from '../../metrics/stats.ts';
import { compareRuns, type Run } from './compare-runs.ts';
import { USUAL_PERCENTILES } from './numbers-of.ts';
import { parseRule } from './rules.ts';
import type { Measured } from './types.ts';

const percentiles = USUAL_PERCENTILES;

function measured(records: readonly RunRecord[]): Measured {
  const sample = new RequestSample();
  for (const record of records) sample.add(record);
  const { gaps } = sample;
  const counts = new GapCounts(
    percentiles.map((p) => percentileOf(gaps.length, (rank) => gaps.valueAt(rank), p)),
  );
  for (const record of records) counts.add(record);
  return {
    sample,
    gaps: { percentiles, counts: counts.finish() },
    requests: records.length,
    failed: 0,
    retried: 0,
  };
}

function run(letter: string, load: VirtualLoad): Run {
  const name = { letter, name: letter, path: letter };
  const task = {
    model: 'sim',
    dataset: 'virtual',
    asked: new Map(),
    findings: [],
    measured: measured(virtualRun(load)),
  };
  return { name, plan: {}, isImported: false, tasks: [task], findings: [] };
}

const LOAD = { requests: 120, concurrency: 8, maxBatch: 4 };
const RULES = ['ttft.p95 > 0%', 'tpot.mean > +1%', 'e2el.p90 > 0%', 'itl.p99 > 0%', 'throughput < 0%'];

function compared(before: VirtualLoad, after: VirtualLoad) {
  const question = { rules: RULES.map(parseRule), percentiles };
  const [one] = compareRuns(run('A', before), [run('B', after)], question);
  return one!;
}

it('a run in which every request failed: each gate that nobody can judge says so first', () => {
  const good = run('A', { ...LOAD, seed: 1 });
  const [task] = good.tasks;
  const findings = [
    finding('ALL-FAILED', { sent: 3, only: 'HTTP 503: busy', kind: 'http-status' }),
    finding('SENT-AT-ONCE', {}),
  ];
  const none = {
    ...measured([]),
    requests: 3,
    failed: 3,
    validity: { verdict: 'LOAD NOT DELIVERED', findings },
  };
  const bad = { ...good, tasks: [{ ...task!, measured: none }] };
  const [one] = compareRuns(good, [bad], { rules: [parseRule('ttft.p95 > 0%')], percentiles });
  expect(one!.rules).toMatchObject([
    { outcome: 'unknown', why: { code: 'NOTHING-TO-COMPARE', params: { run: 'second', why: findings[0] } } },
  ]);
});

it('a number that one of the runs has not says of which, and a share of nothing has no percentage', () => {
  const good = run('A', { ...LOAD, seed: 1 });
  const [task] = good.tasks;
  const numbers = (before: Partial<Measured>, after: Partial<Measured>) => {
    const side = (own: Partial<Measured>) => ({
      ...good,
      tasks: [{ ...task!, measured: { ...task!.measured!, ...own } }],
    });
    const [one] = compareRuns(side(before), [side(after)], { rules: [], percentiles });
    return one!.tasks[0]!.numbers;
  };
  const good1 = task!.measured!.sample.keys.map(() => true);
  const none = good1.map(() => false);
  const reasonIn = (found: ReturnType<typeof numbers>, id: string) =>
    found.find((one) => one.id === id)!.reason;
  expect(reasonIn(numbers({ good: good1 }, {}), 'goodput')).toMatchObject({
    ...{ code: 'NUMBER-UNKNOWN', params: { run: 'second' } },
  });
  expect(reasonIn(numbers({ good: good1 }, { good: none }), 'goodput')?.code).toBe('NUMBER-ZERO');
});

describe('runs of a service that batches, whose requests share their fate', () => {
  it('are told apart in 6.5 % of comparisons at most where they are equal, all gates and all numbers together', () => {
    const pairs = Array.from({ length: 500 }, (_, n) =>
      compared({ ...LOAD, seed: 2 * n + 1 }, { ...LOAD, seed: 2 * n + 2 }),
    );
    const share = (holds: (one: (typeof pairs)[number]) => boolean) =>
      pairs.filter(holds).length / pairs.length;
    expect(share(({ rules }) => rules.some(({ outcome }) => outcome === 'broken'))).toBeLessThanOrEqual(
      0.065,
    );
    const isMarked = ({ adjusted = 1 }: { adjusted?: number }) => adjusted < 0.05;
    expect(share(({ tasks }) => tasks[0]!.numbers.some(isMarked))).toBeLessThanOrEqual(0.065);
  }, 120_000);

  it('are told apart where steps take a third longer', () => {
    const pairs = Array.from({ length: 20 }, (_, n) =>
      compared({ ...LOAD, seed: 2 * n + 1 }, { ...LOAD, slower: 1.33, seed: 2 * n + 2 }),
    );
    const found = pairs.filter(({ rules }) => rules[1]!.outcome === 'broken');
    expect(found.length).toBeGreaterThanOrEqual(18);
    for (const { tasks } of pairs) expect(tasks[0]!.numbers.map(({ id }) => id)).not.toContain('ttfat.mean');
  }, 120_000);
});
