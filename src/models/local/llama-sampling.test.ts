import { describe, expect, it } from 'vitest';
import { llamaSampling } from './llama.ts';
import { evaluateOptions } from './llama-batch.ts';

const optionsOf = (kwargs: object): any => evaluateOptions(llamaSampling(kwargs), [1, 2], [3], 16);

describe('generation_kwargs of a GGUF model', () => {
  it.each([
    [{}, 0],
    [{ top_p: 0.5 }, 0],
    [{ do_sample: true }, 1],
    [{ temperature: 0.7 }, 0.7],
    [{ temperature: 0.7, do_sample: false }, 0],
    [{ temperature: 0, do_sample: true }, 0],
    [{ temperature: null }, 0],
  ])('%j: temperature %d', (kwargs, temperature) => {
    expect(optionsOf(kwargs).temperature).toBe(temperature);
  });

  it('are handed over in llama.cpp’s words', () => {
    expect(optionsOf({ temperature: 1, top_k: 5, top_p: 0.9, min_p: 0.1, seed: 7 })).toEqual({
      temperature: 1,
      topK: 5,
      topP: 0.9,
      minP: 0.1,
      seed: 7,
      yieldEogToken: true,
    });
    // vLLM's word for all tokens.
    expect(optionsOf({ top_k: -1 }).topK).toBe(0);
  });

  it('draw another seed for every answer where none is given', () => {
    expect(optionsOf({ temperature: 1 }).seed).not.toBe(optionsOf({ temperature: 1 }).seed);
  });

  it('penalise tokens of prompt and answer, or of the answer', () => {
    const { repeatPenalty: both } = optionsOf({ repetition_penalty: 1.2 });
    expect([both.penalty, both.punishTokens(), both.maxPunishTokens]).toEqual([1.2, [1, 2, 3], 18]);
    const { repeatPenalty: answer } = optionsOf({ frequency_penalty: 0.5, presence_penalty: 1 });
    expect(answer).toMatchObject({ penalty: 1, frequencyPenalty: 0.5, presencePenalty: 1 });
    expect(answer.punishTokens()).toEqual([3]);
  });
});
