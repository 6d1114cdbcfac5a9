/** Our HTTP/1.1 client and undici's, asked the same of a server that says whatever a script tells it, in whatever pieces. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingsOf, SERVERS } from '../../test/support/recordings.ts';
import { failureFromError } from './failure.ts';
import { http1Transport } from './http1-transport.ts';
import { undiciTransport } from './open-transport.ts';
import type { Transport } from './types.ts';

interface Script {
  readonly pieces: readonly Buffer[];
  /** What the server does after the last piece. */
  readonly after: 'stay' | 'end' | 'reset';
}

interface Seen {
  status: number | undefined;
  headers: unknown;
  body: string;
  end: string;
}

let script: Script = { pieces: [], after: 'end' };
let url = '';
const server = createServer({ noDelay: true }, (socket) => {
  let request = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    request += bytes.toString('latin1');
    if (!request.endsWith('\r\n\r\n{}')) return;
    request = '';
    void play(script, socket);
  });
});
const clock = () => performance.now();
const ours = http1Transport(clock, { connectMs: 5000 });
const undici = await undiciTransport(clock, { connectMs: 5000 });

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat`;
});
afterAll(async () => {
  await Promise.all([ours.close(), undici.close()]);
  server.close();
});

async function play({ pieces, after }: Script, socket: Socket): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    socket.write(piece);
    await turn();
  }
  if (after === 'end') socket.end();
  // A reset takes back what was not read yet.
  else if (after === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
}

function ask(transport: Transport): Promise<Seen> {
  const seen: Seen = { status: undefined, headers: undefined, body: '', end: '' };
  const body: Buffer[] = [];
  return new Promise((resolve) => {
    const settle = (end: string) => {
      expect(seen.end).toBe('');
      seen.end = end;
      resolve({ ...seen, body: Buffer.concat(body).toString('latin1') });
    };
    transport.send(
      { method: 'POST', url, headers: { 'x-own': '1' }, body: '{}' },
      {
        onHeaders: (status, headers) => {
          expect(seen.status).toBeUndefined();
          seen.status = status;
          seen.headers = { ...headers };
        },
        onData: (bytes) => body.push(Buffer.from(bytes)),
        onEnd: () => settle('end'),
        onError: (error) => settle(failureFromError(error, seen.status !== undefined).kind),
      },
    );
  });
}

async function bothOf(given: Script): Promise<{ ours: Seen; undici: Seen }> {
  script = given;
  return { ours: await ask(ours), undici: await ask(undici) };
}

async function agree(given: Script): Promise<Seen> {
  const both = await bothOf(given);
  expect(both.ours).toEqual(both.undici);
  return both.ours;
}

function cutAt(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const sorted = [0, ...offsets.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted
    .slice(1)
    .map((end, n) => bytes.subarray(sorted[n], end))
    .filter(({ length }) => length > 0);
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly extension: string;
  readonly upperCase: boolean;
}

const chunked = (chunks: readonly Chunk[], trailers: readonly string[]) =>
  Buffer.concat([
    ...chunks.map(({ bytes, extension, upperCase }) => {
      const size = bytes.length.toString(16);
      const line = `${upperCase ? size.toUpperCase() : size}${extension}\r\n`;
      return Buffer.concat([Buffer.from(line), bytes, Buffer.from('\r\n')]);
    }),
    Buffer.from(`0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`),
  ]);

const bytes = fc.uint8Array({ minLength: 1, maxLength: 600 });
const extension = fc.constantFrom('', '', ';a', ';name=value', ';a="b c";d', ';0123456789abcdef');
const chunk = fc.record({ bytes, extension, upperCase: fc.boolean() });
const trailers = fc.constantFrom<string[]>([], [], ['x-time: 5'], ['x-a: 1', 'x-b:   two']);
const fields = fc.subarray([
  'content-type: text/event-stream; charset=utf-8',
  'X-Request-Id:   abc',
  'x-twice: 1',
  'x-twice: 2',
  'x-empty:',
  'Server: uvicorn',
  'Date: Tue, 24 Nov 2026 22:00:00 GMT',
  'Content-Encoding: gzip',
]);
const interim = fc.constantFrom(
  '',
  '',
  'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n',
  'HTTP/1.1 102 Processing\r\n\r\n',
  'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n',
);
const statusLine = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 ',
  'HTTP/1.1 201 Created',
  'HTTP/1.1 404 Not Found',
  'HTTP/1.1 503 Service Unavailable',
  'HTTP/1.0 200 OK',
);
const framing = fc.oneof(
  fc.tuple(fc.array(chunk, { maxLength: 6 }), trailers).map(([chunks, lines]) => ({
    header: 'transfer-encoding: chunked',
    body: chunked(chunks, lines),
    ends: true,
  })),
  bytes.map((body) => ({ header: `content-length: ${body.length}`, body: Buffer.from(body), ends: true })),
  bytes.map((body) => ({ header: 'x-none: 1', body: Buffer.from(body), ends: false })),
  fc.constant({ header: 'content-length: 0', body: Buffer.alloc(0), ends: true }),
);
const connection = fc.constantFrom(
  'x-y: z',
  'connection: close',
  'connection: keep-alive',
  'Keep-Alive: timeout=5',
);
const message = fc
  .tuple(interim, statusLine, fields, framing, connection)
  .map(([before, status, lines, { header, body, ends }, own]) => ({
    bytes: Buffer.concat([
      Buffer.from(`${before}${[status, ...lines, own, header].join('\r\n')}\r\n\r\n`),
      body,
    ]),
    ends,
  }));
const offsets = fc.array(fc.nat(), { maxLength: 8 });

describe('our client and undici see the same', () => {
  it('in a whole reply, however it is framed and cut', async () => {
    await fc.assert(
      fc.asyncProperty(message, offsets, async ({ bytes: all, ends }, cuts) => {
        const seen = await agree({ pieces: cutAt(all, cuts), after: ends ? 'stay' : 'end' });
        expect(seen.end).toBe('end');
      }),
      { numRuns: 150 },
    );
  });

  it('in a reply that breaks off anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(message, fc.nat(), offsets, async ({ bytes: all }, at, cuts) => {
        await agree({ pieces: cutAt(all.subarray(0, at % all.length), cuts), after: 'end' });
      }),
      { numRuns: 150 },
    );
  });

  it('in a reply that is cut by a reset', async () => {
    await fc.assert(
      fc.asyncProperty(message, fc.nat(), async ({ bytes: all }, at) => {
        const both = await bothOf({ pieces: [all.subarray(0, 1 + (at % (all.length - 1)))], after: 'reset' });
        expect(['connect', 'truncated']).toContain(both.ours.end);
        // undici takes a reset for the end of the body where the connection was not to be kept.
        const end = both.undici.end === 'end' ? both.ours.end : both.undici.end;
        expect(both.ours).toEqual({ ...both.undici, end });
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['no body after 204', 'HTTP/1.1 204 No Content\r\n\r\n', 'stay', 'end'],
    ['no body after 304', 'HTTP/1.1 304 Not Modified\r\netag: 1\r\n\r\n', 'stay', 'end'],
    [
      'a lower-case chunk size with leading zeros',
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0003\r\nabc\r\n0\r\n\r\n`,
      'stay',
      'end',
    ],
    [
      'chunked after another coding',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
      'stay',
      'end',
    ],
    ['a coding that is not chunked', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nabc', 'end', 'end'],
    [
      'UTF-8 in a header',
      'HTTP/1.1 200 OK\r\nx-name: gr\u00fcn \u6f22\r\ncontent-length: 0\r\n\r\n',
      'stay',
      'end',
    ],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'stay', 'bad-reply'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n', 'stay', 'bad-reply'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nbroken\r\n\r\n', 'stay', 'bad-reply'],
    ['a header name with a space', 'HTTP/1.1 200 OK\r\nbro ken: 1\r\n\r\n', 'stay', 'bad-reply'],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na',
      'stay',
      'bad-reply',
    ],
    ['a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\na', 'stay', 'bad-reply'],
    [
      'a length beside chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      'stay',
      'bad-reply',
    ],
    [
      'a chunk size that is none',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n',
      'stay',
      'bad-reply',
    ],
    [
      'a chunk that is too long',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc\r\n',
      'stay',
      'bad-reply',
    ],
    ['nothing', '', 'end', 'connect'],
  ] as [string, string, Script['after'], string][])('in %s', async (_name, text, after, end) => {
    const both = await bothOf({ pieces: text === '' ? [] : [Buffer.from(text)], after });
    expect(both.ours.end).toBe(end);
    // undici ends the connection on a bad reply, and that is what it tells of.
    if (end === 'bad-reply') expect(both.undici.end).toMatch(/bad-reply|connect|truncated/);
    else expect(both.undici.end).toBe(end);
    expect({ ...both.ours, end: '' }).toEqual({ ...both.undici, end: '' });
  });

  it('in every recorded reply, chunked and cut anywhere', { timeout: 120_000 }, async () => {
    for (const { status, contentType, body } of recordingsOf(SERVERS, /^/)) {
      if (status < 200) continue;
      const whole = Buffer.from(body);
      const pieces = cutAt(
        whole,
        [whole.length / 3, whole.length / 2, whole.length - 7].map((n) => Math.max(0, Math.trunc(n))),
      );
      const head = `HTTP/1.1 ${status} X\r\ncontent-type: ${contentType}\r\ntransfer-encoding: chunked\r\n\r\n`;
      const all = Buffer.concat([
        Buffer.from(head),
        chunked(
          pieces.map((one) => ({ bytes: one, extension: '', upperCase: false })),
          [],
        ),
      ]);
      const seen = await agree({
        pieces: cutAt(all, [head.length + 3, 11, all.length - 4, (all.length / 2) | 0]),
        after: 'stay',
      });
      expect(seen).toMatchObject({ end: 'end', status });
      if (status !== 204) expect(seen.body.length).toBe(whole.length);
    }
  });
});

