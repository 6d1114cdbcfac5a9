import { describe, expect, it } from 'vitest';
import { objectsIn, recordedReply, recordingsOf, textOf, wordsIn } from '../../../test/support/recordings.ts';
import { RequestOutput } from '../../contract/output.ts';
import { modelOptions, type RecordedReply, replay, testServiceModel } from '../../testing/index.ts';
import { TritonCustomAPI } from './triton-custom-api.ts';

const create = (options = modelOptions()) => new TritonCustomAPI(options);
const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 2 };

describe('TritonCustomAPI, recordings of Triton', () => {
  testServiceModel(it, {
    create,
    recordings: { text: recordedReply('triton/generate'), stream: recordedReply('triton/generate_stream') },
  });
});

describe('TritonCustomAPI, AISBench’s body', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recordedReply('triton/aisbench_body_generate'),
      stream: recordedReply('triton/aisbench_body_generate_stream'),
    },
  });
});

describe('TritonCustomAPI, parameters at top level', () => {
  testServiceModel(it, {
    create: (options) => create({ ...options, parametersAt: 'top_level' }),
    recordings: {
      text: recordedReply('triton/generate_with_id'),
      stream: recordedReply('triton/generate_stream'),
    },
  });
});

const recordings = recordingsOf(['triton'], /\/generate(_stream)?$/);
const modelFor = (recording: RecordedReply) =>
  create(modelOptions({ stream: recording.request!.path.endsWith('_stream') }));
const contentOf = (recording: RecordedReply) =>
  objectsIn(recording)
    .map(({ text_output }) => text_output)
    .join('');

describe('recorded answers', () => {
  const answers = recordings.filter((one) => one.status === 200 && contentOf(one) !== '');

  it('are all there', () => expect(answers).toHaveLength(11));

  it.each(answers)('$name', async (recording) => {
    const { output, failure, kinds } = await replay(modelFor(recording), recording);
    expect(failure).toBeUndefined();
    expect(output).toMatchObject({
      content: contentOf(recording),
      finishReason: undefined,
      inputTokens: undefined,
      outputTokens: undefined,
    });
    expect(kinds).toEqual(objectsIn(recording).map(() => 'content'));
  });
});

describe('recorded errors', () => {
  const errors = recordings.filter((one) => one.status !== 200 || contentOf(one) === '');

  it('are all there', () => expect(errors).toHaveLength(9));

  it.each(errors.filter(({ status }) => status !== 200))('$name', async (recording) => {
    const { failure } = await replay(modelFor(recording), recording);
    expect(failure).toMatchObject({ kind: 'http-status', status: recording.status });
    expect(failure?.bodyExcerpt).toBe(textOf(recording));
    expect(failure?.message).toContain(wordsIn(recording).slice(0, 30));
  });

  it('in a 200 reply are failures', async () => {
    const recording = recordedReply('triton/generate_stream_true_on_generate');
    const { failure } = await replay(modelFor(recording), recording);
    expect(failure).toMatchObject({ kind: 'server-error', message: wordsIn(recording) });
    expect(failure?.message).toMatch(/^generate expects model to produce exactly 1 response/);
  });

  it.each(['err_missing_input', 'err_missing_input_stream'])(
    'an answer without text is none: %s',
    async (name) => {
      const recording = recordedReply(`triton/${name}`);
      const { failure } = await replay(modelFor(recording), recording);
      expect(failure).toMatchObject({
        kind: 'bad-reply',
        message: expect.stringContaining('the reply is empty'),
      });
    },
  );
});

