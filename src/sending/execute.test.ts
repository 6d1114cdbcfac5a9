import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleDataset, sampleOptions, samplePlan } from '../../test/support/sample-source.ts';
import type { Plan, ServiceModelPlan } from '../config/plan.ts';
import { createRunFolder } from '../store/run-folder.ts';
import { type ReceivedRequest, type ScriptedReply, startScriptedServer } from '../testing/index.ts';
import { RunControl } from './control.ts';
import { type ExecuteOptions, endOf, execute } from './execute.ts';
import { singleTurn } from './inferencers.ts';
import { ONE_PASS } from './load-plan.ts';
import { type Task, taskFiles } from './prepare.ts';
import { readResume } from './resume.ts';
import { sampleAt, sampleCount } from './shape.ts';

const SLOTS = 4;
const said = (text: string): ScriptedReply => ({
  body: [{ pauseMs: 20 }, JSON.stringify({ said: text, tokens: 1 })],
});

/** A service and tasks of so many cases each, against it. */
async function suite(
  counts: readonly number[],
  script: (n: number, request: ReceivedRequest) => ScriptedReply,
) {
  const server = await startScriptedServer((request, n) => script(n, request));
  const workDir = mkdtempSync(join(tmpdir(), 'execute-'));
  onTestFinished(async () => {
    await server.close();
    rmSync(workDir, { recursive: true, force: true });
  });
  const model = samplePlan({ concurrency: SLOTS, options: sampleOptions({ url: server.url }) });
  const tasks = counts.map((count, n) => taskOf(model, `d${n}`, count));
  const folder = createRunFolder(workDir, new Date(), (text) => text);
  const begun: string[] = [];
  const run = (setting: Partial<ExecuteOptions> = {}, plan: Partial<Plan> = {}) =>
    execute(
      {
        ...{ places: { base: '', data: [] }, mode: 'all', models: [model], numWarmups: 1 },
        ...{ load: ONE_PASS.settings, ...plan },
      } as unknown as Plan,
      tasks,
      {
        folder,
        redact: (text) => text,
        control: new RunControl(),
        listener: {
          taskStarted: ({ dataset }) => void begun.push(dataset.abbr),
          warmedUp: () => {},
          taskEnded: () => {},
          warned: () => {},
        },
        served: { keep: () => {}, isSimulated: () => false },
        ...setting,
      },
    );
  const records = (task: Task) => linesOf(taskFiles(folder, task).records[0]!);
  return { server, tasks, folder, begun, run, records };
}

function taskOf(model: ServiceModelPlan, abbr: string, count: number): Task {
  const rows = Array.from({ length: count }, (_, index) => ({
    index,
    row: { question: `${abbr} question ${index}`, answer: 'x' },
  }));
  const dataset = { ...sampleDataset(), abbr };
  const source = { model, rows, shape: singleTurn({ model, dataset, train: [] }) };
  return { model, dataset, source, warmup: source, warmupIsMeasured: true } as unknown as Task;
}

