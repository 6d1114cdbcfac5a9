/** Every client sends every method and body, and says how long it is. */
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { pem, startHttp2 } from '../../test/support/connections.ts';
import { startScriptedServer } from '../testing/index.ts';
import { http1Transport } from './http1-transport.ts';
import { http2Transport } from './http2-transport.ts';
import { undiciTransport } from './open-transport.ts';
import type { HttpRequest, Transport } from './types.ts';

interface Seen {
  readonly method: string;
  readonly length: string | undefined;
  readonly bytes: Uint8Array;
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server of HTTP/1.1 that keeps what it sees. */
async function http1Server() {
  const seen: Seen[] = [];
  const server = await startScriptedServer(({ method, headers, bytes }) => {
    seen.push({ method, length: headers['content-length'], bytes });
    return { body: ['ok'] };
  });
  closing.push(() => server.close());
  return { url: server.url, seen };
}

async function http2Server() {
  const seen: Seen[] = [];
  const { url } = await startHttp2(async (stream, headers) => {
    const bytes = await buffer(stream);
    seen.push({ method: String(headers[':method']), length: headers['content-length'], bytes });
    stream.respond({ ':status': 200 });
    stream.end('ok');
  });
  return { url, seen };
}

const clock = () => performance.now();
const CLIENTS = [
  ['HTTP/1.1', async () => http1Transport(clock, { connectMs: 5000 }), http1Server],
  ['undici', () => undiciTransport(clock, { connectMs: 5000 }), http1Server],
  [
    'HTTP/2',
    async () => http2Transport(clock, { connectMs: 5000, tls: { ca: pem('ca.pem'), insecure: false } }),
    http2Server,
  ],
] as const;

function send(transport: Transport, request: HttpRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    let status = 0;
    transport.send(request, {
      onHeaders: (code) => {
        status = code;
      },
      onData: () => {},
      onEnd: () => resolve(status),
      onError: reject,
    });
  });
}

const BINARY = Uint8Array.from({ length: 300 }, (_, n) => n % 256);
const LARGE = new Uint8Array(3 * 1024 * 1024).fill(200);

describe.each(CLIENTS)('%s', (_name, open, start) => {
  it.each([
    ['GET', undefined, undefined],
    ['DELETE', undefined, undefined],
    ['POST', undefined, '0'],
    ['PUT', undefined, '0'],
    ['PATCH', undefined, '0'],
    ['POST', '', '0'],
    ['POST', 'é漢', '5'],
    ['PUT', BINARY, '300'],
    ['DELETE', BINARY, '300'],
    ['POST', new Uint8Array(), '0'],
    ['PATCH', LARGE, String(LARGE.length)],
    // A part of a larger buffer: only that is sent.
    ['POST', BINARY.subarray(100, 110), '10'],
  ] as [HttpRequest['method'], HttpRequest['body'], string | undefined][])(
    '%s with the body %#',
    async (method, body, length) => {
      const { url, seen } = await start();
      const transport = await open();
      closing.push(() => transport.close());
      const request = { method, url, headers: {}, ...(body === undefined ? {} : { body }) };
      for (const n of [0, 1]) {
        expect(await send(transport, request)).toBe(200);
        expect(seen[n]).toMatchObject({ method, length });
        expect(Buffer.from(seen[n]!.bytes).equals(Buffer.from(body ?? ''))).toBe(true);
      }
    },
  );
});
