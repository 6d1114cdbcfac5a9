import { describe, expect, it } from 'vitest';
import { isStream, objectsIn, recordedReply, recordingsOf } from '../../../test/support/recordings.ts';
import { RequestOutput } from '../../contract/output.ts';
import { modelOptions, replay, testServiceModel } from '../../testing/index.ts';
import { LlamaCppAPI } from './llama-cpp-api.ts';

const create = (options = modelOptions()) => new LlamaCppAPI(options);
const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 0 };
const recorded = (name: string) => recordedReply(`llamacpp/${name}`);

describe('LlamaCppAPI', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recorded('native_completion'),
      stream: recorded('native_completion_stream'),
      sameAnswer: false, // six tokens and four
      usage: {
        text: { inputTokens: 5, outputTokens: 6 },
        stream: { inputTokens: 5, outputTokens: 4 },
      },
    },
  });
});

it('reads the recorded stream', async () => {
  const model = create(modelOptions({ stream: true }));
  const { output, kinds, attempt } = await replay(model, recorded('native_completion_stream'));
  expect(output).toMatchObject({ content: ' Paris.\n\n', finishReason: 'length', cachedTokens: 4 });
  expect(kinds).toEqual(['content', 'content', 'content', 'content', 'finish']);
  expect(Array.from(attempt.events.tokens)).toEqual([1, 1, 1, 1, 0]);
});

it.each(recordingsOf(['llamacpp'], /^\/completion$/))(
  'reads the recorded answer: $name',
  async (recording) => {
    const model = create(modelOptions({ stream: isStream(recording) }));
    const { output, failure } = await replay(model, recording);
    const said = objectsIn(recording);
    expect(failure).toBeUndefined();
    expect(output.content).toBe(said.map(({ content }) => content).join(''));
    expect(output.outputTokens).toBe(said.at(-1).tokens_predicted);
  },
);

it.each([
  [{ stop_type: 'eos' }, 'stop'],
  [{ stop_type: 'word', stopping_word: '\n' }, 'stop'],
  [{ stop_type: 'limit' }, 'length'],
  [{ stop_type: 'none' }, 'stop'],
  [{ stopped_eos: true, stopped_limit: false }, 'stop'],
  [{ stopped_limit: true }, 'length'],
])('reads why it stopped: %j', (end, reason) => {
  const output = new RequestOutput();
  create().parseTextResponse({ content: 'a', stop: true, ...end }, output);
  expect(output.finishReason).toBe(reason);
});

it('sends the recorded request, and fixes a length', () => {
  const model = create(modelOptions({ stream: true, generationKwargs: { temperature: 0 } }));
  const { body } = recorded('native_completion_stream').request!;
  expect(model.getRequestBody('The capital of France is', 4, undefined, args)).toEqual(body);
  expect(model.getRequestBody('Hi', 4, undefined, { ...args, fixedLength: true })).toMatchObject({
    ignore_eos: true,
    n_predict: 4,
  });
  expect(() => model.getRequestBody('Hi', 4, undefined, { ...args, adapter: 'a' })).toThrow(/adapter "a"/);
});
