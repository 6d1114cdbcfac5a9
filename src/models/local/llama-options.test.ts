import { describe, expect, it } from 'vitest';
import { localOptions } from '../../../test/support/sample-local.ts';
import { readLlamaOptions } from './llama.ts';

const settingsOf = (further: Record<string, unknown>, generationKwargs = {}) =>
  readLlamaOptions(localOptions({ path: 'm.gguf', further, generationKwargs }));

describe('the options of a GGUF model', () => {
  it('have defaults that change nothing', () => {
    const { loading, ...rest } = settingsOf({});
    expect(loading).toMatchObject({
      gguf: 'm.gguf',
      gpu: 'auto',
      sequences: 3,
      contextLength: 2048,
      vocabOnly: false,
    });
    expect(loading.threads).toBeGreaterThanOrEqual(1);
    expect(rest).toEqual({
      mode: 'none',
      stopWords: [],
      stopTokens: [],
      prefixCache: true,
      sampling: {
        temperature: 0,
        topK: 0,
        topP: 1,
        minP: 0,
        seed: undefined,
        repetitionPenalty: 1,
        frequencyPenalty: 0,
        presencePenalty: 0,
        ignoreEos: false,
      },
    });
  });

  it('take the names of the other local models', () => {
    const further = {
      stop_words: 'Q:',
      end_str: '\n\n',
      stop_token_ids: [1],
      drop_middle: true,
      sync_rank: 0,
    };
    expect(settingsOf(further, { stop_token_ids: [2] })).toMatchObject({
      stopWords: ['Q:', '\n\n'],
      stopTokens: [1, 2],
      mode: 'mid',
    });
    expect(settingsOf({ gpu: false, threads: 3, prefix_cache: false })).toMatchObject({
      loading: { gpu: false, threads: 3 },
      prefixCache: false,
    });
  });

  it('may be made without a config', () => {
    const settings = readLlamaOptions(localOptions({ stopWords: ['x'], mode: 'mid' }));
    expect(settings).toMatchObject({ stopWords: ['x'], mode: 'mid' });
  });

  it.each([
    [{ gpus: 1 }, {}, 'gpus', 'choose among gpu,'],
    [{ threads: 0 }, {}, 'threads', 'correct threads'],
    [{ mode: 'start' }, {}, 'mode', 'correct mode'],
    [{}, { temprature: 1 }, 'temprature', 'do_sample, temperature'],
    [{}, { temperature: -1 }, 'generation_kwargs.temperature', 'correct generation_kwargs.temperature'],
    [{}, { repetition_penalty: 1.1, presence_penalty: 1 }, 'generation_kwargs', 'correct'],
  ])('%j and %j are refused', (further, kwargs, where, cure) => {
    expect(() => settingsOf(further, kwargs)).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', where, cure: expect.stringContaining(cure) }),
    );
  });
});
