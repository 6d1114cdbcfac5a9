import { describe, expect, it } from 'vitest';
import { recordedReply } from '../../../test/support/recordings.ts';
import { askScripted, modelOptions, replay, streamPieces, testServiceModel } from '../../testing/index.ts';
import { OllamaAPI } from './ollama-api.ts';

const create = (options = modelOptions()) => new OllamaAPI(options);
const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 0 };
const recorded = (name: string) => recordedReply(`ollama/${name}`);
const count = (inputTokens: number, outputTokens: number) => {
  const usage = { inputTokens, outputTokens };
  return { text: usage, stream: usage };
};

describe('OllamaAPI, chat', () => {
  testServiceModel(it, {
    create,
    recordings: { text: recorded('chat'), stream: recorded('chat_stream'), usage: count(33, 9) },
  });
});

describe('OllamaAPI, thinking', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recorded('chat_thinking'),
      stream: recorded('chat_thinking_stream'),
      usage: count(35, 8),
    },
  });
});

describe('OllamaAPI, calls', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recorded('chat_tools'),
      stream: recorded('chat_tools_stream'),
      usage: count(160, 41),
    },
  });
});

describe('OllamaAPI, generate', () => {
  testServiceModel(it, {
    create: (options) => create({ ...options, endpoint: 'generate' }),
    recordings: { text: recorded('generate'), stream: recorded('generate_stream'), usage: count(6, 3) },
  });
});

describe.each(['chat', 'generate'])('OllamaAPI, recorded from Ollama 0.17.4: %s', (endpoint) => {
  testServiceModel(it, {
    create: (options) => create({ ...options, endpoint }),
    recordings: {
      text: recorded(`live_${endpoint}`),
      stream: recorded(`live_${endpoint}_stream`),
      usage: endpoint === 'chat' ? count(16, 8) : count(5, 10),
    },
  });

  it('keeps the words of a refusal', async () => {
    const name = endpoint === 'chat' ? 'live_err_no_model' : 'live_err_field';
    const { failure } = await replay(create(modelOptions({ stream: true })), recorded(name));
    expect(failure).toMatchObject({ kind: 'http-status', status: endpoint === 'chat' ? 404 : 400 });
    expect(failure?.message).toContain(
      endpoint === 'chat' ? "model 'nope' not found" : 'ChatRequest.messages',
    );
  });
});

const read = (name: string) => replay(create(modelOptions({ stream: true })), recorded(name));

it('reads each channel from its own fields', async () => {
  const { output, kinds } = await read('chat_thinking_stream');
  expect(output).toMatchObject({
    role: 'assistant',
    reasoningContent: 'France: Paris.',
    content: 'Paris.',
    finishReason: 'stop',
  });
  expect(kinds).toEqual(['reasoning', 'reasoning', 'content', 'content', 'finish']);
  const generated = await read('generate_thinking_stream');
  expect(generated.output).toMatchObject({ reasoningContent: 'Which city?', content: 'Paris.' });
});

it('reads calls that come whole, each in a line of its own, and says so in the finish reason', async () => {
  const { output } = await read('chat_tools_stream');
  expect(output.finishReason).toBe('tool_calls');
  expect(output.toolCalls).toEqual([
    { id: 'call_q1', name: 'get_weather', arguments: '{"city":"Paris"}' },
    { id: 'call_q2', name: 'get_weather', arguments: '{"city":"Lyon"}' },
  ]);
});

it('an answer that the length cut is one', async () => {
  expect((await read('chat_length_stream')).output).toMatchObject({
    content: 'The capital',
    finishReason: 'length',
    outputTokens: 2,
  });
});

it('an error inside a stream keeps what came', async () => {
  const { output, failure } = await read('err_midstream');
  expect(failure).toMatchObject({
    kind: 'server-error',
    message: 'an error was encountered while running the model: unexpected EOF',
  });
  expect(output.content).toBe('The capital');
});

it('a model that the server has not is refused in its words', async () => {
  expect((await read('err_no_model')).failure).toMatchObject({
    kind: 'http-status',
    status: 404,
    message: "HTTP 404: model 'absent:1b' not found",
  });
});

it('a server that only loaded the model gave no answer', async () => {
  expect((await read('err_load')).failure).toMatchObject({
    kind: 'bad-reply',
    message: expect.stringContaining('(finish reason load)'),
  });
});

it('a server without done_reason stopped', async () => {
  const lines = [
    { message: { content: 'Hi' }, done: false },
    { done: true, eval_count: 1 },
  ];
  const body = streamPieces(lines, { framing: 'ndjson' });
  const { output, failure } = await askScripted(create, { body });
  expect(failure).toBeUndefined();
  expect(output).toMatchObject({ content: 'Hi', finishReason: 'stop', outputTokens: 1 });
});

describe('the request', () => {
  const bodyOf = (prompt: Parameters<OllamaAPI['getRequestBody']>[0], overrides = {}, more = {}): any =>
    create(modelOptions(overrides)).getRequestBody(prompt, 16, undefined, { ...args, ...more });

  it('is that of the recordings', () => {
    const { request } = recorded('chat_thinking');
    const { messages } = request!.body as any;
    const options = { model: 'llama3.2:1b', generationKwargs: { temperature: 0, think: true } };
    expect(bodyOf(messages, options)).toEqual(request!.body);
    const generate = recorded('generate_stream').request!.body as any;
    const own = { ...options, stream: true, endpoint: 'generate', generationKwargs: { temperature: 0 } };
    expect(bodyOf(generate.prompt, own)).toEqual(generate);
    expect(create(modelOptions(own)).getUrl()).toBe('http://127.0.0.1:8000/api/generate');
  });

  it('has what is no option of the model beside the options', () => {
    const generationKwargs = { top_k: 5, keep_alive: '10m', format: 'json', options: { num_ctx: 4096 } };
    expect(bodyOf('Hi', { generationKwargs })).toMatchObject({
      keep_alive: '10m',
      format: 'json',
      options: { top_k: 5, num_ctx: 4096, num_predict: 16 },
    });
  });

  it('names an adapter as the model, and passes tools on', () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    expect(bodyOf('Hi', {}, { adapter: 'mine:1b', tools })).toMatchObject({ model: 'mine:1b', tools });
  });

  const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } };
  const question = { type: 'text', text: 'What is it?' };

  it('has images as bare base64 beside the text', () => {
    const prompt = [{ role: 'user', content: [picture, question] }];
    expect(bodyOf(prompt).messages).toEqual([{ role: 'user', content: 'What is it?', images: ['QUJD'] }]);
    expect(bodyOf(prompt, { endpoint: 'generate' })).toMatchObject({
      prompt: 'What is it?',
      images: ['QUJD'],
    });
  });

  it('refuses an image by its URL', () => {
    const far = { type: 'image_url', image_url: { url: 'https://host/a.png' } };
    expect(() => bodyOf([{ role: 'user', content: [far, question] }])).toThrow(
      expect.objectContaining({ code: 'ICLR-PARAM-003', message: expect.stringContaining('by its URL') }),
    );
  });

  it('carries calls and their results of a dialogue', () => {
    const call = { id: 'q1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
    const prompt = [
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'q1', name: 'f', content: '7' },
    ];
    expect(bodyOf(prompt).messages).toEqual([
      { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] },
      { role: 'tool', content: '7', tool_name: 'f' },
    ]);
  });
});
