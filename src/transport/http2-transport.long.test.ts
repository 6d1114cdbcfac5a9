import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { pem, startHttp2, startMute, startProxy, tlsBefore } from '../../test/support/connections.ts';
import { startScriptedServer } from '../testing/index.ts';
import { failureFromError } from './failure.ts';
import { http2Transport } from './http2-transport.ts';
import type { TransportOptions } from './types.ts';

const CA = { ca: pem('ca.pem'), insecure: false };

interface Reply {
  status?: number;
  pieces: { text: string; at: number; sharedRead: boolean }[];
  end: 'end' | Error;
}

function client(options: Partial<TransportOptions> = {}) {
  const transport = http2Transport(() => performance.now(), { connectMs: 5000, tls: CA, ...options });
  onTestFinished(() => transport.close());
  const begin = (url: string, { body = '{}', headers = {} }: { body?: string; headers?: object } = {}) => {
    const reply: Reply = { pieces: [], end: 'end' };
    let settle: (reply: Reply) => void;
    const ended = new Promise<Reply>((resolve) => {
      settle = resolve;
    });
    const exchange = transport.send(
      { method: 'POST', url, headers: { ...headers }, body },
      {
        onHeaders: (status) => {
          reply.status = status;
        },
        onData: (bytes, at, sharedRead) =>
          reply.pieces.push({ text: Buffer.from(bytes).toString(), at, sharedRead }),
        onEnd: () => settle(reply),
        onError: (end) => settle({ ...reply, end }),
      },
    );
    return { exchange, ended, reply };
  };
  const ask = (...args: Parameters<typeof begin>) => begin(...args).ended;
  return { transport, begin, ask };
}

const said = ({ pieces, end }: Reply) => (end === 'end' ? pieces.map((piece) => piece.text).join('') : end);

/** Answers with the request's path and body. */
async function echo(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
  const body = await text(stream);
  stream.respond({ ':status': 200 });
  stream.end(`${headers[':path']} ${body}`);
}

describe.each([
  ['over TLS', false],
  ['with prior knowledge', true],
])('HTTP/2 %s', (_name, plain) => {
  it('sends the request as it is and reads the reply', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const server = await startHttp2(
      (stream, headers) => {
        seen.push(headers);
        void echo(stream, headers);
      },
      { plain },
    );
    const { ask } = client();
    const reply = await ask(`${server.url}v1/x?a=b`, {
      body: '{"é":1}',
      headers: { 'X-Own': '1', Host: 'other' },
    });
    expect([reply.status, said(reply)]).toEqual([200, '/v1/x?a=b {"é":1}']);
    expect(seen[0]).toMatchObject({ 'x-own': '1', ':authority': 'other', 'content-length': '8' });
  });
});

describe('streams', () => {
  it('run side by side on one connection', async () => {
    let [open, peak] = [0, 0];
    const server = await startHttp2((stream) => {
      peak = Math.max(peak, ++open);
      stream.on('close', () => open--);
      setTimeout(() => {
        stream.respond({ ':status': 200 });
        stream.end('x');
      }, 300);
    });
    const { ask } = client();
    const replies = await Promise.all(Array.from({ length: 50 }, () => ask(server.url)));
    expect(replies.map(said)).toEqual(Array(50).fill('x'));
    expect([peak, server.sockets.size]).toEqual([50, 1]);
  });

  it('open further connections above the server’s limit, instead of waiting unseen', async () => {
    let [open, peak] = [0, 0];
    const server = await startHttp2(
      (stream) => {
        peak = Math.max(peak, ++open);
        stream.on('close', () => open--);
        setTimeout(() => {
          stream.respond({ ':status': 200 });
          stream.end('x');
        }, 500);
      },
      { maxStreams: 4 },
    );
    const { ask } = client();
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask(server.url)));
    expect(replies.map(said)).toEqual(Array(10).fill('x'));
    expect([peak, server.sockets.size]).toEqual([10, 3]);
  });

  it('have a stamp a read, and say which pieces shared one', async () => {
    const server = await startHttp2((stream) => {
      stream.respond({ ':status': 200 });
      stream.write('a');
      setTimeout(() => {
        stream.write('b');
        stream.write('c');
      }, 100);
      setTimeout(() => stream.end('d'), 200);
    });
    const { pieces } = await client().ask(server.url);
    expect(pieces.map((piece) => piece.text).join('')).toBe('abcd');
    expect(pieces[0]!.sharedRead).toBe(false);
    expect(pieces[1]!.sharedRead).toBe(false);
    expect(pieces[1]!.at - pieces[0]!.at).toBeGreaterThan(50);
    expect(pieces.at(-1)!.at - pieces[1]!.at).toBeGreaterThan(50);
  });

  it('bring large replies whole', async () => {
    const large = 'x'.repeat(5_000_000);
    const server = await startHttp2((stream) => {
      stream.respond({ ':status': 200 });
      stream.end(large);
    });
    const { ask } = client();
    const replies = await Promise.all([ask(server.url), ask(server.url, { body: large })]);
    expect(replies.map((reply) => (said(reply) as string).length)).toEqual([5_000_000, 5_000_000]);
  });
});

