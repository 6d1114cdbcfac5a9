import { expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import { samplePlan } from '../../test/support/sample-source.ts';
import type { Plan } from '../config/plan.ts';
import { finding } from '../contract/finding.ts';
import type { RateProfile } from '../load/arrival.ts';
import { LiveFigures } from '../metrics/live.ts';
import { ONE_PASS } from '../sending/load-plan.ts';
import type { Task } from '../sending/prepare.ts';
import type { TaskProgress } from '../sending/run-task.ts';
import { TaskBoard } from './task-board.ts';

const PERF: Pick<Plan, 'load' | 'mode'> = { load: ONE_PASS.settings, mode: 'perf' };

function sampleTask(name: string, dataset: string, rates?: RateProfile): Task {
  const model = samplePlan({
    abbr: name,
    concurrency: 2,
    ...(rates && { arrival: { kind: 'paced', process: 'constant', rates } }),
  });
  const source = {
    model,
    rows: [{}, {}, {}, {}],
    repetitions: 1,
    shape: { countRequests: () => (dataset === 'dialogues' ? 3 : 1) },
  };
  return { model, dataset: { abbr: dataset }, source } as unknown as Task;
}

const progress = (live?: LiveFigures): TaskProgress => {
  return { total: 4, done: 1, failed: 0, inFlight: 2, outputTokens: 9, startedAt: 0, ...(live && { live }) };
};
const size = { width: 79, height: 22 };

it('is a panel for one task, and a line where there is no room', () => {
  const task = sampleTask('m', 'd');
  const board = new TaskBoard([task], PERF);
  board.begin(task, progress());
  expect(board.placeOf(task)).toBe('');
  expect(board.lines(size).slice(0, 3)).toEqual([
    'm × d',
    expect.stringMatching(/^progress {3}1\/4 25% {2}\S+ left {2}━+╌+$/),
    expect.stringMatching(/^in flight {2}2 of 2/),
  ]);
  expect(board.lines({ width: 79, height: 3 })).toEqual([expect.stringMatching(/^1\/4 25% \| 2 in flight/)]);
  expect(board.line()).toMatch(/^m × d: 1\/4 25% \| 2 in flight \| .* req\/s \| .* tok\/s \| .* left$/);
});

it('is a table for several, and the one that runs below; a judge comes last, what was passed over is told', () => {
  const tasks = [sampleTask('a', 'x'), sampleTask('b', 'x'), sampleTask('c', 'x')];
  const board = new TaskBoard(tasks, PERF);
  board.begin(tasks[1]!, progress());
  board.end(tasks[1]!);
  const judge = sampleTask('b', 'x-judge');
  board.begin(judge, progress());
  expect(board.placeOf(judge)).toBe('4 of 4');
  const lines = board.lines(size);
  const [head, ...rows] = lines.slice(0, 5).map((line) => line.trim().split(/ {2,}/));
  expect(head).toEqual(['task', 'progress', 'in flight', 'rate/s', 'tok/s', 'failed', 'time']);
  expect(rows.map(([name, state]) => [name, state])).toEqual([
    ['a × x', 'not run'],
    ['b × x', '1/4 25%'],
    ['c × x', 'not run'],
    ['b × x-judge', '1/4 25%'],
  ]);
  expect(lines.slice(5, 7)).toEqual(['', 'b × x-judge']);
  expect(board.lines({ ...size, height: 8 })).toHaveLength(5);
  expect(board.elapsed(tasks[1]!)).toBeGreaterThanOrEqual(0);
  expect(board.elapsed(sampleTask('z', 'z'))).toBe(0);
});

it('adds up the tasks that share the slots of a model, with those that are over and those to come', () => {
  const model = samplePlan({ abbr: 'm', concurrency: 4 });
  const tasks = ['a', 'b', 'c', 'd'].map((dataset) => ({ ...sampleTask('m', dataset), model }) as Task);
  const board = new TaskBoard(tasks, { ...PERF, mode: 'all' });
  expect([board.isRunning, board.line()]).toEqual([false, '']);
  const live = new LiveFigures();
  live.add(sampleAnswer({ sent: 0, events: [['content', 10]] }));
  for (const task of tasks.slice(0, 3)) board.begin(task, progress(live));
  board.end(tasks[0]!);
  const lines = board.lines(size);
  const rows = lines.slice(1, 5).map((line) => line.trim().split(/ {2,}/));
  expect(rows.map(([name, state]) => [name, state])).toEqual([
    ['m × a', '1/4 25%'],
    ['m × b', '1/4 25%'],
    ['m × c', '1/4 25%'],
    ['m × d', 'waiting'],
  ]);
  expect(lines.slice(5, 9)).toEqual([
    '',
    'm: 1 of 4 tasks done, 2 running',
    expect.stringMatching(/^progress {3}3\/16 18% {2}\S+ left/),
    expect.stringMatching(/^in flight {2}6 of 4 +TTFT +p50 10(\.\d+)? /),
  ]);
  expect(board.line()).toMatch(/^m: 1 of 4 tasks done, 2 running: 3\/16 18% \| 6 in flight \| .* left$/);
  for (const task of tasks.slice(1, 3)) board.end(task);
  expect(board.isRunning).toBe(false);
  board.begin(tasks[3]!, progress());
  expect(board.line()).toMatch(/^m: 3 of 4 tasks done, 1 running: 4\/16/);
});

it('has latencies, failures and a verdict so far', () => {
  const live = new LiveFigures();
  for (const sent of [0, 50, 100]) {
    const events = [
      ['content', sent + 10],
      ['content', sent + 30],
    ] as const;
    live.add(sampleAnswer({ scheduled: sent, sent, events }));
  }
  live.add(sampleFailure({ kind: 'timeout', message: '' }, { scheduled: 1, sent: 9 }));
  live.addHealth('main', { at: 1000, span: 1000, loopUtilization: 0.9 });
  const task = sampleTask('m', 'd');
  const board = new TaskBoard([task], PERF);
  board.begin(task, progress(live));
  const [line] = board.tasks();
  expect(line!.state!.ttft!.p99).toBeCloseTo(10, 0);
  expect(line!.state!.itl!.p50).toBeCloseTo(20, 0);
  expect(line!.state!.failures).toEqual([['timeout', 1]]);
  expect(line!.state!.validity).toEqual({
    verdict: 'CLIENT-LIMITED',
    reason: finding('CLIENT-LOOP', { process: 'main', share: 0.9, limit: 0.7 }),
  });
  const scored = new TaskBoard([task], { ...PERF, mode: 'all' });
  scored.begin(task, progress(live));
  expect(scored.tasks()[0]!.state!.validity).toBeUndefined();
});

it('holds a rate against what is asked at that moment', () => {
  const targets = (
    [
      { shape: 'fixed', perSecond: 5 },
      { shape: 'steps', steps: [{ perSecond: 3, seconds: 60 }] },
      { shape: 'linear', from: 1, to: 4 },
    ] as const
  ).map((rates) => {
    const task = sampleTask('m', 'd', rates);
    const board = new TaskBoard([task], PERF);
    board.begin(task, progress());
    return board.tasks()[0]!.state!.targetRate;
  });
  expect(targets).toEqual([5, 3, 4]);
  const closed = new TaskBoard([sampleTask('m', 'd')], PERF);
  closed.begin(sampleTask('m', 'd'), progress());
  expect(closed.tasks()[0]!.state).toBeUndefined();
  expect(closed.tasks()[1]!.state!.targetRate).toBeUndefined();
});

it('counts cases where each is several requests', () => {
  const tasks = [sampleTask('m', 'dialogues'), sampleTask('m', 'questions')];
  const board = new TaskBoard(tasks, PERF);
  for (const task of tasks) board.begin(task, progress());
  expect(board.tasks().map(({ state }) => state!.rateUnit)).toEqual(['cases/s', 'req/s']);
});
