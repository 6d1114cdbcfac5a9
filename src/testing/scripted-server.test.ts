import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { closedPort, type Script, sseEvents, startScriptedServer } from './index.ts';

/** What a client that is not ours makes of the scripted server. */
async function ask(script: Script) {
  const server = await startScriptedServer(script);
  try {
    return await new Promise<{ status?: number | undefined; body: string; error?: string }>((resolve) => {
      const sending = request(server.url, { method: 'POST' }, (response) => {
        let body = '';
        const give = (error?: Error) =>
          resolve({ status: response.statusCode, body, ...(error ? { error: error.message } : {}) });
        response.on('data', (piece) => {
          body += piece;
        });
        response.on('end', () => give()).on('error', give);
      });
      sending.on('error', (error) => resolve({ body: '', error: error.message })).end('{"a":1}');
    });
  } finally {
    await server.close();
  }
}

describe('a scripted server', () => {
  it('answers as it is told', async () => {
    expect(await ask({ status: 418, body: ['a', { pauseMs: 5 }, Buffer.from('é')] })).toEqual({
      status: 418,
      body: 'aé',
    });
  });

  it('knows which request it answers', async () => {
    expect(
      (await ask(({ method, path, body }, n) => ({ body: [`${n} ${method} ${path} ${body}`] }))).body,
    ).toBe('0 POST / {"a":1}');
  });

  it.each(['cut-before-headers', 'cut-in-headers', 'cut-in-chunk', 'cut-after-body'] as const)(
    '%s',
    async (ending) => {
      const { error, status } = await ask({ body: ['a'], ending });
      expect(error).toMatch(/socket hang up|aborted|Parse Error/);
      expect(status).toBe(ending.endsWith('headers') ? undefined : 200);
    },
  );

  it('says when the script itself fails', async () => {
    const { status, body } = await ask(() => {
      throw new Error('oops');
    });
    expect({ status, body }).toEqual({ status: 500, body: 'the script failed: oops' });
  });

  it('counts', async () => {
    const server = await startScriptedServer({ ending: 'silent-after-body' });
    const replies = await Promise.all([1, 2, 3].map(() => fetch(server.url)));
    expect([server.inFlight, server.peakInFlight, server.connections]).toEqual([3, 3, 3]);
    await Promise.all(replies.map((reply) => reply.body?.cancel()));
    await expect.poll(() => server.inFlight).toBe(0);
    expect([server.received.length, server.peakInFlight]).toEqual([3, 3]);
    await server.close();
  });
});

it('has events for objects', () => {
  expect(sseEvents([{ a: 1 }])).toEqual(['data: {"a":1}\n\n', 'data: [DONE]\n\n']);
  expect(sseEvents([{ a: 1 }], { done: false })).toEqual(['data: {"a":1}\n\n']);
});

it('has ports where nobody listens', async () => {
  await expect(fetch(`http://127.0.0.1:${await closedPort()}/`)).rejects.toThrow();
});
