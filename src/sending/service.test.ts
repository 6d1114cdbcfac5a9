import { describe, expect, it, onTestFinished } from 'vitest';
import { sampleConnection, sampleOptions, samplePlan } from '../../test/support/sample-source.ts';
import type { ServiceModelPlan } from '../config/plan.ts';
import type { RunRecord } from '../contract/record.ts';
import { closedPort, type Script, startScriptedServer } from '../testing/index.ts';
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
