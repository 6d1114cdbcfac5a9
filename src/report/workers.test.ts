import { expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import { RunSummary } from '../metrics/summary.ts';
import type { WorkersFile } from '../store/workers-file.ts';
import { plainTable } from './table.ts';
import { renderTerminal } from './terminal.ts';
import { workerFacts, workerTables } from './workers.ts';

const task = { model: 'm', dataset: 'd' };
const clock = { offsetMs: -498.76, boundMs: 0.21 };

const FILE: WorkersFile = {
  version: 2,
  group: 'g',
  session: 's',
  workers: [
    {
      ...{ name: 'node-1.cluster.local-ab12', host: 'node-1.cluster.local', processes: [1, 3] },
      loads: [{ ...task, clock, clockAfter: { offsetMs: -498.7, boundMs: 0.3 }, startLagMs: 1.25 }],
    },
    {
      name: 'second',
      host: 'node-2',
      processes: [2],
      lostTo: 'silent\n for 10 s',
      loads: [{ ...task, clock }],
    },
    { name: 'third', host: 'node-3', processes: [4], loads: [{ ...task, dataset: 'other', clock }] },
  ],
};

function summary() {
  const run = new RunSummary({ concurrency: 1 });
  const answer = (ttft: number) =>
    sampleAnswer({ sent: 0, done: 2000, events: [['content', ttft]], output: 1 });
  for (const ttft of [100, 200, 300]) run.add(answer(ttft), 'node-1.cluster.local-ab12');
  run.add(answer(40), 'second');
  run.add(sampleFailure({ kind: 'connect', message: 'refused' }, { sent: 0, done: 5 }), 'second');
  return run.finish();
}

it('shows one line per worker that took part in the task, within 80 columns', () => {
  const tables = workerTables(workerFacts(FILE, task, summary()), summary());
  const text = renderTerminal(tables, [], { color: false });
  expect(text).not.toContain('This machine');
  expect(plainTable(tables[0]!).rows).toEqual([
    ['node-1.cluster.local-ab12', '2', '3', '0', '1.500', '200', '298', '298', '-498.8±0.210', '1.250'],
    ['second (node-2)', '1', '2', '1', '0.500', '40', '40', '40', '-498.8±0.210', 'n/a'],
  ]);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toContain('second was lost: silent for 10 s\n');
  expect(text).toContain('Clocks moved by 0.060 ms at most during the load\n');
});

it('shows the workers of an evaluation, as the records name them, and how many requests this machine sent', () => {
  const run = new RunSummary({ concurrency: 1 });
  const answer = sampleAnswer({ sent: 0, done: 2000, events: [['content', 100]], output: 1 });
  for (const worker of ['a1', 'a1', 'before']) run.add({ ...answer, worker });
  run.add(answer);
  const workers = [
    { name: 'a1', host: 'node', processes: [1, 2], loads: [] },
    { name: 'a2', host: 'node', processes: [3], loads: [] },
  ];
  const facts = workerFacts({ ...FILE, workers }, task, run.finish());
  expect(facts).toEqual([{ name: 'a1', host: 'node', processes: [1, 2] }, { name: 'before' }]);
  const [table] = workerTables(facts, run.finish());
  expect(plainTable(table!).columns.map(({ head }) => head)).not.toContain('Clock');
  expect(plainTable(table!).rows).toEqual([
    ['a1 (node)', '2', '2', '0', '1', '100', '100', '100'],
    ['before', 'n/a', '1', '0', '0.500', '100', '100', '100'],
  ]);
  expect(plainTable(table!).footnotes).toContain('This machine itself sent 1 of the requests');
});

it('is no table where this machine sent everything', () => {
  expect(workerTables([], summary())).toEqual([]);
});
