import { describe, expect, it } from 'vitest';
import { modelOptions, readRecordedReply, testServiceModel } from '../../testing/index.ts';
import { VLLMCustomAPI } from './vllm-custom-api.ts';

const recorded = (name: string) => readRecordedReply(`test/fixtures/${name}`);
const create = (options = modelOptions()) => new VLLMCustomAPI(options);

describe.each(['vllm', 'llamacpp'])('VLLMCustomAPI, recordings of %s', (server) => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recorded(`${server}/completions_nostream`),
      stream: recorded(`${server}/completions_stream_usage`),
    },
  });
});

describe('the request', () => {
  const bodyOf = (overrides: Parameters<typeof modelOptions>[0]) =>
    create(modelOptions({ model: 'm', ...overrides })).getRequestBody('Hi', 512);

  it('is AISBench’s, its keys in the same order (App. A.2)', () => {
    const body = bodyOf({ generationKwargs: { temperature: 0.01, ignore_eos: false } });
    expect(JSON.stringify(body)).toBe(
      '{"prompt":"Hi","stream":false,"temperature":0.01,"ignore_eos":false,"max_tokens":512,"model":"m"}',
    );
  });

  it('asks for usage in a stream, unless generation_kwargs say otherwise', () => {
    expect(bodyOf({ stream: true })).toMatchObject({ stream_options: { include_usage: true } });
    const generationKwargs = { stream_options: { include_usage: false }, stream: false };
    expect(bodyOf({ stream: true, generationKwargs })).toMatchObject(generationKwargs);
  });

  it('names an adapter in the model’s place', () => {
    const args = { index: 0, repetition: 0, conversationId: 'c', turn: 0, adapter: 'my-lora' };
    expect(create().getRequestBody('Hi', 5, undefined, args)).toMatchObject({ model: 'my-lora' });
  });

  it('joins a dialogue to one text', () => {
    const dialogue = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [{ type: 'text', text: 'Ho' }] },
    ];
    expect(create().getRequestBody(dialogue, 5)).toMatchObject({ prompt: 'Hi\nHo' });
  });

  it('goes to v1/completions below the base URL', () => {
    expect(create(modelOptions({ url: 'host:9/gate/' })).getUrl()).toBe('http://host:9/gate/v1/completions');
  });
});