describe('what goes wrong', () => {
  it.each([
    ['cancels the stream', (stream: ServerHttp2Stream) => stream.close(8), 'CANCEL'],
    ['refuses the stream', (stream: ServerHttp2Stream) => stream.close(7), 'REFUSED_STREAM'],
    ['fails', (stream: ServerHttp2Stream) => stream.close(2), 'INTERNAL_ERROR'],
    ['breaks the connection', (stream: ServerHttp2Stream) => stream.session?.destroy(), ''],
  ])('fails when the server %s, before and inside the reply', async (_name, act, word) => {
    const server = await startHttp2((stream, headers) => {
      stream.on('error', () => {});
      if (headers[':path'] === '/before') return void act(stream);
      stream.respond({ ':status': 200 });
      stream.write('half');
      setTimeout(() => act(stream), 100);
    });
    const { ask } = client();
    const before = await ask(`${server.url}before`);
    expect(failureFromError(before.end as Error, false)).toMatchObject({ kind: 'connect' });
    expect((before.end as Error).message).toContain(word);
    const inside = await ask(`${server.url}inside`);
    expect(inside.pieces.map((piece) => piece.text)).toEqual(['half']);
    expect(failureFromError(inside.end as Error, true)).toMatchObject({ kind: 'truncated' });
  });

  it('lets answers in flight finish when the server says goodbye, and goes on with a new connection', async () => {
    const server = await startHttp2((stream, headers) => {
      if (headers[':path'] === '/last') stream.session?.goaway(0);
      setTimeout(() => {
        stream.respond({ ':status': 200 });
        stream.end('x');
      }, 200);
    });
    const { ask } = client();
    const inFlight = Promise.all([ask(`${server.url}a`), ask(`${server.url}b`), ask(`${server.url}last`)]);
    expect((await inFlight).map(said)).toEqual(['x', 'x', 'x']);
    expect(said(await ask(`${server.url}next`))).toBe('x');
  });

  it('tells a server that speaks HTTP/1.1 only', async () => {
    const plain = await startScriptedServer({ body: ['hello'] });
    onTestFinished(() => plain.close());
    const modest = await tlsBefore(plain.port, { ALPNProtocols: ['http/1.1'] });
    const silent = await tlsBefore(plain.port);
    const { ask } = client();
    for (const { port } of [modest, silent]) {
      const { end } = await ask(`https://localhost:${port}/`);
      expect(failureFromError(end as Error, false)).toMatchObject({
        kind: 'connect',
        message: expect.stringContaining('take http2 out of the config'),
      });
    }
    expect(failureFromError((await ask(plain.url)).end as Error, false).kind).toBe('connect');
  });

  it('holds the connect limit for a server that never tells its settings', async () => {
    const mute = await startMute();
    const { ask } = client({ connectMs: 300 });
    const { end } = await ask(`http://localhost:${mute.port}/`);
    expect(failureFromError(end as Error, false)).toEqual({
      kind: 'timeout',
      message: 'no connection within 0.3 s: still waiting for the HTTP/2 settings of the server',
    });
    await expect.poll(() => mute.sockets.size).toBe(0);
  });

  it('tells what cannot be sent after `send` has returned', async () => {
    const server = await startHttp2(echo);
    const { ask } = client();
    expect((await ask('nowhere')).end).toMatchObject({ code: 'ERR_INVALID_URL' });
    const { end } = await ask(server.url, { headers: { connection: 'close' } });
    expect(failureFromError(end as Error, false).kind).toBe('model-bug');
    expect(said(await ask(server.url))).toBe('/ {}');
  });
});

describe('giving up', () => {
  it('resets the stream, tells the reason once, and leaves the others alone', async () => {
    let reset: number | undefined;
    const server = await startHttp2((stream, headers) => {
      stream.on('error', () => {});
      stream.on('close', () => {
        if (headers[':path'] === '/a') reset = stream.rstCode;
      });
      stream.respond({ ':status': 200 });
      stream.write('half');
      if (headers[':path'] === '/b') setTimeout(() => stream.end('.'), 300);
    });
    const { begin } = client();
    const given = begin(`${server.url}a`);
    const other = begin(`${server.url}b`);
    await expect.poll(() => given.reply.pieces.length).toBe(1);
    given.exchange.abort(new Error('enough'));
    given.exchange.abort(new Error('again'));
    expect((await given.ended).end).toMatchObject({ message: 'enough' });
    await expect.poll(() => reset).toBe(8);
    expect(said(await other.ended)).toBe('half.');
  });

  it('works before the connection is there', async () => {
    const seen: string[] = [];
    const server = await startHttp2((stream, headers) => {
      seen.push(headers[':path']!);
      void echo(stream, headers);
    });
    const { begin, ask } = client();
    const { exchange, ended } = begin(`${server.url}never`);
    exchange.abort(new Error('too late'));
    expect((await ended).end).toMatchObject({ message: 'too late' });
    await ask(`${server.url}then`);
    expect(seen).toEqual(['/then']);
  });
});

it.each([true, false])('goes through a proxy’s tunnel, plain: %s', async (plain) => {
  const server = await startHttp2(echo, { plain });
  const proxy = await startProxy();
  const { ask } = client({ proxy: { http: proxy.url, https: proxy.url, bypass: [] } });
  expect(said(await ask(server.url))).toBe('/ {}');
  expect(proxy.asked.map(({ line }) => line)).toEqual([`CONNECT localhost:${server.port}`]);
});
