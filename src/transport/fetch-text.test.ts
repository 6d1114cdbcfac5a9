import { afterEach, describe, expect, it } from 'vitest';
import {
  closedPort,
  type ScriptedReply,
  type ScriptedServer,
  startScriptedServer,
} from '../testing/index.ts';
import { fetchText, undiciTransport } from './open-transport.ts';
import type { Transport } from './types.ts';

const open: (ScriptedServer | Transport)[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function fetchFrom(url: string, timeoutMs = 5000) {
  const transport = await undiciTransport(() => performance.now(), { connectMs: 0 });
  open.push(transport);
  return fetchText(transport, { method: 'GET', url, headers: {} }, timeoutMs);
}

describe('a small reply', () => {
  it.each([
    [{ body: ['{"data":', '[]}'] }, { text: '{"data":[]}' }],
    [
      { status: 401, body: ['{"error":"no"}'] },
      { failure: { kind: 'http-status', message: 'HTTP 401: no' } },
    ],
    [{ ending: 'cut-after-body' }, { failure: { kind: 'truncated' } }],
  ] as [ScriptedReply, object][])('%j', async (script, reply) => {
    const server = await startScriptedServer(script);
    open.push(server);
    expect(await fetchFrom(server.url)).toMatchObject(reply);
  });

  it('that does not come is a timeout', async () => {
    const server = await startScriptedServer({ ending: 'silent-before-headers' });
    open.push(server);
    expect(await fetchFrom(server.url, 50)).toEqual({
      failure: { kind: 'timeout', message: 'no answer within 0.05 s' },
    });
  });

  it.each([
    ['where nobody listens', async () => `http://127.0.0.1:${await closedPort()}/`, 'connect'],
    ['from no URL', async () => 'nowhere', 'model-bug'],
  ])('%s is a failure, not an exception', async (_name, url, kind) => {
    expect(await fetchFrom(await url())).toMatchObject({ failure: { kind } });
  });
});
