import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import { type ConnectionAttempt, Connector } from './connector.ts';
import { formatAuthority, parseEndpoint, proxyFor } from './proxy.ts';
import {
  type Clock,
  type Exchange,
  type HttpRequest,
  needsLength,
  type ReplySink,
  type Transport,
  type TransportOptions,
} from './types.ts';

/**
 * HTTP/2 over node:http2: a stream a request in flight, as many connections as the server's limit on streams makes
 * necessary. Over http:// the server must speak HTTP/2 without negotiation (prior knowledge). undici's HTTP/2 client is not
 * used: above the server's limit it lets requests fail, and a server that says goodbye (GOAWAY) costs every answer in flight.
 */
export function http2Transport(clock: Clock, options: TransportOptions): Transport {
  const connector = new Connector({ ...options, speaks: 'h2' });
  const servers = new Map<string, Http2Server>();
  const turns = new Turns();
  const serverOf = (url: URL): Http2Server => {
    const via = options.proxy && proxyFor(url, options.proxy);
    const key = `${url.origin} ${via === undefined ? '' : formatAuthority(via)}`;
    const server =
      servers.get(key) ??
      new Http2Server(url.origin, (lastStep) => connector.open(parseEndpoint(url), via, lastStep));
    servers.set(key, server);
    return server;
  };
  const send = (request: HttpRequest, sink: ReplySink): Exchange => {
    const exchange = new Http2Exchange(makeHeaders(request), request.body, sink, {
      clock,
      turn: () => turns.current,
    });
    try {
      serverOf(new URL(request.url)).place(exchange);
    } catch (error) {
      exchange.fail(error as Error);
    }
    return exchange;
  };
  const close = async () => {
    connector.close();
    for (const server of servers.values()) server.close();
  };
  return { send, close };
}

/** A custom Host becomes the authority, as HTTP/2 calls it. */
function makeHeaders({ method, url, headers, body }: HttpRequest): () => OutgoingHttpHeaders {
  return () => {
    const { pathname, search } = new URL(url);
    const { host, ...rest } = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    return {
      ':method': method,
      ':path': pathname + search,
      ...(host === undefined ? {} : { ':authority': host }),
      ...rest,
      ...(body === undefined && !needsLength(method)
        ? {}
        : { 'content-length': Buffer.byteLength(body ?? '') }),
    };
  };
}

/** Numbers the turns of the event loop: frames that came in one socket read are delivered in one turn. */
class Turns {
  #count = 0;
  #scheduled = false;

  get current(): number {
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#count += 1;
      });
    }
    return this.#count;
  }
}

/** Opens a connection to the server and holds `lastStep` to the connection's deadline. */
type OpenConnection = (
  lastStep: (socket: Socket, opening: ConnectionAttempt) => Promise<void>,
) => Promise<Socket>;

interface OpenSession {
  readonly http2: ClientHttp2Session;
  streams: number;
}

/** Streams share their connection's window: node's 64 KiB would make hundreds of them wait for each other. */
const STREAM_WINDOW = 1024 * 1024;
const CONNECTION_WINDOW = 64 * 1024 * 1024;
/** MiB; node's 10 would refuse streams on a busy connection. */
const SESSION_MEMORY = 1024;

/** The connections to one server. A request that finds no room opens another one instead of waiting unseen. */
class Http2Server {
  readonly #origin: string;
  readonly #openConnection: OpenConnection;
  readonly #sessions = new Set<OpenSession>();
  readonly #waiting = new Set<Http2Exchange>();
  #underWay = 0;
  /** Streams per connection, once the server has sent its limit. */
  #limit: number | undefined;

  constructor(origin: string, openConnection: OpenConnection) {
    this.#origin = origin;
    this.#openConnection = openConnection;
  }

  /** Sends the request on a connection with room, now or as soon as there is one. */
  place(exchange: Http2Exchange): void {
    this.#waiting.add(exchange);
    this.#serve();
  }

