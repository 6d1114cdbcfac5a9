import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { END, FakeSequence, fakeModel, tokensOf } from '../../../test/support/fake-llama.ts';
import { llamaSampling } from './llama.ts';
import { type AnswerLimits, answerTogether } from './llama-batch.ts';
import type { LlamaToken } from './llama-load.ts';

/** Says the prompt's letters again, then ends. */
const echo = (held: readonly LlamaToken[]): LlamaToken => {
  const bar = held.indexOf(124);
  return held.length > 2 * bar ? END : held[held.length - bar - 1]!;
};

const LIMITS: AnswerLimits = { maxOutLen: 20, stopWords: [], stopTokens: [], sampling: llamaSampling({}) };

async function answer(prompts: readonly string[], limits: Partial<AnswerLimits> = {}, batchTokens = 512) {
  const sequences = prompts.map(() => new FakeSequence(echo));
  const grown = prompts.map(() => 0);
  const batcher = { model: fakeModel, batchTokens, sequences };
  const results = await answerTogether(
    batcher,
    prompts.map((prompt) => tokensOf(`${prompt}|`)),
    { ...LIMITS, ...limits },
    {
      signal: new AbortController().signal,
      onTokens: (index, tokens) => {
        grown[index]! += tokens;
      },
    },
  );
  return { results, grown, sequences };
}

describe('answerTogether', () => {
  it('answers each prompt, and counts what it read and gave', async () => {
    const { results, grown } = await answer(['ab', 'hello', 'x']);
    expect(results).toEqual([
      { text: 'ab', inputTokens: 3, outputTokens: 3, finishReason: 'stop' },
      { text: 'hello', inputTokens: 6, outputTokens: 6, finishReason: 'stop' },
      { text: 'x', inputTokens: 2, outputTokens: 2, finishReason: 'stop' },
    ]);
    expect(grown).toEqual([3, 6, 2]);
  });

  it('cuts at the largest number of tokens', async () => {
    const { results } = await answer(['abc', 'a'], { maxOutLen: 2 });
    expect(results).toMatchObject([
      { text: 'ab', outputTokens: 2, finishReason: 'length' },
      { text: 'a', outputTokens: 2, finishReason: 'stop' },
    ]);
  });

  it('ends before the first stop word, over tokens', async () => {
    const { results } = await answer(['one two', 'two'], { stopWords: ['tw', ' t'] });
    expect(results).toMatchObject([
      { text: 'one', outputTokens: 5, finishReason: 'stop' },
      { text: '', outputTokens: 2, finishReason: 'stop' },
    ]);
  });

  it('ends at a stop token, which is not in the text', async () => {
    const { results } = await answer(['abc'], { stopTokens: tokensOf('b') });
    expect(results).toMatchObject([{ text: 'a', outputTokens: 2, finishReason: 'stop' }]);
  });

  it('goes on behind the end of the text where it shall', async () => {
    const sampling = llamaSampling({ ignore_eos: true });
    const { results } = await answer(['ab'], { sampling, maxOutLen: 5 });
    expect(results).toMatchObject([{ outputTokens: 5, finishReason: 'length' }]);
  });

  it('reads any prompts in any parts, each completely and once', async () => {
    const prompt = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(prompt, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        async (prompts, batchTokens) => {
          const { results, sequences } = await answer(prompts, {}, batchTokens);
          expect(results.map(({ text }) => text)).toEqual(prompts);
          sequences.forEach(({ given, open }, index) => {
            const read = String.fromCodePoint(...given.flat());
            expect(read).toBe(`${prompts[index]}|${prompts[index]}`);
            expect(open).toBe(0);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('reads once what prompts share with what a sequence holds', async () => {
    const sequences = ['xyz', 'abcdef'].map((text) => {
      const sequence = new FakeSequence(echo);
      sequence.held = tokensOf(text);
      return sequence;
    });
    const batcher = { model: fakeModel, batchTokens: 512, sequences };
    const prompts = [tokensOf('abcd|'), tokensOf('q|')];
    const results = await answerTogether(batcher, prompts, LIMITS, { signal: new AbortController().signal });
    expect(results.map(({ text }) => text)).toEqual(['abcd', 'q']);
    expect(sequences[1]!.given[0]).toEqual(tokensOf('|'));
  });

  it('lets no answer of a batch fall behind', async () => {
    const running: string[] = [];
    const sequences = ['A', 'B'].map((name) => {
      return new FakeSequence((held) => {
        running.push(name);
        return echo(held);
      });
    });
    const batcher = { model: fakeModel, batchTokens: 512, sequences };
    await answerTogether(batcher, [tokensOf('abc|'), tokensOf('a much longer one|')], LIMITS, {
      signal: new AbortController().signal,
    });
    expect(running.slice(0, 8).join('')).toBe('ABABABAB');
  });

  it('stops between tokens, and lets the sequences go', async () => {
    const controller = new AbortController();
    const sequences = [new FakeSequence(() => 97), new FakeSequence(() => 97)];
    const batcher = { model: fakeModel, batchTokens: 512, sequences };
    let steps = 0;
    const answering = answerTogether(batcher, [tokensOf('a'), tokensOf('b')], LIMITS, {
      signal: controller.signal,
      onTokens: () => {
        steps += 1;
        if (steps === 6) controller.abort();
      },
    });
    await expect(answering).rejects.toThrow('aborted');
    expect(steps).toBe(6);
    expect(sequences.map(({ open }) => open)).toEqual([0, 0]);
  });

  it('stops between the parts of a prompt', async () => {
    const sequences = [new FakeSequence(echo)];
    const batcher = { model: fakeModel, batchTokens: 2, sequences };
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    const prompt = tokensOf('a'.repeat(1000));
    await expect(answerTogether(batcher, [prompt], LIMITS, { signal: controller.signal })).rejects.toThrow(
      'aborted',
    );
    expect(sequences[0]!.given.length).toBeLessThan(400);
  });
});
