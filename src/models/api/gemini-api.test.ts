import { describe, expect, it } from 'vitest';
import { recordedReply } from '../../../test/support/recordings.ts';
import { askScripted, modelOptions, replay, testServiceModel } from '../../testing/index.ts';
import { GeminiAPI } from './gemini-api.ts';

const create = (options = modelOptions()) => new GeminiAPI(options);
const array = (options = modelOptions()) => create({ ...options, streamFraming: 'json-array' });
const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 0 };
const recorded = (name: string) => recordedReply(`gemini/${name}`);
const usage = (inputTokens: number, outputTokens: number) => {
  const counts = { inputTokens, outputTokens };
  return { text: counts, stream: counts };
};

describe('GeminiAPI, server-sent events', () => {
  testServiceModel(it, {
    create,
    recordings: { text: recorded('generate'), stream: recorded('stream_sse'), usage: usage(9, 31) },
  });
});

describe('GeminiAPI, one JSON array', () => {
  testServiceModel(it, {
    create: array,
    recordings: { text: recorded('generate'), stream: recorded('stream_array'), usage: usage(9, 31) },
  });
});

describe('GeminiAPI, calls', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recorded('generate_tools'),
      stream: recorded('stream_sse_tools'),
      usage: usage(61, 82),
    },
  });
});

const read = (name: string, stream = name.includes('stream') || name.includes('array')) => {
  const make = name.includes('array') ? array : create;
  return replay(make(modelOptions({ stream })), recorded(name));
};

it('reads thoughts apart from the answer, and counts them as generated', async () => {
  const { output, kinds } = await read('stream_array');
  expect(output).toMatchObject({
    reasoningContent: '**Recalling**\n\nFrance: Paris.',
    content: 'The capital of France is Paris ☕.',
    reasoningTokens: 23,
    finishReason: 'stop',
  });
  expect(kinds).toEqual(['reasoning', 'content', 'content', 'finish']);
});

it('says in the finish reason that there are calls', async () => {
  const { output } = await read('stream_sse_tools');
  expect(output.finishReason).toBe('tool_calls');
  expect(output.toolCalls).toEqual([
    { name: 'get_weather', arguments: '{"city":"Paris"}' },
    { name: 'get_weather', arguments: '{"city":"Lyon"}' },
  ]);
});

it('reads what came from a cache', async () => {
  expect((await read('generate_cached')).output).toMatchObject({ inputTokens: 2060, cachedTokens: 2048 });
});

it('an answer of which nothing is left but its length is one', async () => {
  const { output, failure } = await read('stream_array_length');
  expect(failure).toBeUndefined();
  expect(output).toMatchObject({ content: '', finishReason: 'length', outputTokens: 61 });
});

it('an answer that a filter cut says so', async () => {
  expect((await read('stream_array_safety')).output).toMatchObject({
    content: 'The',
    finishReason: 'content_filter',
  });
});

it.each(['blocked', 'blocked_stream_sse'])('a prompt that was blocked is a failure: %s', async (name) => {
  expect((await read(name)).failure).toMatchObject({
    kind: 'server-error',
    message: 'the service blocked the prompt: PROHIBITED_CONTENT',
  });
});

it.each(['err_key', 'err_key_array'])('a refusal is in the words of the service: %s', async (name) => {
  expect((await read(name)).failure).toMatchObject({
    kind: 'http-status',
    status: 400,
    message: 'HTTP 400: API key not valid. Please pass a valid API key.',
  });
});

it('an error inside of the array keeps what came', async () => {
  const { output, failure } = await read('err_midstream_array');
  expect(failure).toMatchObject({
    kind: 'server-error',
    message: 'The model is overloaded. Please try again later.',
  });
  expect(output.content).toBe('The capital of');
});

