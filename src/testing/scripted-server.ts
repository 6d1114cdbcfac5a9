/** A real HTTP server on a free port of this machine that replies as a script says, faults included. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import type { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { defined } from '../basics/defined.ts';
import { seededRandom } from '../basics/random.ts';
import { messageOf } from '../contract/errors.ts';
import type { FailureKind } from '../contract/record.ts';

/** One step of a reply: a piece of the body in one write, or a pause. */
export type Piece = string | Uint8Array | { readonly pauseMs: number };

/** A reply of the server, and how it ends. */
export interface ScriptedReply {
  /** Default: 200. */
  readonly status?: number;
  /** Without `content-length` the body is chunked, a chunk a piece. A wrong `content-length` is sent as it is. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Iterable<Piece>;
  /**
   * Default: `complete`. `cut-…`: the server closes the connection there; in a chunk means after a chunk's length and half of its
   * bytes. `silent-…`: the server sends nothing more and keeps the connection open.
   */
  readonly ending?:
    | 'complete'
    | 'cut-before-headers'
    | 'cut-in-headers'
    | 'cut-in-chunk'
    | 'cut-after-body'
    | 'silent-before-headers'
    | 'silent-after-body';
  /** Bytes to write to the socket as they are, in place of a reply of HTTP; `ending` says what follows. */
  readonly raw?: Iterable<Piece>;
  /** Whether a cut is a reset in place of a close. */
  readonly reset?: boolean;
}

/** A request as the server received it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The same, where it is no text. */
  readonly bytes: Uint8Array;
}

/** One reply for every request, or a reply for request number `n`, counted from 0. */
export type Script = ScriptedReply | ((request: ReceivedRequest, n: number) => ScriptedReply);

/** A running server, with counts of what it has seen. */
export interface ScriptedServer {
  /** `http://127.0.0.1:<port>/` */
  readonly url: string;
  readonly port: number;
  /** In order of arrival. */
  readonly received: readonly ReceivedRequest[];
  /** Number of requests so far. */
  readonly requests: number;
  /** Number of connections opened so far. */
  readonly connections: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
  close(): Promise<void>;
}

/** Starts a server. With `keeps: false` it does not keep the requests, for a million of them. */
export async function startScriptedServer(script: Script, { keeps = true } = {}): Promise<ScriptedServer> {
  const received: ReceivedRequest[] = [];
  const count = { requests: 0, connections: 0, inFlight: 0, peakInFlight: 0 };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    count.inFlight += 1;
    count.peakInFlight = Math.max(count.peakInFlight, count.inFlight);
    response.once('close', () => {
      count.inFlight -= 1;
    });
    const { method = '', url: path = '', headers } = request;
    const bytes = await buffer(request);
    const seen = { method, path, headers, body: bytes.toString('utf8'), bytes };
    const n = count.requests++;
    if (keeps) received.push(seen);
    await play(typeof script === 'function' ? script(seen, n) : script, response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else response.writeHead(500).end(`the script failed: ${messageOf(error)}`);
    });
  });
  server.on('connection', (socket) => {
    count.connections += 1;
    socket.on('error', () => {}); // A client that gives up resets the connection.
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    received,
    get requests() {
      return count.requests;
    },
    get connections() {
      return count.connections;
    },
    get inFlight() {
      return count.inFlight;
    },
    get peakInFlight() {
      return count.peakInFlight;
    },
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function play(reply: ScriptedReply, response: ServerResponse): Promise<void> {
  const { status = 200, headers = {}, body = [], raw, ending = 'complete' } = reply;
  if (ending === 'silent-before-headers') return;
  if (raw !== undefined) {
    if (response.socket) await writePieces(raw, response.socket);
    return ending.startsWith('silent-') ? undefined : cut(response, reply);
  }
  if (ending === 'cut-before-headers') return cut(response, reply);
  if (ending === 'cut-in-headers') {
    response.socket?.write('HTTP/1.1 200 OK\r\ncontent-type: appl');
    return cut(response, reply);
  }
  response.writeHead(status, { ...headers });
  response.flushHeaders();
  await writePieces(body, response);
  if (ending === 'complete') response.end();
  if (ending === 'cut-in-chunk') response.socket?.write('40\r\ndata: {"half":');
  if (ending.startsWith('cut-')) await cut(response, reply);
}

/** Writes pieces no faster than the client reads: a body may have no end. */
async function writePieces(pieces: Iterable<Piece>, to: Writable): Promise<void> {
  for (const piece of pieces) {
    if (to.destroyed) return;
    if (typeof piece !== 'string' && !(piece instanceof Uint8Array)) await sleep(piece.pauseMs);
    else if (!to.write(piece)) await waitForDrain(to);
  }
}

function waitForDrain(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      stream.off('drain', over).off('close', over);
      resolve();
    };
    stream.once('drain', over).once('close', over);
    if (stream.destroyed) over();
  });
}

