import { describe, expect, it, onTestFinished } from 'vitest';
import {
  sampleClass,
  sampleConnection,
  sampleOptions,
  samplePlan,
} from '../../test/support/sample-source.ts';
import type { ServiceModelPlan } from '../config/plan.ts';
import type { APIModelClass } from '../contract/class-ref.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { RunRecord } from '../contract/record.ts';
import { TritonCustomAPI } from '../models/api/triton-custom-api.ts';
import { VLLMCustomAPI } from '../models/api/vllm-custom-api.ts';
import {
  closedPort,
  type Script,
  type ScriptedReply,
  sseEvents,
  startScriptedServer,
} from '../testing/index.ts';
import { sendRequest } from './send-request.ts';
import { openService } from './service.ts';

const named = (name: string) => ({ body: [JSON.stringify({ data: [{ id: name }] })] });
const said = (text: string): Script => ({ body: [JSON.stringify({ said: text, tokens: 1 })] });

async function server(script: Script) {
  const started = await startScriptedServer(script);
  onTestFinished(() => started.close());
  return started;
}

async function open(plan: Partial<ServiceModelPlan>) {
  const service = await openService(samplePlan(plan), {
    base: '',
    clock: () => performance.now(),
    signal: new AbortController().signal,
  });
  onTestFinished(() => service.close());
  return service;
}

const ref = (index: number) => ({ id: `c${index}`, model: 'm', dataset: 'd', index, repetition: 0 });

/** The record of a case from pick to release. */
async function record(service: Awaited<ReturnType<typeof open>>, index: number): Promise<RunRecord> {
  const target = service.pick(ref(index));
  const call = { ref: ref(index), prompt: 'p', maxOutLen: 1, gold: undefined };
  const answer = await sendRequest(target, call, service.wire, { attempts: 1, scheduled: 0 });
  target.release();
  return answer.record;
}

describe('a class that asks its service', () => {
  const plan = (url: string, stream: boolean) => ({
    ...sampleClass(TritonCustomAPI),
    options: sampleOptions({ model: 'echo', url, stream, headers: { 'x-tenant': 'me' }, apiKey: 'k' }),
    connection: sampleConnection({ servers: [url] }),
  });
  const event = (text: string) => ({ text_output: text });

  it('does so once, with the key and the headers of the config, before the first request', async () => {
    const { url, received } = await server(({ path }) =>
      path === '/v2/models/echo/config'
        ? { body: [JSON.stringify({ input: [{ name: 'stream' }, { name: 'max_tokens' }] })] }
        : {
            headers: { 'content-type': 'text/event-stream' },
            body: sseEvents([event('Hi')], { done: false }),
          },
    );
    const service = await open(plan(url, true));
    for (const n of [0, 1]) expect(await record(service, n)).toMatchObject({ outcome: 'ok' });
    expect(received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v2/models/echo/config',
      'POST /v2/models/echo/generate_stream',
      'POST /v2/models/echo/generate_stream',
    ]);
    expect(received[0]?.headers).toMatchObject({ 'x-tenant': 'me', authorization: 'Bearer k' });
    expect(JSON.parse(received[1]!.body)).toMatchObject({ stream: true, max_tokens: 1 });
  });

  it.each<[string, ScriptedReply]>([
    ['has no such page', { status: 404, body: ['{"error":"not found"}'] }],
    ['answers with no JSON', { body: ['<html>'] }],
    ['hangs up', { ending: 'cut-before-headers' }],
  ])('goes on with what it knows where the service %s', async (_what, answer) => {
    const { url, received } = await server(({ method }) =>
      method === 'GET' ? answer : { body: [JSON.stringify(event('Hi'))] },
    );
    expect(await record(await open(plan(url, false)), 0)).toMatchObject({ outcome: 'ok' });
    expect(received.map(({ path }) => path)).toEqual([
      '/v2/models/echo/config',
      '/v2/models/echo',
      '/v2/models/echo/generate',
    ]);
    expect(JSON.parse(received[2]!.body)).toMatchObject({ parameters: { max_new_tokens: 1 } });
  });
});

