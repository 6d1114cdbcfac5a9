import { afterEach, describe, expect, it } from 'vitest';
import { VLLMCustomAPIChat } from '../models/api/vllm-custom-api-chat.ts';
import type { APIModelOptions } from '../models/base-api-model.ts';
import type { RequestOutput } from '../models/output.ts';
import {
  closedPort,
  modelOptions,
  type Script,
  type ScriptedReply,
  type ScriptedServer,
  sseEvents,
  startScriptedServer,
} from '../testing/index.ts';
import { type Attempt, callService } from './call-service.ts';
import { Deadlines, type Timeouts } from './deadlines.ts';
import type { Transport } from './types.ts';
import { undiciTransport } from './undici-transport.ts';

const open: (ScriptedServer | Transport)[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

interface Setting extends Partial<Timeouts> {
  readonly options?: Partial<APIModelOptions>;
  readonly model?: (options: APIModelOptions) => VLLMCustomAPIChat;
  readonly signal?: AbortSignal;
}

/** Asks the scripted server once; streamed unless the options say otherwise. */
async function askPort(port: number, setting: Setting = {}): Promise<Attempt> {
  const { options, model = (given) => new VLLMCustomAPIChat(given), signal, ...timeouts } = setting;
  const clock = () => performance.now();
  const transport = undiciTransport(clock, { connectTimeoutMs: 0 });
  open.push(transport);
  return callService(
    model(modelOptions({ stream: true, hostPort: port, ...options })),
    { prompt: 'Hi', maxOutLen: 16, args: { index: 0, repetition: 0 } },
    {
      transport,
      deadlines: new Deadlines(clock, { connectMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0, ...timeouts }),
      clock,
      signal: signal ?? new AbortController().signal,
    },
  );
}

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await startScriptedServer(script);
  open.push(server);
  return server;
}

async function ask(script: Script, setting?: Setting): Promise<Attempt> {
  return askPort((await serve(script)).port, setting);
}

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

describe('a good reply', () => {
  it('as text', async () => {
    const { output, failure, events, sent, headers, done } = await ask(json(MESSAGE), TEXT);
    expect(failure).toBeUndefined();
    expect(output).toMatchObject({ content: 'Hello', inputTokens: 3, outputTokens: 1, input: 'Hi' });
    expect(Array.from(events.at)).toEqual([done]);
    expect(sent).toBeLessThanOrEqual(headers as number);
    expect(headers).toBeLessThanOrEqual(done);
  });

  it('as a stream', async () => {
    const { output, failure, events, headers, done } = await ask(STREAM);
    expect(failure).toBeUndefined();
    expect(output).toMatchObject({ content: 'Hello there', finishReason: 'stop' });
    expect(events.at).toHaveLength(3);
    expect(headers).toBeLessThanOrEqual(events.at[0] as number);
    expect(events.at[2]).toBeLessThanOrEqual(done);
  });

  it.each([
    [
      'without [DONE], but with a finish reason',
      sseEvents([delta({ content: 'a' }), FINISH], { done: false }),
    ],
    ['without a finish reason, but with [DONE]', sseEvents([delta({ content: 'a' })])],
    ['with comments', [': hi\n\n', ...sseEvents([delta({ content: 'a' })]), ': bye\n\n']],
    ['with CRLF', sseEvents([delta({ content: 'a' })]).map((event) => event.replaceAll('\n', '\r\n'))],
  ])('as a stream %s', async (_name, body) => {
    const { output, failure } = await ask({ body });
    expect(failure).toBeUndefined();
    expect(output.content).toBe('a');
  });

  it('carries the key and the model’s own headers', async () => {
    class Tenant extends VLLMCustomAPIChat {
      override headers = () => ({ 'x-tenant': 'blue' });
    }
    const server = await serve(json(MESSAGE));
    await askPort(server.port, {
      options: { stream: false, apiKey: 'sk-1' },
      model: (given) => new Tenant(given),
    });
    expect(server.received[0]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-1', 'content-type': 'application/json', 'x-tenant': 'blue' },
    });
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
      model: 'model-under-test',
      max_tokens: 16,
    });
  });
});

