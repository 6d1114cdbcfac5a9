import { describe, expect, it } from 'vitest';
import {
  type Answering,
  DIALOGUES,
  reply,
  sampleDataset,
  sampleOptions,
  samplePlan,
  sampleSource,
  sampleTarget,
  sampleWire,
} from '../../test/support/sample-source.ts';
import type { ServiceModelPlan } from '../config/plan.ts';
import type { RunRecord, Transcript } from '../contract/record.ts';
import { VLLMCustomAPI } from '../models/api/vllm-custom-api.ts';
import { fakeClock } from '../testing/index.ts';
import { bodyAsText } from '../transport/types.ts';
import { RunControl } from './control.ts';
import { multiTurn } from './inferencers.ts';
import { runTask, serviceClient, warmUp } from './run-task.ts';
import type { TaskSamples } from './shape.ts';
import { NO_WARMUP, requireAnswer } from './warm-up.ts';

const clock = fakeClock();
const yes: Answering = (sink) => reply(sink, clock, { said: 'yes', tokens: 2 });
const no: Answering = (sink, n) => reply(sink, clock, { error: `no ${n}` }, 400);

async function run(source: TaskSamples, answer: Answering, control = new RunControl()) {
  const wire = sampleWire(clock, answer, control.signal);
  const records: RunRecord[] = [];
  const progress = { total: 0, done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
  const sink = { record: (record: RunRecord) => void records.push(record), transcript: () => {} };
  const service = { wire, pick: () => sampleTarget() };
  const outcome = await runTask(
    source,
    serviceClient(service, source.model.attempts),
    sink,
    control,
    progress,
  );
  return { outcome, records, progress, sent: wire.sent.length };
}

describe('runTask', () => {
  it('puts every call through, and counts', async () => {
    const { outcome, records, progress } = await run(
      sampleSource(30, { concurrency: 4, repetitions: 2 }),
      yes,
    );
    expect(outcome).toEqual({ planned: 60, sent: 60, stopped: undefined });
    expect(new Set(records.map(({ call }) => call.id)).size).toBe(60);
    expect(progress).toMatchObject({ done: 60, failed: 0, inFlight: 0, outputTokens: 120 });
  });

  it('hands on a case whole, answers before records, where that is wanted', async () => {
    const source = sampleSource(6, { concurrency: 3 });
    const told: string[] = [];
    const wire = sampleWire(clock, yes, new RunControl().signal);
    const sink = {
      record: ({ call }: RunRecord) => void told.push(`record ${call.index}`),
      transcript: ({ call }: Transcript) => void told.push(`answer ${call.index}`),
      keepsWholeSamples: true,
    };
    const progress = { done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
    const answerer = serviceClient({ wire, pick: () => sampleTarget() }, 1);
    await runTask(source, answerer, sink, new RunControl(), progress);
    expect(told).toHaveLength(12);
    for (let n = 0; n < 12; n += 2)
      expect(told.slice(n, n + 2).map((one) => one.split(' ')[0])).toEqual(['answer', 'record']);
    expect(new Set(told).size).toBe(12);
  });

  it.each([1, 8])(
    'gives up after 20 failures when nothing ever succeeded (%i in flight)',
    async (concurrency) => {
      const { outcome, records, sent } = await run(sampleSource(200, { concurrency }), no);
      expect(outcome).toMatchObject({ planned: 200, stopped: 'gave-up' });
      expect(sent).toBe(outcome.sent);
      expect(sent).toBeGreaterThanOrEqual(20);
      expect(sent).toBeLessThan(20 + concurrency);
      expect(records).toHaveLength(sent);
    },
  );

  it('does not give up once something succeeded, nor on a load that is over anyway', async () => {
    const first: Answering = (sink, n, request) => (n === 0 ? yes : no)(sink, n, request);
    expect((await run(sampleSource(60), first)).outcome).toEqual({
      planned: 60,
      sent: 60,
      stopped: undefined,
    });
    expect((await run(sampleSource(20), no)).outcome).toEqual({ planned: 20, sent: 20, stopped: undefined });
  });

  it('after drain sends nothing more, and what is in flight finishes', async () => {
    const control = new RunControl();
    const draining: Answering = (sink, n, request) => {
      if (n === 5) control.drain();
      setImmediate(() => yes(sink, n, request));
    };
    const { outcome, records } = await run(sampleSource(100, { concurrency: 3 }), draining, control);
    expect(outcome.stopped).toBe('interrupted');
    expect(outcome.sent).toBeLessThan(12);
    expect(records).toHaveLength(outcome.sent);
    expect(records.every(({ outcome: how }) => how === 'ok')).toBe(true);
  });

  it('after abort what is in flight is cancelled', async () => {
    const control = new RunControl();
    const hanging: Answering = (sink, n, request) => {
      if (n < 2) yes(sink, n, request);
      if (n === 4) control.abort();
    };
    const { outcome, records } = await run(sampleSource(100, { concurrency: 3 }), hanging, control);
    expect(outcome.stopped).toBe('interrupted');
    const kinds = records.map((record) => (record.outcome === 'failed' ? record.failure.kind : 'ok'));
    expect(kinds.sort()).toEqual(['cancelled', 'cancelled', 'cancelled', 'ok', 'ok']);
  });

  it('what a sink throws ends the run', async () => {
    const wire = sampleWire(clock, yes);
    const sink = {
      record: () => {
        throw new Error('disk full');
      },
      transcript: () => {},
    };
    const progress = { total: 0, done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
    const service = { wire, pick: () => sampleTarget() };
    const running = runTask(sampleSource(50), serviceClient(service, 1), sink, new RunControl(), progress);
    await expect(running).rejects.toThrow('disk full');
    expect(wire.sent.length).toBeLessThan(3);
  });
});

describe('warmUp', () => {
  it('asks each once, round and round, and returns what failed', async () => {
    const wire = sampleWire(clock, (sink, n, request) => (n === 1 ? no : yes)(sink, n, request));
    const service = { wire, pick: () => sampleTarget() };
    const source = sampleSource(2, { attempts: 3 });
    expect(await warmUp(source, serviceClient(service, 1), 5, new RunControl())).toMatchObject({
      answered: 4,
      failures: [{ failure: { message: 'HTTP 400: no 1' } }],
    });
    const asked = wire.sent.map(({ body }) => JSON.parse(String(body)).ask);
    expect(asked).toEqual(['question 0', 'question 1', 'question 0', 'question 1', 'question 0']);
    expect(await warmUp(source, serviceClient(service, 1), 0, new RunControl())).toEqual(NO_WARMUP);
    expect(wire.sent).toHaveLength(5);
  });

  describe('of a model that ends an answer without a word', () => {
    const saying = (text: string) => ({ choices: [{ text, finish_reason: 'stop' }] });
    const warmUpWith = async (answers: readonly string[], rows: number, count = 1) => {
      const wire = sampleWire(clock, (sink, n) => reply(sink, clock, saying(answers[n] ?? '')));
      const model = new VLLMCustomAPI(sampleOptions({ model: 'm' }));
      const service = { wire, pick: () => ({ ...sampleTarget(), model }) };
      const warmup = await warmUp(sampleSource(rows), serviceClient(service, 3), count, new RunControl());
      return { warmup, prompts: wire.sent.map((sent) => JSON.parse(bodyAsText(sent)!).prompt) };
    };

    it('tries further samples until one has an answer', async () => {
      const { warmup, prompts } = await warmUpWith(['', '', 'yes'], 9);
      expect(prompts).toEqual(['question 0', 'question 1', 'question 2']);
      expect(warmup).toMatchObject({ answered: 1, silent: 2, failures: [{}, {}] });
      requireAnswer(warmup, samplePlan());
    });

    it('goes on without after three of them', async () => {
      const { warmup, prompts } = await warmUpWith([], 9);
      expect(prompts).toHaveLength(4);
      expect(warmup).toMatchObject({ answered: 0, silent: 4 });
      requireAnswer(warmup, samplePlan());
    });

    it('tries no sample twice, and none where one was answered', async () => {
      expect((await warmUpWith([], 1)).prompts).toEqual(['question 0']);
      expect((await warmUpWith(['', 'yes'], 9, 2)).prompts).toHaveLength(2);
    });
  });

  it('does not take an answer without an end for one', async () => {
    const wire = sampleWire(clock, (sink) => reply(sink, clock, { said: '' }));
    const service = { wire, pick: () => sampleTarget() };
    const warmup = await warmUp(sampleSource(9), serviceClient(service, 1), 1, new RunControl());
    expect(wire.sent).toHaveLength(1);
    expect(() => requireAnswer(warmup, samplePlan())).toThrow(
      'the warm-up request failed: the reply is empty',
    );
  });
});

describe('dialogues', () => {
  const dataset = sampleDataset(DIALOGUES);

  /** `count` dialogues of three turns. */
  function dialogues(count: number, plan: Partial<ServiceModelPlan> = {}): TaskSamples {
    const model = samplePlan(plan);
    const row = { question: ['a', 'b', 'c'], answer: ['A', 'B', 'C'] };
    const rows = Array.from({ length: count }, (_, index) => ({ index, row }));
    return { model, rows, shape: multiTurn({ model, dataset, train: [] }) };
  }

  it('progress counts dialogues, the outcome requests', async () => {
    const { outcome, records, progress } = await run(dialogues(4, { concurrency: 2 }), yes);
    expect(outcome).toEqual({ planned: 12, sent: 12, stopped: undefined });
    expect(progress).toMatchObject({ done: 4, failed: 0, inFlight: 0, outputTokens: 24 });
    const turns = records.filter(({ call }) => call.index === 0).map(({ call }) => call.turn);
    expect(turns).toEqual([0, 1, 2]);
  });

  it('one that breaks off has failed, and its later turns are not sent', async () => {
    const second: Answering = (sink, n, request) => (n === 1 ? no : yes)(sink, n, request);
    const { outcome, progress } = await run(dialogues(2), second);
    expect(outcome).toEqual({ planned: 6, sent: 5, stopped: undefined });
    expect(progress).toMatchObject({ done: 2, failed: 1 });
  });

  it('gives up on a service that never answers, not on one whose dialogues break off', async () => {
    expect((await run(dialogues(60), no)).outcome).toEqual({ planned: 180, sent: 20, stopped: 'gave-up' });
    const odd: Answering = (sink, n, request) => (n % 2 === 1 ? no : yes)(sink, n, request);
    expect((await run(dialogues(60), odd)).outcome).toEqual({ planned: 180, sent: 120, stopped: undefined });
  });

  it('after drain a dialogue ends with the turn that is in flight', async () => {
    const control = new RunControl();
    const draining: Answering = (sink, n, request) => {
      if (n === 3) control.drain();
      setImmediate(() => yes(sink, n, request));
    };
    const { outcome, records } = await run(dialogues(50, { concurrency: 2 }), draining, control);
    expect(outcome.stopped).toBe('interrupted');
    expect(outcome.sent).toBe(records.length);
    expect(records.length).toBeLessThanOrEqual(5);
    expect(records.every(({ outcome: how }) => how === 'ok')).toBe(true);
  });

  it('all its turns go to the one target that is picked for it, which is then released', async () => {
    const picked: string[] = [];
    let released = 0;
    const wire = sampleWire(clock, yes);
    const service = {
      wire,
      pick: ({ index }: { index: number }) => {
        const server = `server ${index % 2}`;
        picked.push(server);
        return { ...sampleTarget(), server, release: () => void released++ };
      },
    };
    const records: RunRecord[] = [];
    const sink = { record: (record: RunRecord) => void records.push(record), transcript: () => {} };
    const progress = { total: 0, done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
    await runTask(
      dialogues(4, { concurrency: 3 }),
      serviceClient(service, 1),
      sink,
      new RunControl(),
      progress,
    );
    expect(picked).toHaveLength(4);
    expect(released).toBe(4);
    for (const { call, server } of records) expect(server).toBe(`server ${call.index % 2}`);
  });

  it('warm-up asks whole dialogues', async () => {
    const wire = sampleWire(clock, yes);
    const service = { wire, pick: () => sampleTarget() };
    const warmup = await warmUp(dialogues(3), serviceClient(service, 1), 2, new RunControl());
    expect(warmup).toEqual({ answered: 6, failures: [], silent: 0 });
    expect(wire.sent).toHaveLength(6);
  });
});
