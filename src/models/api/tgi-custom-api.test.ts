import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  isStream,
  objectsIn,
  recordedReply,
  recordingsOf,
  wordsIn,
} from '../../../test/support/recordings.ts';
import {
  modelOptions,
  type RecordedReply,
  replay,
  sseEvents,
  testServiceModel,
} from '../../testing/index.ts';
import { TGICustomAPI } from './tgi-custom-api.ts';

const create = (options = modelOptions()) => new TGICustomAPI(options);
const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 0 };

describe('TGICustomAPI, recordings of TGI', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recordedReply('tgi/generate_details'),
      stream: recordedReply('tgi/generate_stream_details'),
      usage: { text: { outputTokens: 6 }, stream: { inputTokens: 5, outputTokens: 6 } },
    },
  });
});

const recordings = recordingsOf(['tgi'], /^\/generate(_stream)?$/);
const modelFor = (recording: RecordedReply) =>
  create(modelOptions({ stream: recording.request?.path === '/generate_stream' }));

/** What the reply says, read without our parser: the text both ways, and the details. */
function saidBy(reply: RecordedReply) {
  const objects = objectsIn(reply);
  const last = objects.at(-1);
  const tokens = objects.map(({ token }) => (token?.special ? '' : (token?.text ?? '')));
  if (isStream(reply)) expect(tokens.join('')).toBe(last.generated_text);
  const { finish_reason, generated_tokens, input_length, prefill } = last.details ?? {};
  return {
    content: last.generated_text,
    finishReason: finish_reason === 'length' || finish_reason === undefined ? finish_reason : 'stop',
    inputTokens: input_length ?? (prefill?.length || undefined),
    outputTokens: generated_tokens,
    extraDetailsData: {},
  };
}

describe('recorded answers', () => {
  const answers = recordings.filter((one) => one.status === 200 && !('error' in objectsIn(one)[0]));

  it('are all there', () => expect(answers).toHaveLength(15));

  it.each(answers)('$name', async (recording) => {
    const { output, failure, kinds } = await replay(modelFor(recording), recording);
    expect(failure).toBeUndefined();
    expect(output).toMatchObject(saidBy(recording));
    expect(kinds[0]).toBe('content');
  });

  it('are read token by token: the text is there before the last event repeats it', async () => {
    const { kinds } = await replay(
      modelFor(recordedReply('tgi/generate_stream_eos')),
      recordedReply('tgi/generate_stream_eos'),
    );
    expect(kinds).toEqual([...Array(7).fill('content'), 'other']);
  });
});

describe('recorded errors', () => {
  const errors = recordings.filter((one) => one.status !== 200 || 'error' in (objectsIn(one)[0] ?? {}));

  it('are all there', () => expect(errors).toHaveLength(14));

  it.each(errors)('$name', async (recording) => {
    const { failure, output } = await replay(modelFor(recording), recording);
    const wrapped = recording.status === 200;
    expect(failure?.kind).toBe(wrapped ? 'server-error' : 'http-status');
    expect(failure?.message).toContain(wordsIn(recording));
    expect(output.content).toBe('');
  });

  it.each([
    ['1', '\n\nThe dragon is a'],
    ['2', '\n'],
  ])('a generation that fails in mid-stream (%s) is no answer, and keeps what came', async (n, text) => {
    const body = readFileSync(`test/fixtures/tgi/err_midstream_unpatched_${n}.body.bin`);
    const { failure, output } = await replay(create(modelOptions({ stream: true })), { status: 200, body });
    expect(failure).toMatchObject({ kind: 'server-error' });
    expect(failure?.message).toContain('Request failed during generation: Server error');
    expect(output.content).toBe(text);
  });
});

describe('the request', () => {
  const bodyOf = (overrides: Parameters<typeof modelOptions>[0], adapter?: string) =>
    create(modelOptions(overrides)).getRequestBody('Hi', 512, undefined, {
      ...args,
      ...(adapter && { adapter }),
    });

  it('is AISBench’s, and asks for details (App. A.4)', () => {
    const generationKwargs = { temperature: 0.01, ignore_eos: false };
    expect(bodyOf({ generationKwargs })).toEqual({
      inputs: 'Hi',
      parameters: { details: true, temperature: 0.01, ignore_eos: false, max_new_tokens: 512 },
    });
  });

  it('leaves details out where the user says so', () => {
    expect(bodyOf({ generationKwargs: { details: false } })).toMatchObject({
      parameters: { details: false },
    });
  });

  it('names an adapter in its parameters', () => {
    expect(bodyOf({}, 'my-lora')).toMatchObject({ parameters: { adapter_id: 'my-lora' } });
  });

  it.each([
    [false, 'generate'],
    [true, 'generate_stream'],
  ])('with stream %s goes to %s', (stream, endpoint) => {
    expect(create(modelOptions({ stream, url: 'https://host/gate' })).getUrl()).toBe(
      `https://host/gate/${endpoint}`,
    );
  });
});

describe('the last event', () => {
  const events = (generated_text: unknown) =>
    sseEvents([{ token: { text: 'a', special: false } }, { token: { text: 'b' }, generated_text }], {
      done: false,
    });
  const read = (generated_text: unknown, generationKwargs = {}) =>
    replay(
      create(modelOptions({ stream: true, generationKwargs })),
      { status: 200, body: Buffer.from(events(generated_text).join('')) },
      { prompt: 'Hi' },
    );

  it('is only compared with the tokens', async () => {
    const { output, failure } = await read('other');
    expect(failure).toBeUndefined();
    expect(output.content).toBe('ab');
    expect(output.extraDetailsData).toEqual({ generated_text_differs: 'other' });
  });

  it('repeats the prompt where return_full_text asks for it', async () => {
    expect((await read('Hiab', { return_full_text: true })).output.extraDetailsData).toEqual({});
    expect((await read('Hiab')).output.extraDetailsData).toEqual({ generated_text_differs: 'Hiab' });
  });

  it('that never comes makes the stream incomplete', async () => {
    expect((await read(null)).failure?.kind).toBe('truncated');
  });
});

it('reads the prompt’s log probabilities from the prefill', () => {
  const model = create(modelOptions({ generationKwargs: { temperature: 0.5 } }));
  expect(model.getPplRequestBody('Hi')).toEqual({
    inputs: 'Hi',
    parameters: { temperature: 0.5, max_new_tokens: 1, details: true, decoder_input_details: true },
  });
  const [reply] = objectsIn(recordedReply('tgi/generate_details_decoder_input_details'));
  expect(model.getPromptLogprobs(reply)).toEqual([null, -11.625, -0.30078125, -2.40625, -0.4453125]);
  expect(model.getPromptLogprobs(objectsIn(recordedReply('tgi/generate_details'))[0])).toEqual([]);
});
