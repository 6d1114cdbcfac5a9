import { afterEach, describe, expect, it } from 'vitest';
import { type Script, type ScriptedServer, startScriptedServer } from '../testing/index.ts';
import { http1Transport } from './http1-transport.ts';
import { undiciTransport } from './open-transport.ts';
import type { Transport } from './types.ts';

const open: (ScriptedServer | Transport)[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

interface Reply {
  status?: number;
  pieces: { text: string; at: number; sharedRead: boolean }[];
  end: 'end' | Error;
}

describe.each([
  ['our own client', http1Transport],
  ['undici', undiciTransport],
] as const)('%s', (_client, create) => {
  async function start(script: Script) {
    const server = await startScriptedServer(script);
    const transport = await create(() => performance.now(), { connectMs: 0 });
    open.push(server, transport);
    const get = (url = server.url, headers: Record<string, string> = {}) =>
      new Promise<Reply>((resolve) => {
        const reply: Reply = { pieces: [], end: 'end' };
        let returned = false;
        transport.send(
          { method: 'POST', url, headers, body: '{}' },
          {
            onHeaders: (status) => {
              reply.status = status;
            },
            onData: (bytes, at, sharedRead) =>
              reply.pieces.push({ text: Buffer.from(bytes).toString(), at, sharedRead }),
            onEnd: () => resolve(reply),
            onError: (end) => {
              expect(returned).toBe(true);
              resolve({ ...reply, end });
            },
          },
        );
        returned = true;
      });
    return { server, transport, get };
  }

  describe('connections', () => {
    it('are kept alive for the next request', async () => {
      const { server, get } = await start({ body: ['a'] });
      for (let n = 0; n < 5; n++) expect((await get()).end).toBe('end');
      expect(server.connections).toBe(1);
    });

    it('are as many as there are requests in flight', async () => {
      const { server, get } = await start({ body: [{ pauseMs: 500 }, 'a'] });
      await Promise.all(Array.from({ length: 12 }, () => get()));
      expect(server.peakInFlight).toBe(12);
      await Promise.all(Array.from({ length: 12 }, () => get()));
      expect(server.connections).toBe(12);
    });

    it('are opened anew after a reply that broke off', async () => {
      const { server, get } = await start((_request, n) =>
        n === 0 ? { ending: 'cut-before-headers' } : { body: ['a'] },
      );
      expect((await get()).end).toBeInstanceOf(Error);
      expect((await get()).end).toBe('end');
      expect(server.connections).toBe(2);
    });
  });

  describe('reads', () => {
    it('have a stamp each', async () => {
      const { get } = await start({ body: ['a', { pauseMs: 150 }, 'b', { pauseMs: 150 }, 'c'] });
      const { pieces } = await get();
      expect(pieces.map(({ text, sharedRead }) => [text, sharedRead])).toEqual([
        ['a', false],
        ['b', false],
        ['c', false],
      ]);
      const [a = 0, b = 0, c = 0] = pieces.map(({ at }) => at);
      expect(b - a).toBeGreaterThan(50);
      expect(c - b).toBeGreaterThan(50);
    });

    it('share their stamp among the chunks that came in them', async () => {
      // Two chunks in one write of the socket, as a busy server or a proxy sends them.
      const { get } = await start({
        raw: [
          'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
          { pauseMs: 150 },
          '1\r\na\r\n1\r\nb\r\n',
          { pauseMs: 150 },
          '1\r\nc\r\n0\r\n\r\n',
        ],
      });
      const { pieces } = await get();
      expect(pieces.map(({ text, sharedRead }) => [text, sharedRead])).toEqual([
        ['a', false],
        ['b', true],
        ['c', false],
      ]);
      expect(pieces[1]?.at).toBe(pieces[0]?.at);
    });
  });

  describe('what cannot be sent', () => {
    it('is told after `send` has returned, not thrown', async () => {
      const { get, transport } = await start({});
      expect((await get('nowhere')).end).toMatchObject({ code: 'ERR_INVALID_URL' });
      expect((await get(undefined, { 'x-bad': 'a\nb' })).end).toMatchObject({
        message: expect.stringMatching(/^invalid x-bad header$/),
      });
      await transport.close();
      expect((await get()).end).toBeInstanceOf(Error);
    });
  });

  describe('giving up', () => {
    it('closes the connection and tells the reason once', async () => {
      const { server, transport } = await start({ body: ['a'], ending: 'silent-after-body' });
      const errors: Error[] = [];
      await new Promise<void>((resolve) => {
        const exchange = transport.send(
          { method: 'POST', url: server.url, headers: {}, body: '{}' },
          {
            onHeaders: () => {},
            onData: () => {
              exchange.abort(new Error('enough'));
              exchange.abort(new Error('again'));
            },
            onEnd: () => {},
            onError: (error) => {
              errors.push(error);
              resolve();
            },
          },
        );
      });
      await expect.poll(() => server.inFlight).toBe(0);
      expect(errors.map(({ message }) => message)).toEqual(['enough']);
    });

    it('works before the connection is there', async () => {
      const { server, transport } = await start({ body: ['a'] });
      const reason = await new Promise<Error>((resolve) => {
        const exchange = transport.send(
          { method: 'POST', url: server.url, headers: {}, body: '{}' },
          { onHeaders: () => {}, onData: () => {}, onEnd: () => {}, onError: resolve },
        );
        exchange.abort(new Error('too late'));
      });
      expect(reason.message).toBe('too late');
      expect(server.received).toEqual([]);
    });
  });
});
