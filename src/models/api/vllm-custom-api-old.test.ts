/** vLLM's native `generate` is gone: no RecordedReply was to be had, these are written from its description. */
import { describe, expect, it } from 'vitest';
import { modelOptions, replay, streamReply, testServiceModel, textReply } from '../../testing/index.ts';
import { VLLMCustomAPIOld } from './vllm-custom-api-old.ts';

const create = (options = modelOptions()) => new VLLMCustomAPIOld(options);
const PROMPT = 'Hello';
const pieces = [' wor', 'ld 世', ' é'];
const soFar = (n: number) => PROMPT + pieces.slice(0, n + 1).join('');

const events = (texts: readonly string[]) =>
  streamReply(
    texts.map((text) => ({ text: [text] })),
    { done: false },
  );
const text = textReply({ text: [soFar(2)] });

describe('VLLMCustomAPIOld, all of the text in every event', () => {
  testServiceModel(it, { create, recordings: { text, stream: events(pieces.map((_, n) => soFar(n))) } });
});

describe('VLLMCustomAPIOld, MindIE’s increments', () => {
  testServiceModel(it, {
    create: (options) => create({ ...options, streamText: 'incremental' }),
    recordings: { text, stream: events(pieces) },
  });
});

it('takes off the prompt only where it is there', async () => {
  const reply = (answer: string) => textReply({ text: [answer] });
  const { output } = await replay(create(), reply('2 + 2 = 4'), { prompt: '2 + 2 =' });
  expect(output.content).toBe(' 4');
  expect((await replay(create(), reply(' 4'), { prompt: '2 + 2 =' })).output.content).toBe(' 4');
});

describe('the request', () => {
  it('is a prompt, a length and sampling parameters, without a model', () => {
    const model = create(modelOptions({ stream: true, generationKwargs: { temperature: 0.5 } }));
    expect(model.getUrl()).toBe('http://127.0.0.1:8000/generate');
    expect(model.getRequestBody('Hi', 512)).toEqual({
      prompt: 'Hi',
      stream: true,
      temperature: 0.5,
      max_tokens: 512,
    });
  });

  it('refuses another form of stream, and adapters', () => {
    const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 0, adapter: 'my-lora' };
    expect(() => create(modelOptions({ streamText: 'whole' }))).toThrow(/stream_text is "whole"/);
    expect(() => create().getRequestBody('Hi', 5, undefined, args)).toThrow(
      /cannot select the adapter "my-lora"/,
    );
  });
});
