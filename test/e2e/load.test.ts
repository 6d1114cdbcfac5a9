/** When requests leave, and the processes that send them: the built command against services of this machine. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Arrival } from '../../src/load/arrival.ts';
import { makePacer } from '../../src/load/pacer.ts';
import type { ScriptedReply } from '../../src/testing/index.ts';
import {
  aisBench,
  CHAT,
  chatServer,
  DEMO,
  degradedIn,
  emptyFolder,
  latest,
  planOf,
  SSE,
  serve,
  start,
  streamed,
  until,
  words,
} from './support.ts';

const perf = [
  '--models',
  CHAT,
  '--datasets',
  DEMO,
  '--mode',
  'perf',
  '--max-out-len',
  '4',
  '--num-warmups',
  '0',
];

/** Rows with timestamps, not in their order, as a config of one's own. */
const TRACE = `
const rows = [400, 0, 150, 150].map((at, n) => ({ question: 'question ' + n, timestamp: 1_000_000 + at }));
export const trace_datasets = [{
  abbr: 'trace',
  type: { name: 'Trace', load: async () => ({ train: [], test: rows }) },
  reader_cfg: { input_columns: ['question', 'timestamp'] },
  infer_cfg: {
    prompt_template: { template: '{question}' },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
}];`;

/** Eight rows, in their order. */
const EIGHT = TRACE.replace('[400, 0, 150, 150]', 'Array(8).fill(0)').replace(
  "abbr: 'trace'",
  "abbr: 'demo_gsm8k'",
);

/** The record files of every process, below the run's folder. */
function recordFilesOf(cwd: string): string[] {
  const folder = join(latest(cwd), 'performances');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /_records(\.w\d+)?\.jsonl$/.test(file))
    .map((file) => join(folder, file));
}

/** Their records in the order of their schedule. */
function recordsOf(cwd: string): any[] {
  return recordFilesOf(cwd)
    .flatMap((file) => readFileSync(file, 'utf8').trim().split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .sort((a, b) => a.times.scheduled - b.times.scheduled);
}

/** Milliseconds from the first that was due. */
function offsetsOf(cwd: string): number[] {
  const due = recordsOf(cwd).map(({ times }) => times.scheduled);
  return due.map((at) => at - due[0]!);
}

const keysOf = (cwd: string) =>
  recordsOf(cwd)
    .map(({ call }) => `${call.id} ${call.index}`)
    .sort();

/** Totals of the whole run that do not depend on time. */
const countsIn = (stdout: string) =>
  [...stdout.matchAll(/^((?:Total|Failed|Success) (?:Requests|Input Tokens|Generated Tokens)) +(\d+)/gm)].map(
    ([, name, value]) => [name, value],
  );

const predictionsOf = (cwd: string) =>
  readFileSync(join(latest(cwd), 'predictions/vllm-api-stream-chat/demo_gsm8k.jsonl'), 'utf8')
    .trim()
    .split('\n');

describe('arrivals', () => {
  it('are the seeded schedule, from one process and from three', async () => {
    const { port } = await serve();
    const args = [
      ...perf,
      '--host-port',
      port,
      '--arrival',
      'poisson',
      '--request-rate',
      '40',
      '--seed',
      '3',
      '--batch-size',
      '8',
    ];
    const [one, three] = [emptyFolder(), emptyFolder()];
    const done = [await aisBench(one, ...args), await aisBench(three, ...args, '--workers', '3')];
    expect(done.map(({ code }) => code)).toEqual([0, 0]);
    expect(done[0]!.stderr).toContain('40 requests/s (poisson, seed 3)');
    const arrival: Arrival = { kind: 'paced', process: 'poisson', rates: { shape: 'fixed', perSecond: 40 } };
    expect(planOf(one)).toMatchObject({ load: { seed: 3 }, models: [{ arrival }] });
    const pacer = makePacer(arrival, {
      count: 8,
      rampCount: 8,
      seed: 3,
      durationMs: Number.POSITIVE_INFINITY,
    });
    for (const folder of [one, three]) {
      const offsets = offsetsOf(folder);
      expect(offsets).toHaveLength(8);
      for (const [n, offset] of offsets.entries()) expect(offset).toBeCloseTo(pacer(n)! - pacer(0)!, 1);
    }
    expect(keysOf(three)).toEqual(keysOf(one));
    expect(predictionsOf(three)).toHaveLength(8);
    expect(countsIn(done[1]!.stdout)).toEqual(countsIn(done[0]!.stdout));
    const files = readdirSync(join(latest(three), 'predictions/vllm-api-stream-chat'));
    expect(files).toEqual(['demo_gsm8k.jsonl']);
  });

  it('of a trace bind each row to its own timestamp', async () => {
    const { port } = await serve();
    const cwd = emptyFolder({ 'configs/datasets/own_trace.js': TRACE });
    const args = [
      '--models',
      CHAT,
      '--datasets',
      'own_trace',
      '--mode',
      'perf',
      '--max-out-len',
      '4',
      '--host-port',
      port,
    ];
    const { code, stderr } = await aisBench(
      cwd,
      ...args,
      '--set',
      'models.0.use_timestamp=true',
      '--batch-size',
      '4',
      '--workers',
      '2',
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('at their timestamps')]);
    const offsets = offsetsOf(cwd).map(Math.round);
    expect(offsets).toEqual([0, 150, 150, 400]);
    const rows = recordsOf(cwd).map(({ call }) => call.index);
    expect([rows[0], rows.slice(1, 3).sort(), rows[3]]).toEqual([1, [2, 3], 0]);
    const without = await aisBench(cwd, ...perf, '--host-port', port, '--arrival', 'trace');
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('[TINFER-PARAM-006]')]);
  });

  it('under pressure come from clients that are opened one by one and ask until the time is over', async () => {
    const { port } = await serve();
    const cwd = emptyFolder();
    const args = [...perf, '--host-port', port, '--batch-size', '3', '--request-rate', '4'];
    const { code, stderr } = await aisBench(
      cwd,
      ...args,
      '--pressure',
      '--pressure-time',
      '2',
      '--workers',
      '2',
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('4 new clients/s')]);
    const offsets = offsetsOf(cwd);
    expect(offsets.length).toBeGreaterThan(8);
    expect(Math.max(...offsets)).toBeLessThan(2000);
    for (const opening of [0, 250, 500]) expect(offsets.map(Math.round)).toContain(opening);
    // The data is asked again and again, each time as a further repetition.
    expect(new Set(keysOf(cwd)).size).toBe(offsets.length);
    const { repetition } = recordsOf(cwd)
      .map(({ call }) => call)
      .find(({ repetition }) => repetition > 0)!;
    expect(repetition).toBeGreaterThan(0);
  });

  it('end with --duration, whatever is left of the data', async () => {
    const { port } = await serve();
    const cwd = emptyFolder();
    const { code, stdout } = await aisBench(
      cwd,
      ...perf,
      '--host-port',
      port,
      '--request-rate',
      '4',
      '--duration',
      '0.6',
    );
    expect(code).toBe(0);
    expect(offsetsOf(cwd).map(Math.round)).toEqual([0, 250, 500]);
    expect(stdout).toContain('5 of 8 requests were not sent');
  });

  it('are refused where they contradict each other', async () => {
    const cwd = emptyFolder();
    const refused = [
      ['--arrival', 'poisson'],
      ['--cycle'],
      ['--ramp', '8..2'],
      ['--steps', '10'],
      ['--pressure', '--mode', 'all'],
    ].map((args) => aisBench(cwd, ...perf, ...args));
    for (const { code } of await Promise.all(refused)) expect(code).toBe(2);
  });
});