describe('token counts that the class does not read', () => {
  /** Reads the text of OpenAI's completions and nothing else. */
  class TextOnly extends VLLMCustomAPI {
    readonly #field = 'text';
    override parseTextResponse(data: any, output: RequestOutput): void {
      output.content = data.choices[0][this.#field];
    }
    override parseStreamResponse(data: any, output: RequestOutput): void {
      output.addContent(data.choices[0]?.[this.#field] ?? '');
      output.finishReason = data.choices[0]?.finish_reason ?? output.finishReason;
    }
  }
  const usage = { prompt_tokens: 7, completion_tokens: 2 };
  const choice = (text: string, finish_reason: string | null = null) => ({
    choices: [{ text, finish_reason }],
  });
  const records = async (modelClass: APIModelClass, stream: boolean, withUsage: boolean) => {
    const counts = withUsage ? { usage } : {};
    const events = [choice('a'), choice(' b', 'stop'), { choices: [], ...counts }];
    const { url } = await server(
      stream
        ? { headers: { 'content-type': 'text/event-stream' }, body: sseEvents(events) }
        : { body: [JSON.stringify({ ...choice('a b', 'stop'), ...counts })] },
    );
    const service = await open({
      ...sampleClass(modelClass),
      options: sampleOptions({ model: 'm', url, stream }),
      connection: sampleConnection({ servers: [url] }),
    });
    return [await record(service, 0), await record(service, 1)];
  };

  it.each([true, false])(
    'are seen in the first reply, and said of every answer (stream: %s)',
    async (stream) => {
      for (const one of await records(TextOnly, stream, true)) {
        expect(one).toMatchObject({
          unreadCounts: { input: 'usage.prompt_tokens', output: 'usage.completion_tokens' },
        });
      }
    },
  );

  it.each([true, false])('are not there where the service sends none (stream: %s)', async (stream) => {
    for (const one of await records(TextOnly, stream, false)) {
      expect(one).toMatchObject({ outcome: 'ok' });
      expect(one).not.toHaveProperty('unreadCounts');
    }
  });

  it('are read by a class that ships', async () => {
    for (const one of await records(VLLMCustomAPI, true, true)) {
      expect(one).toMatchObject({ outputTokens: { value: 2, source: 'server' } });
      expect(one).not.toHaveProperty('unreadCounts');
    }
  });
});

describe('several servers', () => {
  it('take turns, each asked at its own URL, and are named in the records', async () => {
    const [a, b] = [await server(said('a')), await server(said('b'))];
    const urls = [`${a.url}one/`, b.url.replace('//', '//ann:secret@')];
    const service = await open({
      options: sampleOptions({ model: 'm' }),
      connection: sampleConnection({ servers: urls }),
    });
    const servers = [];
    for (let n = 0; n < 4; n++) servers.push((await record(service, n)).server);
    expect(servers).toEqual([urls[0], b.url, urls[0], b.url]);
    expect(a.received.map(({ path }) => path)).toEqual(['/one/', '/one/']);
    expect(b.received[0]?.headers.authorization).toMatch(/^Basic /);
  });

  it('are asked by how busy they are where that is planned', async () => {
    const service = await open({
      options: sampleOptions({ model: 'm' }),
      connection: sampleConnection({ servers: ['http://a/', 'http://b/'], balance: 'least_in_flight' }),
    });
    const [first, second] = [service.pick(ref(0)), service.pick(ref(1))];
    first.release();
    const third = service.pick(ref(2));
    expect([first, second, third].map((target) => target.server)).toEqual([
      'http://a/',
      'http://b/',
      'http://a/',
    ]);
  });

  it('are not named where there is one', async () => {
    const { url } = await server(said('a'));
    const service = await open({
      options: sampleOptions({ model: 'm', url }),
      connection: sampleConnection({ servers: [url] }),
    });
    expect(await record(service, 0)).not.toHaveProperty('server');
  });
});

describe('the model’s name', () => {
  it('is asked once, of the first server that answers, with the config’s headers', async () => {
    const closed = `http://127.0.0.1:${await closedPort()}/`;
    const broken = await server({ status: 500 });
    const working = await server(named('qwen'));
    const late = await server(named('other'));
    const service = await open({
      options: sampleOptions({ model: '', headers: { 'X-Team': 'blue' } }),
      connection: sampleConnection({ servers: [closed, broken.url, working.url, late.url] }),
    });
    const names = [0, 1, 2, 3].map((n) => service.pick(ref(n)).model.getServiceModelPath());
    expect(names).toEqual(['qwen', 'qwen', 'qwen', 'qwen']);
    expect(working.received).toMatchObject([{ path: '/v1/models', headers: { 'x-team': 'blue' } }]);
    expect(late.received).toEqual([]);
  });

  it('is missed only by a class that needs it', async () => {
    const closed = [await closedPort(), await closedPort()].map((port) => `http://127.0.0.1:${port}/`);
    const service = await open({
      options: sampleOptions({ model: '' }),
      connection: sampleConnection({ servers: closed }),
    });
    expect(() => service.pick(ref(0)).model.getServiceModelPath()).toThrow(
      expect.objectContaining({
        code: 'MODEL-DATA-001',
        message: expect.stringMatching(/^each of the 2 servers did not report its model/),
        where: `${closed[0]}v1/models`,
      }),
    );
  });
});

it('a case asks for its adapter, and its record says which', async () => {
  const { url } = await server(said('a'));
  const service = await open({
    options: sampleOptions({ model: 'm', url }),
    connection: sampleConnection({
      servers: [url],
      adapters: { kind: 'rows', path: 'x', names: { 1: 'lora-b' } },
    }),
  });
  expect([await record(service, 0), await record(service, 1)].map(({ adapter }) => adapter)).toEqual([
    undefined,
    'lora-b',
  ]);
});
