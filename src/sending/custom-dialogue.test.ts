import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFake } from '../../test/support/fake-ask.ts';
import {
  type Answering,
  reply,
  sampleDataset,
  samplePlan,
  sampleTarget,
  sampleWire,
} from '../../test/support/sample-source.ts';
import type { DialogueSample, Inferencer } from '../contract/inferencer.ts';
import { AskError } from '../contract/inferencer.ts';
import type { RunRecord, Transcript } from '../contract/record.ts';
import { fakeClock } from '../testing/index.ts';
import { RunControl } from './control.ts';
import { customDialogue } from './custom-dialogue.ts';
import { ONE_PASS } from './load-plan.ts';
import { plannedRequests, runTask, serviceClient } from './run-task.ts';
import type { TaskSamples } from './shape.ts';

const model = samplePlan();
const ROW = { question: 'why?', answer: 'because', max_out_len: 12 };

function shapeOf(inferencer: Inferencer, options: Readonly<Record<string, unknown>> = {}) {
  const dataset = sampleDataset({ inferencer: { type: 'Mine', ...options } });
  return customDialogue({ model, dataset, train: [] }, inferencer);
}

const run = (inferencer: Inferencer, replies: Parameters<typeof runFake>[2] = (_, n) => `answer ${n}`) =>
  runFake(shapeOf(inferencer).makeRun({ index: 3, row: ROW }, 0), 100, replies);

const twice: Inferencer = async ({ prompt }, ask) => {
  const first = await ask(prompt);
  const second = await ask(`${first.content}?`, { maxOutLen: 5, tools: [{ name: 'f' }] });
  return { prediction: second.content, details: { first: first.content } };
};

describe('an inferencer of the user’s own', () => {
  it('gets the row, its prompt and the keys beside its type', async () => {
    let seen: DialogueSample | undefined;
    const shape = shapeOf(
      async (sample) => {
        seen = sample;
        return { prediction: '' };
      },
      { doubt: 'sure?' },
    );
    await runFake(shape.makeRun({ index: 3, row: ROW }, 2), 0, () => '');
    expect(seen).toEqual({ row: ROW, index: 3, repetition: 2, prompt: 'why?', options: { doubt: 'sure?' } });
  });

  it('sends requests that are turns of one sample, and keeps all of them with its prediction', async () => {
    const { asked, told } = await run(twice);
    expect(
      asked.map(({ call: { prompt, maxOutLen, tools, ref } }) => [prompt, maxOutLen, tools, ref.turn]),
    ).toEqual([
      ['why?', 12, undefined, 0],
      ['answer 0?', 5, [{ name: 'f' }], 1],
    ]);
    expect(new Set(asked.map(({ call }) => call.ref.id)).size).toBe(1);
    expect(told).toMatchObject([
      { success: true, prompt: 'why?', content: 'answer 1', gold: 'because', call: { index: 3 } },
    ]);
    expect(told[0]!.call).not.toHaveProperty('turn');
    expect(told[0]!.details).toEqual({
      first: 'answer 0',
      requests: [
        { prompt: 'why?', content: 'answer 0' },
        { prompt: 'answer 0?', content: 'answer 1' },
      ],
    });
  });

  it('has its first request due with the sample, and a later one when it is made', async () => {
    const { asked } = await run(twice);
    expect(asked.map(({ due }) => due)).toEqual([100, 110]);
    let now = 100;
    const due: number[] = [];
    const late = shapeOf(async ({ prompt }, ask) => {
      now = 170;
      await Promise.resolve();
      await ask(prompt);
      return { prediction: '' };
    });
    const send = async (_: unknown, at: number) => void due.push(at);
    const context = { clock: () => now, fail: () => {} };
    await late.makeRun({ index: 0, row: ROW }, 0).run(100, send as never, () => {}, context);
    expect(due).toEqual([170]);
  });

  it('sends one request at a time, in the order in which they were made', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { minLength: 1, maxLength: 8 }), async (prompts) => {
        const { asked, told } = await run(async (_, ask) => {
          const answers = await Promise.all(prompts.map((prompt) => ask(prompt)));
          return { prediction: answers.map(({ content }) => content).join() };
        });
        expect(asked.map(({ call }) => call.prompt)).toEqual(prompts);
        expect(asked.map(({ due }) => due)).toEqual(prompts.map((_, n) => 100 + 10 * n));
        expect(told[0]!.content).toBe(prompts.map((_, n) => `answer ${n}`).join());
      }),
    );
  });

  it('waits for a request whose answer the function does not wait for', async () => {
    const { asked, told } = await run(async (_, ask) => {
      void ask('left');
      return { prediction: 'at once' };
    });
    expect(asked).toHaveLength(1);
    expect(told[0]!.details!['requests']).toHaveLength(1);
  });
});