/** Processes that another one has started; Linux tells. */
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter((one) => one !== '')
    .map(Number);
const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Pauses between two words of an answer, ms. */
const slowly = (pauseMs: number): ScriptedReply => ({
  headers: SSE,
  body: [...words('7'), { pauseMs }, ...(streamed('8').body ?? [])],
});

describe.runIf(process.platform === 'linux')('workers', () => {
  it('send apart from the command what has 64 or more in flight, as the command sends what has fewer', async () => {
    const rows = EIGHT.replace('Array(8)', 'Array(64)');
    const files = [];
    for (const batch of ['63', '64']) {
      const cwd = emptyFolder({ 'configs/datasets/many.mjs': rows });
      const { port } = await serve();
      const args = ['--models', CHAT, '--datasets', 'many', '--mode', 'perf', '--max-out-len', '4'];
      const run = await aisBench(cwd, ...args, '--host-port', port, '--batch-size', batch);
      expect(run).toMatchObject({ code: 0 });
      expect(recordsOf(cwd)).toHaveLength(64);
      files.push(recordFilesOf(cwd).map((file) => basename(file)));
    }
    expect(files).toEqual([['demo_gsm8k_records.jsonl'], ['demo_gsm8k_records.w1.jsonl']]);
  });

  /** Two workers with two requests in flight each: the first four requests are answered, the others take their time. */
  async function twoWorkers(pauseMs: number, ...args: readonly string[]) {
    const server = await chatServer(({ body }) =>
      /question [0-3]/.test(body) ? streamed('7') : slowly(pauseMs),
    );
    const cwd = emptyFolder({ 'configs/datasets/eight.js': EIGHT });
    const own = ['--models', CHAT, '--datasets', 'eight', '--mode', 'perf', '--num-warmups', '0'];
    const run = start(cwd, [...own, '--url', server.url, '--batch-size', '4', '--workers', '2', ...args]);
    await until(() => server.asked.length === 8, 'all eight requests');
    await until(() => recordsOf(cwd).length === 4, 'the records of the first four');
    return { run, cwd, workers: childrenOf(run.child.pid!) };
  }

  it('that die are reported; what they and the others recorded is kept', async () => {
    const { run, cwd, workers } = await twoWorkers(3000, '--api-key', 'sk-very-secret');
    expect(workers).toHaveLength(2);
    for (const pid of workers) {
      expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('secret');
    }
    process.kill(workers[0]!, 'SIGKILL');
    const { code, stderr, stdout } = await run.finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/worker [12] of 2 was lost \(SIGKILL\)/);
    expect(degradedIn(stdout)).toMatch(/worker [12] of 2 was lost/);
    expect(stdout).toContain('2 of 8 requests were not sent');
    expect(recordsOf(cwd).filter(({ outcome }) => outcome === 'ok')).toHaveLength(6);
    expect(predictionsOf(cwd)).toHaveLength(6);
  });

  it('that hang are lost after --worker-silence and killed: the run ends, says so, and keeps what was recorded', async () => {
    const { run, cwd, workers } = await twoWorkers(3000, '--worker-silence', '1.5');
    process.kill(workers[0]!, 'SIGSTOP');
    const stopped = performance.now();
    const { code, stderr, stdout } = await run.finished;
    expect(performance.now() - stopped).toBeLessThan(15_000);
    expect(code).toBe(1);
    expect(stderr).toMatch(/worker [12] of 2 was lost \(silent for 2 s\) after about 2 of 4 samples/);
    expect(stdout).toContain(
      'LOAD NOT DELIVERED: 1 sender was lost before sending all requests of the share',
    );
    expect(stdout).toContain('2 of 8 requests were not sent');
    expect(recordsOf(cwd).filter(({ outcome }) => outcome === 'ok')).toHaveLength(6);
    expect(workers.filter(isThere)).toEqual([]);
  });

  it('that hang do not keep a run that is interrupted', async () => {
    const { run, cwd, workers } = await twoWorkers(60_000, '--worker-silence', '1.5');
    process.kill(workers[0]!, 'SIGSTOP');
    run.child.kill('SIGINT');
    await run.said('finishing the requests in flight');
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
    expect(recordsOf(cwd).filter(({ outcome }) => outcome === 'ok')).toHaveLength(4);
    expect(workers.filter(isThere)).toEqual([]);
  });

  it('finish what is in flight when the command is interrupted, and are gone after it', async () => {
    const { run, cwd, workers } = await twoWorkers(1000);
    run.child.kill('SIGINT');
    const { code } = await run.finished;
    expect(code).toBe(130);
    expect(recordsOf(cwd).filter(({ outcome }) => outcome === 'ok')).toHaveLength(8);
    expect(workers.filter(isThere)).toEqual([]);
  });

  it('give up what is in flight at the second interrupt', async () => {
    const { run, cwd } = await twoWorkers(60_000);
    run.child.kill('SIGINT');
    await run.said('finishing the requests in flight');
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
    const failures = recordsOf(cwd).map(({ failure }) => failure?.kind);
    expect(failures.filter((kind) => kind === 'cancelled')).toHaveLength(4);
  });

  it('end when the command is killed', async () => {
    const { run, workers } = await twoWorkers(60_000);
    run.child.kill('SIGKILL');
    await until(() => !workers.some(isThere), 'the end of the workers');
  });

  it.each([
    ['dialogues', 'vllm_api_stream_chat', 'demo_multiturn_gen', 'perf'],
    ['choices between labels', 'vllm_api_general', 'demo_mcq_ppl_0_shot_str', 'all'],
  ])('send %s too', async (_, model, dataset, mode) => {
    const { port } = await serve();
    const args = [
      '--models',
      model,
      '--datasets',
      dataset,
      '--mode',
      mode,
      '--host-port',
      port,
      '--batch-size',
      '3',
    ];
    const [one, two] = [emptyFolder(), emptyFolder()];
    const done = [await aisBench(one, ...args), await aisBench(two, ...args, '--workers', '2')];
    expect(done.map(({ code }) => code)).toEqual([0, 0]);
    expect(countsIn(done[1]!.stdout)).toEqual(countsIn(done[0]!.stdout));
    expect(keysOf(two)).toEqual(keysOf(one));
    const workersOf = (folder: string) => new Set(recordFilesOf(folder));
    expect([workersOf(one).size, workersOf(two).size]).toEqual([1, 2]);
  });

  it('are started by a run only', async () => {
    expect(await aisBench(emptyFolder(), 'worker-process')).toMatchObject({ code: 2 });
  });

  it('refuse configs and data that differ when they read them', async () => {
    const { port } = await serve();
    const cwd = emptyFolder({
      'configs/datasets/own_trace.js': TRACE.replace("'question ' + n", 'Math.random()'),
    });
    const args = ['--models', CHAT, '--datasets', 'own_trace', '--mode', 'perf', '--host-port', port];
    const { code, stderr } = await aisBench(cwd, ...args, '--batch-size', '4', '--workers', '2');
    expect([code, stderr]).toEqual([1, expect.stringContaining('changed since the run has read it')]);
  });
});