describe('the request', () => {
  const bodyOf = (prompt: Parameters<GeminiAPI['getRequestBody']>[0], overrides = {}, more = {}): any =>
    create(modelOptions(overrides)).getRequestBody(prompt, 64, undefined, { ...args, ...more });

  it('is that of the recordings', () => {
    const { body } = recorded('generate_tools').request! as any;
    const { functionDeclarations } = body.tools[0];
    const tools = functionDeclarations.map((one: object) => ({ type: 'function', function: one }));
    const generationKwargs = { temperature: 0, thinkingConfig: { includeThoughts: true } };
    expect(bodyOf(body.contents[0].parts[0].text, { generationKwargs }, { tools })).toEqual(body);
  });

  it('has the dialogue in its roles, and the system’s words apart', () => {
    const prompt = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: '1+1?' },
      { role: 'assistant', content: '2' },
      { role: 'user', content: '2+2?' },
    ];
    expect(bodyOf(prompt)).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        { role: 'user', parts: [{ text: '1+1?' }] },
        { role: 'model', parts: [{ text: '2' }] },
        { role: 'user', parts: [{ text: '2+2?' }] },
      ],
      generationConfig: { maxOutputTokens: 64 },
    });
  });

  it('has what is no sampling beside generationConfig', () => {
    const safetySettings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }];
    const generationKwargs = { topK: 5, safetySettings, generationConfig: { seed: 7 } };
    expect(bodyOf('Hi', { generationKwargs })).toMatchObject({
      safetySettings,
      generationConfig: { topK: 5, seed: 7, maxOutputTokens: 64 },
    });
  });

  it('has media as data, frames as images, files of Google’s by their place', () => {
    const part = (kind: string, url: string) => ({ type: `${kind}_url`, [`${kind}_url`]: { url } });
    const content = [
      part('image', 'data:image/png;base64,QUJD'),
      part('video', 'data:video/jpeg;base64,QQ==,Qg=='),
      part('audio', 'gs://bucket/a.wav'),
      { type: 'text', text: 'What is it?' },
    ];
    expect(bodyOf([{ role: 'user', content }]).contents[0].parts).toEqual([
      { inlineData: { mimeType: 'image/png', data: 'QUJD' } },
      { inlineData: { mimeType: 'image/jpeg', data: 'QQ==' } },
      { inlineData: { mimeType: 'image/jpeg', data: 'Qg==' } },
      { fileData: { fileUri: 'gs://bucket/a.wav' } },
      { text: 'What is it?' },
    ]);
    const local = [{ role: 'user', content: [part('image', 'file:///a.png')] }];
    expect(() => bodyOf(local)).toThrow(expect.objectContaining({ code: 'ICLR-PARAM-003' }));
  });

  it('carries calls and their results of a dialogue', () => {
    const call = { id: 'q1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } };
    const prompt = [
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'q1', name: 'f', content: '7' },
    ];
    expect(bodyOf(prompt).contents).toEqual([
      { role: 'model', parts: [{ functionCall: { name: 'f', args: { a: 1 } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { result: '7' } } }] },
    ]);
  });

  it.each([
    [{ stream: false }, 'https://host/v1beta/models/g:generateContent'],
    [{ stream: true }, 'https://host/v1beta/models/g:streamGenerateContent?alt=sse'],
    [{ stream: true, streamFraming: 'json-array' }, 'https://host/v1beta/models/g:streamGenerateContent'],
    [{ model: 'tunedModels/mine' }, 'https://host/v1beta/tunedModels/mine:generateContent'],
    [
      { url: 'https://host/v1/projects/p/locations/l/publishers/google' },
      'https://host/v1/projects/p/locations/l/publishers/google/models/g:generateContent',
    ],
    [
      { url: 'https://host/?key=k', stream: true },
      'https://host/v1beta/models/g:streamGenerateContent?key=k&alt=sse',
    ],
  ])('with %j goes to %s', (overrides, url) => {
    expect(create(modelOptions({ model: 'g', url: 'https://host', ...overrides })).getUrl(args)).toBe(url);
  });

  it.each([
    ['api_key', { 'x-goog-api-key': 'secret' }],
    ['bearer', { authorization: 'Bearer secret' }],
  ])('with auth %s shows the key once', async (auth, shown) => {
    const body = Buffer.from(recorded('stream_sse').body).toString();
    const options = { apiKey: 'secret', auth };
    const { received } = await askScripted(create, { body: [body] }, { options });
    const { 'x-goog-api-key': key, authorization } = received[0]!.headers;
    expect({ 'x-goog-api-key': key, authorization }).toEqual({
      'x-goog-api-key': undefined,
      authorization: undefined,
      ...shown,
    });
  });

  it('refuses another framing', () => {
    expect(() => create(modelOptions({ streamFraming: 'ndjson' }))).toThrow(/stream_framing is "ndjson"/);
  });
});
