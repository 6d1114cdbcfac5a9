import { describe, expect, it } from 'vitest';
import { objectsIn, recordedReply } from '../../../test/support/recordings.ts';
import { modelOptions, replay, testServiceModel } from '../../testing/index.ts';
import { SGLangAPI } from './sglang-api.ts';

const create = (options = modelOptions()) => new SGLangAPI(options);
const incremental = (options = modelOptions()) => create({ ...options, streamText: 'incremental' });
const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 0 };
const recorded = (name: string) => recordedReply(`sglang/${name}`);
const usage = { text: { inputTokens: 6, outputTokens: 4 }, stream: { inputTokens: 6, outputTokens: 4 } };

describe('SGLangAPI, all of the text in every event', () => {
  testServiceModel(it, {
    create,
    recordings: { text: recorded('generate'), stream: recorded('generate_stream'), usage },
  });
});

describe('SGLangAPI, what is new in an event', () => {
  testServiceModel(it, {
    create: incremental,
    recordings: { text: recorded('generate'), stream: recorded('generate_stream_incremental'), usage },
  });
});

it('reads counts and reason of each event', async () => {
  const { output, kinds, attempt } = await replay(
    create(modelOptions({ stream: true })),
    recorded('generate_stream'),
  );
  expect(output).toMatchObject({
    content: ' Paris. ☕ It',
    finishReason: 'length',
    inputTokens: 6,
    outputTokens: 4,
    cachedTokens: 4,
  });
  expect(kinds).toEqual(['content', 'content', 'content', 'content']);
  expect(Array.from(attempt.events.tokens)).toEqual([1, 1, 1, 1]);
});

it('an answer that met its end stopped', async () => {
  expect((await replay(create(), recorded('generate_stop'))).output).toMatchObject({
    content: ' Paris.',
    finishReason: 'stop',
  });
});

it('a request that the server aborted is a failure', async () => {
  const { output, failure } = await replay(create(modelOptions({ stream: true })), recorded('abort'));
  expect(failure).toMatchObject({ kind: 'server-error', message: 'Abort in waiting queue' });
  expect(output.content).toBe(' Paris');
});

it.each([
  ['err_too_long', false, 'http-status'],
  ['err_too_long_stream', true, 'server-error'],
])('a refusal is in the words of the server: %s', async (name, stream, kind) => {
  const { failure } = await replay(create(modelOptions({ stream })), recorded(name));
  expect(failure).toMatchObject({ kind, message: expect.stringContaining('(9000 tokens) is longer than') });
});

describe('the request', () => {
  const bodyOf = (overrides = {}, more = {}): any =>
    create(modelOptions(overrides)).getRequestBody('The capital of France is', 8, undefined, {
      ...args,
      ...more,
    });

  it('is that of the recordings', () => {
    const generationKwargs = { temperature: 0 };
    const { body } = recorded('generate_stream').request!;
    expect(bodyOf({ stream: true, generationKwargs })).toEqual(body);
  });

  it('has what is no sampling beside sampling_params, and token ids in place of a text', () => {
    const generationKwargs = { top_k: 5, input_ids: [1, 2], sampling_params: { top_p: 0.5 } };
    expect(bodyOf({ generationKwargs })).toEqual({
      input_ids: [1, 2],
      stream: false,
      sampling_params: { top_k: 5, top_p: 0.5, max_new_tokens: 8 },
    });
  });

  it('names an adapter, and fixes a length', () => {
    expect(bodyOf({}, { adapter: 'mine', fixedLength: true })).toMatchObject({
      lora_path: 'mine',
      sampling_params: { ignore_eos: true, min_new_tokens: 8, max_new_tokens: 8 },
    });
  });
});

it('reads the prompt’s log probabilities', () => {
  const model = create(modelOptions({ generationKwargs: { temperature: 0 } }));
  const recording = recorded('generate_logprobs');
  expect(model.getPplRequestBody('The capital of France is')).toEqual(recording.request!.body);
  const [reply] = objectsIn(recording);
  expect(model.getPromptLogprobs(reply)).toEqual([null, -4.125, -9.5, -0.75, -3.0625, -0.5]);
  expect(model.getPromptLogprobs(objectsIn(recorded('generate'))[0])).toEqual([]);
});
