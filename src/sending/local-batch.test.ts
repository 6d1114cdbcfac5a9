import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localOptions, Parrot } from '../../test/support/sample-local.ts';
import { BaseModel, type GenerateArgs } from '../contract/base-model.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { fakeClock } from '../testing/index.ts';
import { EventRecorder } from '../transport/event-log.ts';
import { answerBatch, takeBatch, type Waiting } from './local-batch.ts';

const waiting = (maxOutLen: number, n: number): Waiting & { n: number } => ({
  call: { maxOutLen } as Waiting['call'],
  scheduled: 0,
  n,
});

describe('takeBatch', () => {
  it('takes what has one limit, oldest first, and leaves the rest in order', () => {
    const all = [5, 9, 5, 5, 9].map(waiting);
    expect(takeBatch(all, 2).map(({ n }) => n)).toEqual([0, 2]);
    expect(all.map(({ n }) => n)).toEqual([1, 3, 4]);
  });

  it('takes everybody once, in batches that are small enough and of one limit', () => {
    const limits = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 40 });
    fc.assert(
      fc.property(limits, fc.integer({ min: 1, max: 7 }), (given, size) => {
        const left = given.map(waiting);
        const taken: number[] = [];
        while (left.length > 0) {
          const oldest = left[0]!.n;
          const batch = takeBatch(left, size);
          expect(batch[0]?.n).toBe(oldest);
          expect(batch.length).toBeLessThanOrEqual(size);
          expect(new Set(batch.map(({ call }) => call.maxOutLen)).size).toBe(1);
          taken.push(...batch.map(({ n }) => n));
        }
        expect(taken.sort((a, b) => a - b)).toEqual(given.map((_, n) => n));
      }),
    );
  });
});

function answering(generate: () => unknown): BaseModel {
  class Answering extends BaseModel {
    generate(): any {
      return generate();
    }
  }
  return new Answering(localOptions());
}

const calls = ['a', 'b', 'c'].map((prompt) => ({ prompt, maxOutLen: 7 }));
const wire = (signal = new AbortController().signal) => ({ clock: fakeClock(3), signal });

describe('answerBatch', () => {
  it('gives the prompts and their limit, and gets the texts', async () => {
    const model = new Parrot(localOptions());
    const answer = await answerBatch(model, calls, wire());
    expect(answer).toEqual({
      started: 3,
      done: 3,
      answers: ['said a', 'said b', 'said c'].map((text) => ({ text })),
      growth: Array(3).fill(new EventRecorder().toLog()),
    });
    expect(model.batches).toEqual([{ prompts: ['a', 'b', 'c'], maxOutLen: 7 }]);
  });

  it('stamps each answer as it grows', async () => {
    const clock = fakeClock(0);
    class Streaming extends Parrot {
      override async generate(inputs: readonly PromptType[], _limit: number, { onTokens }: GenerateArgs) {
        for (const at of [10, 25, 31]) {
          clock.set(at);
          onTokens?.(0, 1);
          if (at > 10) onTokens?.(2, 2);
        }
        return inputs.map(() => 'x');
      }
    }
    const { growth } = await answerBatch(new Streaming(localOptions()), calls, { ...wire(), clock });
    expect(growth.map(({ at, tokens }) => [[...at], [...tokens]])).toEqual([
      [
        [10, 25, 31],
        [1, 1, 1],
      ],
      [[], []],
      [
        [25, 31],
        [2, 2],
      ],
    ]);
  });

  it('scores prompts where that is asked', async () => {
    const scoring = (getPpl: () => unknown) =>
      Object.assign(new Parrot(localOptions()), { getPpl: async () => getPpl() }) as unknown as BaseModel;
    const asked = calls.map((call) => ({ ...call, scoresPrompt: true as const }));
    const losses = [{ loss: 2, tokens: 4 }, { loss: 0.5 }, { loss: 1, tokens: 1 }];
    const { answers } = await answerBatch(
      scoring(() => losses),
      asked,
      wire(),
    );
    expect(answers).toEqual([
      { text: '2', details: { loss: 2, perplexity: Math.exp(2), tokens: 4 } },
      { text: '0.5', details: { loss: 0.5, perplexity: Math.exp(0.5) } },
      { text: '1', details: { loss: 1, perplexity: Math.E, tokens: 1 } },
    ]);
    for (const [given, message] of [
      [[{ loss: 1 }], 'getPpl returned 1 losses for 3 prompts'],
      [[1, 2, 3], 'getPpl returned a number where loss 0 belongs'],
      [[{ loss: 1 }, { loss: Number.NaN }, { loss: 1 }], 'getPpl returned an object where loss 1 belongs'],
    ] as const) {
      const wrong = await answerBatch(
        scoring(() => given),
        asked,
        wire(),
      );
      expect(wrong.answers).toEqual({ kind: 'model-bug', message });
    }
  });

  it.each([
    [['x', 'y'], 'generate returned 2 texts for 3 prompts'],
    [['x', 'y', 'z', '!'], 'generate returned 4 texts for 3 prompts'],
    ['xyz', 'generate returned a string where a list of 3 texts belongs'],
    [undefined, 'generate returned undefined where a list of 3 texts belongs'],
    [['x', null, 'z'], 'generate returned null where text 1 belongs'],
    [['x', 'y', {}], 'generate returned an object where text 2 belongs'],
  ])('%j: %s', async (given, message) => {
    const { answers } = await answerBatch(
      answering(async () => given),
      calls,
      wire(),
    );
    expect(answers).toEqual({ kind: 'model-bug', message });
  });

  it.each([
    [
      'at once',
      () => {
        throw new Error('out of memory');
      },
    ],
    [
      'later',
      async () => {
        throw new Error('out of memory');
      },
    ],
  ])('a model that throws %s is told with its stack', async (_when, generate) => {
    const { answers } = await answerBatch(answering(generate), calls, wire());
    expect(answers).toMatchObject({ kind: 'model-bug', message: 'generate threw: out of memory' });
    expect((answers as { bodyExcerpt: string }).bodyExcerpt).toContain('local-batch.test.ts');
  });

  it.each([
    [
      'listens',
      (signal: AbortSignal) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
    ],
    ['is deaf', () => new Promise(() => {})],
  ])('a model that %s is given up when the run is stopped', async (_how, generate) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    const model = answering(() => generate(controller.signal));
    const { answers } = await answerBatch(model, calls, wire(controller.signal));
    expect(answers).toEqual({ kind: 'cancelled', message: 'the run was stopped' });
    expect((await answerBatch(model, calls, wire(controller.signal))).answers).toMatchObject({
      kind: 'cancelled',
    });
  });
});
