import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readOpenMetrics } from '../../../test/support/openmetrics.ts';
import { sampleAnswer, sampleFailure } from '../../../test/support/sample-record.ts';
import { RunSummary } from '../../metrics/summary.ts';
import { metricFamilies, openMetricsText } from './openmetrics.ts';
import type { ExportedTask } from './task.ts';

function sampleTask(more: Partial<ExportedTask> = {}): ExportedTask {
  const run = new RunSummary({ concurrency: 4, slos: { ttft: 150 }, statistics: ['Median', 'P95'] });
  for (const sent of [0, 100, 200, 300]) {
    const events = [
      ['content', sent + 100],
      ['content', sent + 120],
      ['content', sent + 160],
    ] as const;
    run.add(sampleAnswer({ sent, done: sent + 160, events, input: 10, output: 3 }));
  }
  run.add(sampleFailure({ kind: 'http-status', status: 500, message: 'no 1' }, { sent: 5, done: 6 }));
  run.add(sampleFailure({ kind: 'http-status', status: 500, message: 'other' }, { sent: 7, done: 8 }));
  run.add(sampleFailure({ kind: 'timeout', message: 'late' }, { sent: 9, done: 10 }));
  const summary = run.finish();
  return { run: 'r', model: 'm', dataset: 'd', summary, isLoadTest: true, simulated: false, ...more };
}

const CARD = { metric: 'accuracy', n: 8, correct: 6, wrong: 2, unextractable: 0, truncated: 0, failed: 0 };
const ACCURACY = {
  model: 'm',
  dataset: 'd',
  card: { ...CARD, value: 75, interval: { low: 40, high: 93, level: 0.95, method: 'Wilson' } },
};

const read = (tasks: readonly ExportedTask[]) =>
  new Map(readOpenMetrics(openMetricsText(metricFamilies(tasks))).map((family) => [family.name, family]));

it('gives latencies in seconds, as summaries with sum and count', () => {
  const family = read([sampleTask()]).get('ais_bench_itl_seconds')!;
  expect(family).toMatchObject({ type: 'summary', unit: 'seconds' });
  const told = family.samples.map(({ name, labels, value }) => [
    labels.get('quantile') ?? name.replace(family.name, ''),
    Number(value.toFixed(6)),
  ]);
  expect(told).toEqual([
    ['0.0', 0.02],
    ['0.5', 0.03],
    ['0.75', 0.04],
    ['0.9', 0.04],
    ['0.95', 0.04],
    ['0.99', 0.04],
    ['1.0', 0.04],
    ['_sum', 0.24],
    ['_count', 8],
  ]);
});

it('counts failures of one kind and status together', () => {
  const { samples } = read([sampleTask()]).get('ais_bench_failures')!;
  expect(samples.map(({ labels, value }) => [labels.get('kind'), labels.get('status'), value])).toEqual([
    ['http-status', '500', 2],
    ['timeout', '', 1],
  ]);
});

it('has a verdict of load tests only, and scores as shares', () => {
  const families = read([sampleTask({ isLoadTest: false, accuracy: ACCURACY })]);
  expect(families.has('ais_bench_validity')).toBe(false);
  const value = (name: string) => families.get(name)!.samples[0]!.value;
  expect(['', '_low', '_high'].map((end) => value(`ais_bench_score${end}_ratio`))).toEqual([0.75, 0.4, 0.93]);
  const verdicts = read([sampleTask()]).get('ais_bench_validity')!.samples;
  expect(verdicts.filter((one) => one.value === 1)).toHaveLength(1);
});

it('has what answers were worth under a load whose answers were scored', () => {
  const met = { value: 90, n: 40, interval: { ...ACCURACY.card.interval, method: 'Wilson' as const } };
  const atSlo = { slos: { ttft: 500 }, score: { value: 72.5, n: 36 }, met };
  const underLoad = { n: 40, correctPerSecond: 3.25, steadyCorrectPerSecond: 4, atSlo };
  const families = read([sampleTask({ accuracy: { ...ACCURACY, underLoad } })]);
  const told = (name: string) =>
    families.get(name)?.samples.map(({ labels, value }) => {
      const own = [...labels].filter(([label]) => !['run', 'model', 'dataset'].includes(label));
      return [...own.map(([, text]) => text), value];
    });
  expect(told('ais_bench_correct_answers_per_second')).toEqual([
    ['whole', 3.25],
    ['steady', 4],
  ]);
  expect(told('ais_bench_score_at_slo_ratio')).toEqual([['accuracy', 0.725]]);
  expect(told('ais_bench_score_at_slo_low_ratio')).toBeUndefined();
  expect(told('ais_bench_met_slo_ratio')).toEqual([[0.9]]);
  expect(told('ais_bench_met_slo_high_ratio')).toEqual([[0.93]]);
  const without = read([sampleTask({ accuracy: ACCURACY })]);
  expect([...without.keys()].filter((name) => /slo|correct/.test(name))).toEqual([]);
});

it('has nothing of a run that was killed but that it is there', () => {
  const { summary: _none, ...task } = sampleTask();
  expect([...read([task]).keys()]).toEqual(['ais_bench_run']);
});

it('is read back strictly, whatever names hold', () => {
  const task = sampleTask({ accuracy: ACCURACY });
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (names) => {
      const families = read(names.map((model) => ({ ...task, model, dataset: `${model}\n"\\` })));
      const { samples } = families.get('ais_bench_duration_seconds')!;
      expect(samples.map(({ labels }) => labels.get('model'))).toEqual(names);
      expect(samples.map(({ labels }) => labels.get('dataset'))).toEqual(names.map((name) => `${name}\n"\\`));
    }),
    { numRuns: 50 },
  );
});