describe('what goes wrong', () => {
  it('a failed request rejects with its failure, and fails the sample of a function that does not catch it', async () => {
    const { asked, told, failed } = await run(twice, (_, n) => (n === 0 ? 'x' : { fail: 'timeout' }));
    expect(asked).toHaveLength(2);
    expect(failed).toEqual([]);
    expect(told).toMatchObject([
      { success: false, content: '', gold: 'because', failure: { kind: 'timeout', message: 'broken' } },
    ]);
    expect(told[0]!.details!['requests']).toMatchObject([{ content: 'x' }, { failure: { kind: 'timeout' } }]);
  });

  it('a function may go on after it', async () => {
    const { told } = await run(
      async ({ prompt }, ask) => {
        const failure = await ask(prompt).catch((error: unknown) => (error as AskError).failure.kind);
        return { prediction: `${String(failure)}, then ${(await ask('again')).content}` };
      },
      (_, n) => (n === 0 ? { fail: 'timeout' } : 'fine'),
    );
    expect(told).toMatchObject([{ success: true, content: 'timeout, then fine' }]);
  });

  it.each([
    ['throws', async () => Promise.reject(new Error('no luck')), 'the inferencer threw: no luck'],
    ['returns nothing', async () => undefined, 'it returned undefined, and no { prediction: "…" }'],
    ['returns a number', async () => ({ prediction: 3 }), 'it returned {"prediction":3}, and no'],
  ])(
    'a function that %s fails its sample, with the record of a request that was not sent',
    async (_, body, message) => {
      const { told, failed } = await run(body as unknown as Inferencer);
      expect(told).toMatchObject([{ success: false, failure: { kind: 'model-bug' } }]);
      expect(told[0]!.failure!.message).toContain(message);
      expect(failed).toMatchObject([
        {
          outcome: 'failed',
          call: { turn: 0, index: 3 },
          times: { scheduled: 100 },
          failure: { kind: 'model-bug' },
        },
      ]);
    },
  );

  it('nothing is kept of a sample that the stop of the run broke off, whatever the function makes of it', async () => {
    const stopped: (string | undefined)[] = ['one', undefined];
    const { told, failed } = await run(
      async (_, ask) => {
        await ask('a');
        const second = await ask('b').catch((error: unknown) => error);
        expect(second).toBeInstanceOf(AskError);
        await expect(ask('c')).rejects.toThrow('the run was stopped');
        return { prediction: 'never mind' };
      },
      (_, n) => stopped[n],
    );
    expect([told, failed]).toEqual([[], []]);
  });
});

describe('a task of such samples', () => {
  const clock = fakeClock();
  const yes: Answering = (sink) => reply(sink, clock, { said: 'yes', tokens: 2 });

  async function records(inferencer: Inferencer, count = 3, control = new RunControl(), answer = yes) {
    const plan = samplePlan({ concurrency: 2 });
    const rows = Array.from({ length: count }, (_, index) => ({
      index,
      row: { ...ROW, question: `${index}` },
    }));
    const source: TaskSamples = { model: plan, rows, shape: shapeOf(inferencer) };
    const wire = sampleWire(clock, answer, control.signal);
    const kept: RunRecord[] = [];
    const told: Transcript[] = [];
    const sink = {
      record: (one: RunRecord) => void kept.push(one),
      transcript: (one: Transcript) => void told.push(one),
    };
    const progress = { done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
    const client = serviceClient({ wire, pick: () => sampleTarget() }, 1);
    const outcome = await runTask(source, client, sink, control, progress);
    return {
      outcome,
      progress,
      source,
      told,
      turns: kept.map(({ call }) => [call.index, call.turn, call.turns]),
    };
  }

  it('knows how many turns a dialogue had when it is over', async () => {
    const { turns, outcome, source } = await records(async ({ index }, ask) => {
      for (let n = 0; n < index; n++) await ask('more');
      return { prediction: (await ask('last')).content };
    });
    expect(turns.sort()).toEqual([
      [0, 0, 1],
      [1, 0, 2],
      [1, 1, 2],
      [2, 0, 3],
      [2, 1, 3],
      [2, 2, 3],
    ]);
    expect(outcome).toEqual({ planned: undefined, sent: 6, stopped: undefined });
    expect(plannedRequests(source, ONE_PASS)).toBeUndefined();
  });

  it('leaves one more turn to a dialogue that was broken off', async () => {
    const control = new RunControl();
    const { turns, told, outcome } = await records(
      async (_, ask) => {
        await ask('a');
        control.drain();
        return { prediction: (await ask('b')).content };
      },
      1,
      control,
    );
    expect(turns).toEqual([[0, 0, 2]]);
    expect([told, outcome.stopped]).toEqual([[], 'interrupted']);
  });

  it('counts a sample whose function throws as failed, and gives up where all do', async () => {
    const { progress, outcome, turns } = await records(async () => Promise.reject(new Error('no')), 30);
    expect(progress.failed).toBeGreaterThanOrEqual(20);
    expect(outcome.stopped).toBe('gave-up');
    expect(turns[0]).toEqual([0, 0, 1]);
  });
});