function linesOf(path: string): any[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const idsOf = ({ source }: Task) =>
  Array.from({ length: sampleCount(source) }, (_, n) => sampleAt(source, n).ref.id);

describe('the tasks of an accuracy run', () => {
  it('share the slots of their model, and leave what they leave one after the other', async () => {
    const counts = [3, 1, 9, 2, 2, 2, 5];
    const [together, apart] = [await suite(counts, () => said('x')), await suite(counts, () => said('x'))];
    const { results, broken } = await together.run();
    expect(broken).toEqual([]);
    // A time limit is each task's own.
    await apart.run({}, { load: { ...ONE_PASS.settings, durationMs: 1e6 } });
    expect(together.server.peakInFlight).toBe(SLOTS);
    // The model is warmed up once, not before every task.
    expect(together.server.requests).toBe(24 + 1);
    expect(apart.server.requests).toBe(24 + counts.length);
    expect(together.begun).toEqual(['d0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6']);
    expect(results.map(({ task }) => task)).toEqual(together.tasks);
    for (const [n, task] of together.tasks.entries()) {
      const records = together.records(task);
      const ids = (some: any[]) => some.map(({ call }) => call.id).sort();
      expect(ids(records)).toEqual(idsOf(task).sort());
      expect(ids(records)).toEqual(ids(apart.records(apart.tasks[n]!)));
      expect(results[n]).toMatchObject({
        outcome: { planned: counts[n], sent: counts[n], stopped: undefined },
        sharedSlots: true,
      });
      expect(endOf(together.folder, task)).toEqual({ sharedSlots: true });
      expect(endOf(apart.folder, apart.tasks[n]!)).toEqual({});
    }
    const asked = ({ received }: { received: readonly ReceivedRequest[] }) =>
      received.map(({ body }) => body).sort();
    const [warmUp] = asked(apart.server);
    expect(asked(together.server).filter((body) => body !== warmUp)).toEqual(
      [...new Set(asked(apart.server))].filter((body) => body !== warmUp),
    );
  });

  it.each(['perf', 'watched', 'other processes'] as const)('are apart: %s', async (why) => {
    const { server, tasks, run } = await suite([2, 3, 2], () => said('x'));
    const sent = { workers: [], lateStarts: [], sent: 0, stopped: undefined };
    const pool = {
      usesQueue: false,
      workersFor: (task: Task) => (task === tasks[1] ? 1 : 0),
      sendStripes: async () => sent,
      sendQueue: async () => ({}),
    };
    if (why === 'perf') await run({}, { mode: 'perf' });
    else if (why === 'watched') await run({ watch: async () => undefined });
    else await run({ pool });
    expect(server.peakInFlight).toBeLessThanOrEqual(3);
  });

  it.each(['drain', 'abort'] as const)(
    'lose nothing by %s amid several, and go on where each was',
    async (how) => {
      const control = new RunControl();
      // The warm-up is number 0; the third case of the second task is in flight beside the first of the third.
      const { server, tasks, folder, run, records, begun } = await suite([5, 5, 5, 5, 5], (n) => {
        if (n === 10) control[how]();
        return said('x');
      });
      const { results } = await run({ control });
      expect(results.length).toBe(begun.length);
      const kept = results.flatMap(({ task, outcome }) => {
        const own = records(task);
        expect(own).toHaveLength(outcome.sent);
        const ok = own.filter((one) => one.outcome === 'ok');
        // What had all its answers when it was stopped is whole.
        expect(outcome.stopped).toBe(ok.length === 5 ? undefined : 'interrupted');
        return ok;
      });
      const sent = server.requests - 1;
      expect(results.reduce((sum, { outcome }) => sum + outcome.sent, 0)).toBe(sent);
      expect(sent).toBeLessThan(25);
      if (how === 'drain') expect(kept).toHaveLength(sent);
      const resume = await readResume(tasks, {
        mode: 'all',
        load: ONE_PASS.settings,
        filesOf: (task) => taskFiles(folder, task),
        redact: (text) => text,
      });
      await run({ resume }, { numWarmups: 0 });
      expect(server.requests - 1 - sent).toBe(25 - kept.length);
      for (const task of tasks) {
        const ok = records(task).filter((one) => one.outcome === 'ok');
        expect(ok.map(({ call }) => call.id).sort()).toEqual(idsOf(task).sort());
      }
    },
  );

  it('end with the one that breaks: those beside it end what they had begun, no other begins', async () => {
    const { tasks, run, records, begun } = await suite([2, 3, 40, 5], () => said('x'));
    const { shape } = tasks[1]!.source;
    const broken = new Error('this case cannot be made');
    const makeRun: typeof shape.makeRun = (picked, repetition) => {
      const made = shape.makeRun(picked, repetition);
      if (picked.index < 2) return made;
      return { ...made, run: () => new Promise((_, reject) => setTimeout(reject, 60, broken)) };
    };
    Object.assign(tasks[1]!, { source: { ...tasks[1]!.source, shape: { ...shape, makeRun } } });
    const outcome = await run();
    expect(outcome.broken).toEqual([{ model: 'model', error: broken }]);
    expect(begun).toEqual(['d0', 'd1', 'd2']);
    expect(
      outcome.results.map(({ task: { dataset }, outcome: { stopped } }) => [dataset.abbr, stopped]),
    ).toEqual([
      ['d0', undefined],
      ['d2', 'interrupted'],
    ]);
    expect(records(tasks[1]!)).toHaveLength(2);
    const [, cut] = outcome.results;
    expect(records(tasks[2]!)).toHaveLength(cut!.outcome.sent);
    expect(cut!.outcome.sent).toBeLessThan(40);
  });
});