  close(): void {
    const error = new Error('the transport was closed');
    for (const exchange of this.#waiting) exchange.fail(error);
    this.#waiting.clear();
    for (const { http2 } of this.#sessions) http2.destroy();
  }

  #serve(): void {
    for (const exchange of this.#waiting) {
      if (exchange.over) this.#waiting.delete(exchange);
      else {
        const session = this.#sessionWithRoom();
        if (session === undefined) break;
        this.#waiting.delete(exchange);
        this.#start(exchange, session);
      }
    }
    const each = Math.max(1, this.#limit ?? Number.POSITIVE_INFINITY);
    // The first connection shows how many are needed.
    while (this.#waiting.size > (this.#underWay === 0 ? 0 : this.#underWay * each)) void this.#connect();
  }

  #sessionWithRoom(): OpenSession | undefined {
    for (const session of this.#sessions) {
      const { maxConcurrentStreams = Number.POSITIVE_INFINITY } = session.http2.remoteSettings;
      if (session.streams < maxConcurrentStreams) return session;
    }
    return undefined;
  }

  #start(exchange: Http2Exchange, session: OpenSession): void {
    session.streams += 1;
    exchange.start(session.http2, () => {
      session.streams -= 1;
      if (this.#waiting.size > 0) this.#serve();
    });
  }

  async #connect(): Promise<void> {
    this.#underWay += 1;
    try {
      let session: OpenSession | undefined;
      await this.#openConnection(async (socket, opening) => {
        session = await this.#begin(socket, opening);
      });
      this.#underWay -= 1;
      this.#sessions.add(session!);
    } catch (error) {
      this.#underWay -= 1;
      this.#failFirst(error as Error);
    }
    this.#serve();
  }

  /** Opens a session and waits for the server's limits. */
  async #begin(socket: Socket, opening: ConnectionAttempt): Promise<OpenSession> {
    const http2 = connect(this.#origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
      maxSessionMemory: SESSION_MEMORY,
    });
    const session: OpenSession = { http2, streams: 0 };
    const retire = () => this.#sessions.delete(session);
    http2.on('goaway', retire).on('close', retire);
    await opening.wait(socket, 'the HTTP/2 settings of the server', (done, failed) => {
      http2.once('remoteSettings', done).on('error', failed);
      return () => http2.off('remoteSettings', done);
    });
    http2.setLocalWindowSize(CONNECTION_WINDOW);
    this.#limit = http2.remoteSettings.maxConcurrentStreams;
    return session;
  }

  /** The requests that the lost connection would have taken. */
  #failFirst(error: Error): void {
    let left = this.#limit ?? Number.POSITIVE_INFINITY;
    for (const exchange of this.#waiting) {
      if (left-- <= 0) return;
      this.#waiting.delete(exchange);
      exchange.fail(error);
    }
  }
}

interface Http2Timing {
  readonly clock: Clock;
  /** Number of the event loop's turn. */
  turn(): number;
}

/** One request and its reply on one HTTP/2 stream, which begins when a session has room. */
class Http2Exchange implements Exchange {
  readonly #headers: () => OutgoingHttpHeaders;
  readonly #body: string | Uint8Array | undefined;
  readonly #sink: ReplySink;
  readonly #timing: Http2Timing;
  #stream: ClientHttp2Stream | undefined;
  #over = false;
  #endedAt: number | undefined;
  #lastTurn = -1;

  constructor(
    headers: () => OutgoingHttpHeaders,
    body: string | Uint8Array | undefined,
    sink: ReplySink,
    timing: Http2Timing,
  ) {
    this.#headers = headers;
    this.#body = body;
    this.#sink = sink;
    this.#timing = timing;
  }

  /** Whether it has ended or failed. */
  get over(): boolean {
    return this.#over;
  }

  /** Sends the request; calls `onClose` when its stream is closed. */
  start(session: ClientHttp2Session, onClose: () => void): void {
    let stream: ClientHttp2Stream;
    try {
      stream = session.request(this.#headers(), { endStream: this.#body === undefined });
    } catch (error) {
      this.fail(error as Error);
      onClose();
      return;
    }
    this.#stream = stream;
    stream.on('response', (headers) => {
      const status = headers[':status'] ?? 0;
      if (!this.#over) this.#sink.onHeaders(status, headers as Record<string, string>, this.#timing.clock());
    });
    stream.on('data', (bytes: Buffer) => this.#receive(bytes));
    stream.on('end', () => {
      this.#endedAt = this.#timing.clock();
    });
    stream.on('error', (error) => this.fail(error));
    stream.on('close', () => {
      onClose();
      this.#finish(stream.rstCode);
    });
    if (this.#body !== undefined) stream.end(this.#body);
  }

  abort(reason: Error): void {
    if (this.#over) return;
    this.fail(reason);
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  /** Reports an error to the sink, after `send` has returned. */
  fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    queueMicrotask(() => this.#sink.onError(error));
  }

  #receive(bytes: Buffer): void {
    if (this.#over) return;
    const turn = this.#timing.turn();
    const sharedRead = turn === this.#lastTurn;
    this.#lastTurn = turn;
    this.#sink.onData(bytes, this.#timing.clock(), sharedRead);
  }

  /** A reset stream ends its readable side too, so only its code tells whether the reply is whole. */
  #finish(rstCode: number): void {
    if (this.#over) return;
    if (this.#endedAt === undefined || rstCode !== constants.NGHTTP2_NO_ERROR) this.fail(reset(rstCode));
    else {
      this.#over = true;
      this.#sink.onEnd(this.#endedAt);
    }
  }
}

function reset(rstCode: number): Error {
  const name = Object.keys(CODE_NAMES).find((key) => CODE_NAMES[key] === rstCode) ?? `code ${rstCode}`;
  const error = new Error(`the server or the connection ended the HTTP/2 stream: ${name}`);
  return Object.assign(error, { code: 'ERR_HTTP2_STREAM_RESET' });
}

/** `CANCEL`, `REFUSED_STREAM`, … as RFC 9113 names them. */
const CODE_NAMES: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      'NO_ERROR',
      'PROTOCOL_ERROR',
      'INTERNAL_ERROR',
      'FLOW_CONTROL_ERROR',
      'REFUSED_STREAM',
      'CANCEL',
      'ENHANCE_YOUR_CALM',
    ] as const
  ).map((name) => [name, constants[`NGHTTP2_${name}`]]),
);