/** Ends the connection after what was written has left: a reset would discard what the client has not read yet. */
async function cut(response: ServerResponse, { reset = false }: ScriptedReply): Promise<void> {
  await sleep(reset ? 100 : 20);
  if (reset) response.socket?.resetAndDestroy();
  else response.socket?.destroy();
}

/** Returns a port of this machine on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Writes objects as server-sent events, one piece each, with `[DONE]` after them unless `done` is false. */
export function sseEvents(objects: readonly unknown[], { done = true } = {}): string[] {
  const events = objects.map((object) => `data: ${JSON.stringify(object)}\n\n`);
  return done ? [...events, 'data: [DONE]\n\n'] : events;
}

/** One way in which a service misbehaves. */
export interface Fault {
  /** Makes the reply to one request: some are large, or have no end. */
  readonly reply: () => ScriptedReply;
  /** The failure of the request; absent where it succeeds all the same. */
  readonly kind?: FailureKind;
  /** Whether only a time-out of the client ends it. */
  readonly hangs?: boolean;
}

const STREAM = { 'content-type': 'text/event-stream' };
const delta = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const FINISH = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const BEGUN = sseEvents([delta('a')], { done: false });
const ANSWER = sseEvents([delta('a'), delta('b'), FINISH]);
const MIB = 1024 * 1024;

/** A good reply of OpenAI's streamed chat: `ab`, in two events. */
export const goodReply: ScriptedReply = stream(ANSWER);

/** The faults by name. Refused connections and failures of TLS are missing: they are not replies of a server. */
export const FAULTS = {
  silence: { reply: () => ({ ending: 'silent-before-headers' }), kind: 'timeout', hangs: true },
  'silence in the stream': { reply: () => stream(BEGUN, 'silent-after-body'), kind: 'timeout', hangs: true },
  'slow loris': {
    reply: () => ({ raw: slowly('HTTP/1.1 200 OK\r\n'), ending: 'silent-after-body' }),
    kind: 'timeout',
    hangs: true,
  },
  'endless stream': { reply: () => stream(repeat(BEGUN[0]!)), kind: 'timeout', hangs: true },
  'cut before the headers': { reply: () => ({ ending: 'cut-before-headers' }), kind: 'connect' },
  'reset before the headers': {
    reply: () => ({ ending: 'cut-before-headers', reset: true }),
    kind: 'connect',
  },
  'cut in the headers': { reply: () => ({ ending: 'cut-in-headers' }), kind: 'connect' },
  'cut in the stream': { reply: () => stream(BEGUN, 'cut-after-body'), kind: 'truncated' },
  'reset in the stream': {
    reply: () => ({ ...stream(BEGUN, 'cut-after-body'), reset: true }),
    kind: 'truncated',
  },
  'cut in a chunk': { reply: () => stream(BEGUN, 'cut-in-chunk'), kind: 'truncated' },
  'content-length too large': {
    reply: () => withHeader('content-length', '9999', ANSWER.slice(0, 2), 'cut-after-body'),
    kind: 'truncated',
  },
  'no end of the stream': { reply: () => stream(BEGUN), kind: 'truncated' },
  'no HTTP': {
    reply: () => ({ raw: ['SSH-2.0-OpenSSH_9.2\r\n'], ending: 'cut-after-body' }),
    kind: 'bad-reply',
  },
  'too many requests': { reply: () => status(429, 'slow down'), kind: 'http-status' },
  'too many requests, come back in a second': {
    reply: () => ({ ...status(429, 'slow down'), headers: { 'retry-after': '1' } }),
    kind: 'http-status',
  },
  'error with a body of 5 MB': {
    reply: () => ({ status: 500, body: Array(5).fill('x'.repeat(MIB)) }),
    kind: 'http-status',
  },
  'redirect to itself': {
    reply: () => ({ status: 302, headers: { location: '/v1/chat/completions' } }),
    kind: 'http-status',
  },
  gzip: {
    reply: () => withHeader('content-encoding', 'gzip', [gzipSync(ANSWER.join(''))]),
    kind: 'bad-reply',
  },
  'event of 100 MB': {
    reply: () => stream([...BEGUN, 'data: "', ...Array(100).fill('x'.repeat(MIB))]),
    kind: 'bad-reply',
  },
  'event that is no JSON': { reply: () => stream([...BEGUN, 'data: {"choices": [\n\n']), kind: 'bad-reply' },
  'event that is an error': {
    reply: () => stream([...BEGUN, ...sseEvents([{ error: { message: 'no memory' } }])]),
    kind: 'server-error',
  },
  'HTML page': {
    reply: () => ({ headers: { 'content-type': 'text/html' }, body: ['<html><title>Log in</title></html>'] }),
    kind: 'bad-reply',
  },
  'empty body': { reply: () => ({ headers: STREAM }), kind: 'bad-reply' },
  'invalid UTF-8': { reply: () => stream([makeBrokenText(), ...ANSWER]) },
  '[DONE] twice': { reply: () => stream([...ANSWER, 'data: [DONE]\n\n']) },
  'closed after a kept-alive reply': { reply: () => stream(ANSWER, 'cut-after-body') },
} as const satisfies Readonly<Record<string, Fault>>;

