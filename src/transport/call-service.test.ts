import { describe, expect, it } from 'vitest';
import type { APIModelOptions } from '../contract/base-api-model.ts';
import { VLLMCustomAPIChat } from '../models/api/vllm-custom-api-chat.ts';
import {
  type AskOptions,
  askPort,
  askScripted,
  closedPort,
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

describe('a good reply', () => {
  it('as text', async () => {
    const { output, failure, events, sent, headers, done } = await ask(json(MESSAGE), TEXT);
    expect(failure).toBeUndefined();
    expect(output).toMatchObject({ content: 'Hello', inputTokens: 3, outputTokens: 1, input: 'Hello' });
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
    const options = { stream: false, apiKey: 'sk-1' };
    const { received } = await askScripted((given) => new Tenant(given), json(MESSAGE), { options });
    expect(received[0]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-1', 'content-type': 'application/json', 'x-tenant': 'blue' },
    });
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({
      model: 'model-under-test',
      max_tokens: 16,
    });
  });
});

describe('nothing comes', () => {
  it('where nobody listens', async () => {
    const { failure, headers } = await askPort(create, await closedPort());
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
    const script: Script = () => {
      setTimeout(() => stop.abort(), 20);
      return { ending: 'silent-before-headers' };
    };
    for (const _ of ['while it waits', 'before it is sent']) {
      const { failure } = await ask(script, { signal: stop.signal });
      expect(failure).toEqual({ kind: 'cancelled', message: 'the run was stopped' });
    }
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
    const script: ScriptedReply = { status: 307, headers: { location: 'http://other/v1/' } };
    const { failure, received } = await ask(script);
    expect(failure).toMatchObject({
      kind: 'http-status',
      status: 307,
      message: 'HTTP 307: the service redirects to http://other/v1/',
    });
    expect(received).toHaveLength(1);
  });
});