describe('the request', () => {
  const bodyOf = (overrides: Parameters<typeof modelOptions>[0], more = {}) =>
    create(modelOptions(overrides)).getRequestBody('Hi', 5, new RequestOutput(), { ...args, ...more });

  it('is AISBench’s: length and sampling in parameters (App. A.5)', () => {
    const { text_input, parameters } = recordedReply('triton/aisbench_body_generate').request!.body as any;
    const { max_new_tokens, ...generationKwargs } = parameters;
    expect(max_new_tokens).toBe(5);
    const model = create(modelOptions({ generationKwargs }));
    expect(model.getRequestBody(text_input, 5, new RequestOutput(), args)).toEqual({
      id: 'c0-2',
      text_input,
      parameters,
    });
  });

  it('is a stock backend’s where parameters_at says top_level', () => {
    const { id, ...recordedBody } = recordedReply('triton/generate_with_id').request!.body as any;
    expect(id).toBeDefined();
    const model = create(modelOptions({ parametersAt: 'top_level', generationKwargs: { temperature: 0 } }));
    expect(model.getRequestBody(recordedBody.text_input, 6, new RequestOutput(), args)).toEqual({
      id: 'c0-2',
      ...recordedBody,
    });
  });

  it('calls the length what max_tokens_field says', () => {
    expect(bodyOf({ maxTokensField: 'max_tokens' })).toMatchObject({ parameters: { max_tokens: 5 } });
    expect(bodyOf({ maxTokensField: 'n_predict', parametersAt: 'top_level' })).toMatchObject({
      n_predict: 5,
    });
  });

  describe('after looking at the server’s description of the model', () => {
    const config = JSON.parse(textOf(recordedReply('triton/get_model_config')));
    const meta = JSON.parse(textOf(recordedReply('triton/get_model_meta')));
    const bodyAfter = async (replies: Record<string, unknown>, overrides = {}) => {
      const model = create(
        modelOptions({ model: 'smollm2', generationKwargs: { temperature: 0 }, ...overrides }),
      );
      const requested: string[] = [];
      await model.discover(async (url) => {
        const { pathname } = new URL(url);
        requested.push(pathname);
        return replies[pathname];
      });
      return { requested, body: model.getRequestBody('Hi', 5, new RequestOutput(), args) as any };
    };
    const [CONFIG, META] = ['/v2/models/smollm2/config', '/v2/models/smollm2'];

    it.each([true, false])('speaks to a stock backend as it wants, with stream %s', async (stream) => {
      const { requested, body } = await bodyAfter({ [CONFIG]: config }, { stream });
      expect(requested).toEqual([CONFIG]);
      expect(body).toEqual({ id: 'c0-2', text_input: 'Hi', temperature: 0, stream, max_tokens: 5 });
    });

    it('reads the metadata where there is no config', async () => {
      const { requested, body } = await bodyAfter({ [META]: meta }, { stream: true });
      expect(requested).toEqual([CONFIG, META]);
      expect(body).toMatchObject({ stream: true, max_tokens: 5 });
    });

    it('calls the length as the backend does', async () => {
      const input = [{ name: 'text_input' }, { name: 'request_output_len' }];
      const { body } = await bodyAfter({ [CONFIG]: { input } });
      expect(body).toMatchObject({ request_output_len: 5 });
      const { body: own } = await bodyAfter({ [CONFIG]: { input } }, { maxTokensField: 'n' });
      expect(own).toMatchObject({ n: 5 });
    });

    it('with parameters_at `parameters` a backend that can stream is told to, in there', async () => {
      const at = { parametersAt: 'parameters', stream: true };
      const { body } = await bodyAfter({ [CONFIG]: config }, at);
      expect(body.parameters).toEqual({ temperature: 0, stream: true, max_tokens: 5 });
      const decoupled = { input: [], model_transaction_policy: { decoupled: true } };
      const { body: silent } = await bodyAfter({ [CONFIG]: decoupled }, at);
      expect(silent.parameters).toEqual({ temperature: 0, stream: true, max_new_tokens: 5 });
    });

    it.each([
      ['nothing', {}],
      [
        'MindIE’s words',
        { [CONFIG]: { modelName: 'smollm2', maxSeqLen: 2560 }, [META]: { inputs: [{ name: 'input0' }] } },
      ],
      ['nonsense', { [CONFIG]: { input: [null, 5, { name: {} }], model_transaction_policy: 'no' } }],
      ['a text', { [CONFIG]: 'config' }],
    ])('sends AISBench’s body after %s', async (_what, replies) => {
      const { body } = await bodyAfter(replies, { stream: true });
      expect(body).toEqual({
        id: 'c0-2',
        text_input: 'Hi',
        parameters: { temperature: 0, max_new_tokens: 5 },
      });
    });
  });

  it('refuses another place for its parameters, and adapters', () => {
    expect(() => bodyOf({ parametersAt: 'body' })).toThrow(/parameters_at is "body"/);
    expect(() => bodyOf({}, { adapter: 'my-lora' })).toThrow(/cannot select the adapter "my-lora"/);
  });

  it.each([
    [false, 'generate'],
    [true, 'generate_stream'],
  ])('with stream %s goes to the model’s %s', (stream, endpoint) => {
    const model = create(modelOptions({ stream, model: 'org/my model', url: 'https://host/gate' }));
    expect(model.getUrl()).toBe(`https://host/gate/v2/models/org%2Fmy%20model/${endpoint}`);
  });
});

it('reads the one text of a list', () => {
  const output = new RequestOutput();
  create().parseTextResponse({ text_output: ['Paris'] }, output);
  expect(output.content).toBe('Paris');
});