/** A name of `FAULTS`. */
export type FaultName = keyof typeof FAULTS;

/** Options of `faulty`. */
export interface FaultyOptions {
  /** Share of the requests that get a fault, 0 to 1. */
  readonly share: number;
  /** The same seed makes the same faults in the same places (default: 0). */
  readonly seed?: number;
  /** Each is as likely as the others (default: all that end by themselves). */
  readonly faults?: readonly FaultName[];
  /** The reply to the other requests (default: `goodReply`). */
  readonly good?: ScriptedReply;
}

/** Makes a script for `startScriptedServer` that answers well except for a share of the requests. */
export function faulty({ share, seed = 0, faults = ENDING, good = goodReply }: FaultyOptions): Script {
  const random = seededRandom(seed);
  return () => {
    if (random() >= share) return good;
    return FAULTS[faults[Math.floor(random() * faults.length)]!].reply();
  };
}

const ENDING = (Object.keys(FAULTS) as FaultName[]).filter((name) => !('hangs' in FAULTS[name]));

function stream(body: Iterable<Piece>, ending?: ScriptedReply['ending']): ScriptedReply {
  return { headers: STREAM, body, ...defined({ ending }) };
}

function withHeader(name: string, value: string, ...reply: Parameters<typeof stream>): ScriptedReply {
  return { ...stream(...reply), headers: { ...STREAM, [name]: value } };
}

function status(code: number, message: string): ScriptedReply {
  return { status: code, body: [JSON.stringify({ error: { message } })] };
}

/** Yields a byte at a time, and headers without end. */
function* slowly(start: string): Iterable<Piece> {
  yield* [...start].flatMap((byte): Piece[] => [byte, { pauseMs: 20 }]);
  for (let n = 0; ; n++) yield* [`x-${n}: y\r\n`, { pauseMs: 20 }];
}

function* repeat(piece: Piece): Iterable<Piece> {
  for (;;) yield piece;
}

/** Makes an event whose text contains half of a character. */
function makeBrokenText(): Uint8Array {
  const [before = '', after = ''] = sseEvents([delta('-')], { done: false })[0]!.split('-');
  return Buffer.concat([Buffer.from(before), Buffer.of(0xe4, 0xbd), Buffer.from(after)]);
}
