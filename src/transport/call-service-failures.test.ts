import { describe, expect, it } from 'vitest';
import type { APIModelOptions } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import { VLLMCustomAPIChat } from '../models/api/vllm-custom-api-chat.ts';
import {
  type AskOptions,
  askScripted,
  type Script,
  type ScriptedReply,
  sseEvents,
} from '../testing/index.ts';

const create = (options: APIModelOptions) => new VLLMCustomAPIChat(options);
const ask = (script: Script, setting?: AskOptions) => askScripted(create, script, setting);

const TEXT = { options: { stream: false } };
const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });
const FINISH = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const STREAM: ScriptedReply = {
  headers: { 'content-type': 'text/event-stream' },
  body: sseEvents([delta({ content: 'Hello' }), delta({ content: ' there' }), FINISH]),
};
const json = (data: unknown): ScriptedReply => ({
  headers: { 'content-type': 'application/json' },
  body: [JSON.stringify(data)],
});
const MESSAGE = {
  choices: [{ message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1 },
};

describe('the reply is none', () => {
  it.each([
    ['JSON where a stream was asked', json(MESSAGE), {}, /no event stream/],
    ['a stream where JSON was asked', STREAM, TEXT, /not JSON: data:/],
    ['HTML', { body: ['<html><title>Login</title></html>'] }, TEXT, /not JSON: an HTML page \("Login"\)/],
    ['an empty body', {}, TEXT, /no body/],
    ['an empty stream', {}, {}, /without a single event/],
    ['[DONE] alone', { body: sseEvents([]) }, {}, /the reply is empty/],
    ['a finish without content', { body: sseEvents([FINISH]) }, {}, /empty.*finish reason stop/],
    [
      'a message without content',
      json({ choices: [{ message: { content: null } }] }),
      TEXT,
      /the reply is empty/,
    ],
  ] as [string, ScriptedReply, AskOptions, RegExp][])('%s', async (_name, script, setting, message) => {
    expect((await ask(script, setting)).failure).toMatchObject({
      kind: 'bad-reply',
      message: expect.stringMatching(message),
    });
  });
});

describe('silence where answers are scored', () => {
  it('is the answer of a model that finished', async () => {
    const setting = { silenceIsAnswer: true };
    expect((await ask({ body: sseEvents([FINISH]) }, setting)).failure).toBeUndefined();
    expect((await ask({ body: sseEvents([]) }, setting)).failure).toMatchObject({ kind: 'bad-reply' });
  });
});

describe('the reply breaks off', () => {
  const FIRST = sseEvents([delta({ content: 'a' })], { done: false });

  it.each([
    ['before the headers', { ending: 'cut-before-headers' }, 'connect'],
    ['before the headers, by a reset', { ending: 'cut-before-headers', reset: true }, 'connect'],
    ['inside the headers', { ending: 'cut-in-headers' }, 'connect'],
    ['before the body', { ending: 'cut-after-body' }, 'truncated'],
    ['between two events', { body: FIRST, ending: 'cut-after-body' }, 'truncated'],
    ['between two events, by a reset', { body: FIRST, ending: 'cut-after-body', reset: true }, 'truncated'],
    ['inside a chunk', { body: FIRST, ending: 'cut-in-chunk' }, 'truncated'],
    [
      'inside a chunk of the last reply on a connection',
      { headers: { connection: 'close' }, body: FIRST, ending: 'cut-in-chunk' },
      'truncated',
    ],
    [
      'before its content-length',
      { headers: { 'content-length': '999' }, body: FIRST, ending: 'cut-after-body' },
      'truncated',
    ],
    ['without [DONE] and finish reason', { body: FIRST }, 'truncated'],
  ] as [string, ScriptedReply, string][])('%s', async (_name, script, kind) => {
    for (const setting of [{}, TEXT]) {
      const { failure } = await ask(script, setting);
      if (script.ending !== undefined || setting !== TEXT) expect(failure?.kind).toBe(kind);
      else expect(failure).toBeDefined();
    }
  });

  it('but a reset after [DONE] loses nothing', async () => {
    const { failure, output } = await ask({ ...STREAM, ending: 'cut-after-body', reset: true });
    expect(failure).toBeUndefined();
    expect(output.content).toBe('Hello there');
  });
});

describe('the model class has a bug', () => {
  const broken = (fields: object) => (options: APIModelOptions) =>
    Object.assign(new VLLMCustomAPIChat(options), fields);
  const oops = () => {
    throw new Error('oops');
  };

  it.each([
    ['a body that throws', { getRequestBody: oops }, 'getRequestBody threw: oops'],
    ['a body that rejects', { getRequestBody: async () => oops() }, 'getRequestBody threw: oops'],
    [
      'no body',
      { getRequestBody: () => undefined },
      'getRequestBody threw: it returned nothing: return the body, or say in getMethod how a request without one is sent',
    ],
    [
      'null as a body',
      { getRequestBody: () => null },
      'getRequestBody threw: it returned a value that JSON cannot hold',
    ],
    [
      'a GET with a body',
      { getMethod: () => 'GET' },
      'getRequestBody threw: it returned a body, which a GET request does not have',
    ],
    [
      'a method that does not exist',
      { getMethod: () => 'get' },
      'getMethod threw: it returned "get", which is none of GET, POST, PUT, PATCH, DELETE',
    ],
    ['a signature that throws', { signRequest: oops }, 'signRequest threw: oops'],
    ['a release that throws', { release: oops }, 'release threw: oops'],
    ['no signature', { signRequest: () => undefined }, 'signRequest threw: it returned no headers'],
    [
      'an unknown framing',
      { getFraming: () => 'xml' },
      'getFraming threw: it returned "xml", which is none of sse, sse-events, ndjson, json-array, bytes',
    ],
    [
      'no splitter of its bytes',
      { getFraming: () => 'bytes' },
      "makeSplitter threw: the class has the framing 'bytes' but no makeSplitter",
    ],
    [
      'a relative URL',
      { getUrl: () => 'v1/chat' },
      'getUrl threw: it returned "v1/chat", which is no absolute http(s) URL',
    ],
    ['headers that throw', { headers: oops }, 'headers threw: oops'],
    ['a stream parser that throws', { parseStreamResponse: oops }, 'parseStreamResponse threw: oops'],
    [
      'a stream parser that rejects',
      { parseStreamResponse: async () => oops() },
      'parseStreamResponse threw: oops',
    ],
  ])('%s', async (_name, fields, message) => {
    expect((await askScripted(broken(fields), STREAM)).failure).toMatchObject({
      kind: 'model-bug',
      message,
    });
  });

  it.each([
    ['that throws', oops],
    ['that rejects', async () => oops()],
  ])('a text parser %s', async (_name, parseTextResponse) => {
    expect((await askScripted(broken({ parseTextResponse }), json(MESSAGE), TEXT)).failure).toMatchObject({
      kind: 'model-bug',
      message: 'parseTextResponse threw: oops',
    });
  });

  it('a text parser that leaves no text', async () => {
    const parseTextResponse = (_data: unknown, output: RequestOutput) => {
      output.content = undefined as unknown as string;
    };
    const { failure } = await askScripted(broken({ parseTextResponse }), json(MESSAGE), TEXT);
    expect(failure?.kind).toBe('model-bug');
  });

  it('a header that HTTP does not allow, as from a key with a line break', async () => {
    const { failure } = await ask(STREAM, { options: { apiKey: 'sk-1\nsk-2' } });
    expect(failure).toMatchObject({
      kind: 'model-bug',
      message: expect.stringMatching(/^the request cannot be sent: .*authorization/),
    });
    expect(failure?.message).not.toContain('sk-1');
  });
});