describe('nothing comes', () => {
  it('where nobody listens', async () => {
    const { failure, headers } = await askPort(await closedPort());
    expect(failure).toMatchObject({ kind: 'connect', message: expect.stringContaining('ECONNREFUSED') });
    expect(headers).toBeUndefined();
  });

  it.each([
    ['before the headers', { ending: 'silent-before-headers' }],
    ['after the headers', { ending: 'silent-after-body' }],
    ['but comments', { body: [': ping\n\n', { pauseMs: 100 }, ': ping\n\n'], ending: 'silent-after-body' }],
  ] as [string, ScriptedReply][])('until the first-token deadline, %s', async (_name, script) => {
    const { failure } = await ask(script, { firstTokenMs: 150, idleMs: 5000, totalMs: 10_000 });
    expect(failure).toEqual({ kind: 'timeout', message: 'no first token within 0.15 s' });
  });

  it('until the idle deadline', async () => {
    const script: ScriptedReply = {
      body: sseEvents([delta({ content: 'a' })], { done: false }),
      ending: 'silent-after-body',
    };
    const { failure, output } = await ask(script, { firstTokenMs: 5000, idleMs: 100, totalMs: 10_000 });
    expect(failure).toMatchObject({ kind: 'timeout', message: expect.stringContaining('fell silent') });
    expect(output.content).toBe('a');
  });

  it('until the total deadline, however many comments', async () => {
    const comments = Array.from({ length: 100 }, () => [': ping\n\n', { pauseMs: 20 }]).flat();
    const body = [...sseEvents([delta({ content: 'a' })], { done: false }), ...comments];
    const { failure } = await ask({ body }, { idleMs: 5000, totalMs: 200 });
    expect(failure).toEqual({ kind: 'timeout', message: 'no complete reply within 0.2 s' });
  });

  it('until the total deadline of a whole reply', async () => {
    const { failure } = await ask(
      { ending: 'silent-before-headers' },
      { ...TEXT, firstTokenMs: 10, totalMs: 150 },
    );
    expect(failure).toEqual({ kind: 'timeout', message: 'no complete reply within 0.15 s' });
  });

  it('until the run is stopped', async () => {
    const stop = new AbortController();
    const server = await serve(() => {
      setTimeout(() => stop.abort(), 20);
      return { ending: 'silent-before-headers' };
    });
    const { failure } = await askPort(server.port, { signal: stop.signal });
    expect(failure).toEqual({ kind: 'cancelled', message: 'the run was stopped' });
    expect((await askPort(server.port, { signal: stop.signal })).failure?.kind).toBe('cancelled');
  });

  it('after [DONE], which loses nothing', async () => {
    const { failure, output } = await ask({ ...STREAM, ending: 'silent-after-body' }, { idleMs: 100 });
    expect(failure).toBeUndefined();
    expect(output.content).toBe('Hello there');
  });
});

describe('the server says no', () => {
  it.each([
    ['a string', 401, '{"error":"Unauthorized"}', 'HTTP 401: Unauthorized'],
    [
      'FastAPI’s list',
      422,
      '{"detail":[{"loc":["body","n"],"msg":"not an int"}]}',
      'HTTP 422: body.n: not an int',
    ],
    ['HTML', 502, '<html><title>Bad Gateway</title></html>', 'HTTP 502: an HTML page ("Bad Gateway")'],
    ['nothing', 503, '', 'HTTP 503'],
  ])('in %s', async (_name, status, body, message) => {
    for (const setting of [TEXT, {}]) {
      const { failure } = await ask({ status, body: [body] }, setting);
      expect(failure).toEqual({ kind: 'http-status', status, message, bodyExcerpt: body });
    }
  });

  it('in five megabytes, of which enough is read to know why', async () => {
    const block = 'x'.repeat(64 * 1024);
    const body = [
      '{"error":{"message":"CUDA out of memory"},"trace":"',
      ...Array<string>(80).fill(block),
      '"}',
    ];
    for (const setting of [TEXT, {}]) {
      const { failure } = await ask({ status: 500, body }, setting);
      expect(failure).toMatchObject({ kind: 'http-status', status: 500 });
      expect(failure?.message).toContain('CUDA out of memory');
      expect(failure?.message.length).toBeLessThan(600);
      expect(failure?.bodyExcerpt?.length).toBeLessThan(2100);
    }
  });

  it('and then nothing', async () => {
    const script: ScriptedReply = { status: 500, body: ['{"error":"dead"'], ending: 'silent-after-body' };
    expect((await ask(script, { idleMs: 100 })).failure).toMatchObject({
      kind: 'http-status',
      message: 'HTTP 500: {"error":"dead"',
    });
  });

  it('inside the stream', async () => {
    const body = sseEvents([delta({ content: 'a' }), { error: { message: 'engine died', code: 500 } }]);
    const { failure, output } = await ask({ body });
    expect(failure).toMatchObject({ kind: 'server-error', message: 'engine died' });
    expect(output.content).toBe('a');
  });

  it('with status 200', async () => {
    expect((await ask(json({ error: 'no such model' }), TEXT)).failure).toMatchObject({
      kind: 'server-error',
      message: 'no such model',
    });
  });

  it('by pointing elsewhere', async () => {
    const server = await serve({ status: 307, headers: { location: 'http://other/v1/' } });
    expect((await askPort(server.port)).failure).toMatchObject({
      kind: 'http-status',
      status: 307,
      message: 'HTTP 307: the service redirects to http://other/v1/',
    });
    expect(server.received).toHaveLength(1);
  });
});

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
  ] as [string, ScriptedReply, Setting, RegExp][])('%s', async (_name, script, setting, message) => {
    expect((await ask(script, setting)).failure).toMatchObject({
      kind: 'bad-reply',
      message: expect.stringMatching(message),
    });
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
      'getRequestBody threw: it returned nothing that JSON can say',
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
    expect((await ask(STREAM, { model: broken(fields) })).failure).toMatchObject({
      kind: 'model-bug',
      message,
    });
  });

  it.each([
    ['that throws', oops],
    ['that rejects', async () => oops()],
  ])('a text parser %s', async (_name, parseTextResponse) => {
    const setting = { ...TEXT, model: broken({ parseTextResponse }) };
    expect((await ask(json(MESSAGE), setting)).failure).toMatchObject({
      kind: 'model-bug',
      message: 'parseTextResponse threw: oops',
    });
  });

  it('a text parser that leaves no text', async () => {
    const parseTextResponse = (_data: unknown, output: RequestOutput) => {
      output.content = undefined as unknown as string;
    };
    const setting = { ...TEXT, model: broken({ parseTextResponse }) };
    expect((await ask(json(MESSAGE), setting)).failure?.kind).toBe('model-bug');
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