describe('ours alone', () => {
  it('passes over 100 Continue, which undici takes for an error', async () => {
    script = {
      pieces: [Buffer.from('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na')],
      after: 'stay',
    };
    expect(await ask(ours)).toMatchObject({ status: 200, body: 'a', end: 'end' });
  });

  it.each([
    ['a folded header', 'HTTP/1.1 200 OK\r\nx-a: 1\r\n  2\r\ncontent-length: 0\r\n\r\n'],
    ['a head without an end', `HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(70_000)}`],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'],
    ['bare line feeds', 'HTTP/1.1 200 OK\ncontent-length: 0\n\n\r\n\r\n'],
    [
      'a chunk size beyond all measure',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n',
    ],
  ])('calls %s a bad reply', async (_name, text) => {
    script = { pieces: [Buffer.from(text)], after: 'stay' };
    expect((await ask(ours)).end).toBe('bad-reply');
  });

  it('takes the white space off a header', async () => {
    script = {
      pieces: [Buffer.from('HTTP/1.1 200 OK\r\nx-a: \t b c \t\r\ncontent-length: 0 \r\n\r\n')],
      after: 'stay',
    };
    expect(await ask(ours)).toMatchObject({ headers: { 'x-a': 'b c' }, end: 'end' });
  });

  it('survives any bytes', async () => {
    const alphabet = fc.constantFrom(
      'HTTP/1.1 200 OK',
      '\r\n',
      '\r',
      '\n',
      ':',
      ' ',
      '0',
      '5',
      'a',
      ';',
      'transfer-encoding: chunked',
      'content-length: 3',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(alphabet, { minLength: 1, maxLength: 20 }), offsets, async (words, cuts) => {
        script = { pieces: cutAt(Buffer.from(words.join('')), cuts), after: 'end' };
        expect(['end', 'bad-reply', 'connect', 'truncated']).toContain((await ask(ours)).end);
      }),
      { numRuns: 100 },
    );
  });
});
