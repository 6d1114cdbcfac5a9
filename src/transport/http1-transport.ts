/**
 * HTTP/1.1 over `net` and `tls`: one connection a request in flight, kept alive, no limit on their number. All plain sockets
 * read into one buffer, so an idle stream costs its socket and little more. A request that met a closing connection is not
 * sent again in silence: what the caller sees is what happened.
 */

import type { OnReadOpts, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Connector } from './connector.ts';
import { Http1Parser, type ReplyHead } from './http1-parser.ts';
import { parseEndpoint } from './proxy.ts';
import {
  type Clock,
  type Exchange,
  type HttpRequest,
  needsLength,
  type ReplySink,
  type Transport,
  type TransportOptions,
} from './types.ts';

/** How often connections that were idle for too long are closed, ms. */
const SWEEP_MS = 1000;

/** Opens HTTP/1.1 connections without proxies. Throws TlsFileError. */
export function http1Transport(clock: Clock, options: Omit<TransportOptions, 'proxy'>): Transport {
  const pool = new Http1Pool(clock, options);
  return {
    send: (request, sink) => new Http1Exchange(pool, request, sink),
    close: async () => pool.close(),
  };
}

/** The open connections, idle ones by server. */
class Http1Pool {
  readonly #clock: Clock;
  readonly #connector: Connector;
  readonly #open = new Set<Http1Connection>();
  readonly #idle = new Map<string, Http1Connection[]>();
  #sweeper: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(clock: Clock, options: Omit<TransportOptions, 'proxy'>) {
    this.#clock = clock;
    this.#connector = new Connector({ ...options, speaks: 'http/1.1' });
  }

  /** The connection that was idle for the shortest time. */
  idle(url: URL): Http1Connection | undefined {
    const idle = this.#idle.get(url.origin);
    const connection = idle?.pop();
    if (connection === undefined || connection.idleUntil > this.#clock()) return connection;
    // The others are older still.
    for (const old of [connection, ...idle!.splice(0)]) old.destroy();
    return undefined;
  }

  /** A new connection. Rejects with what the connector says. */
  async open(url: URL): Promise<Http1Connection> {
    if (this.#closed) throw new Error('the transport was closed');
    const { origin } = url;
    const connection = new Http1Connection(
      this.#clock,
      (idle) => this.#keep(origin, idle),
      (gone) => this.#forget(origin, gone),
    );
    const socket = await this.#connector.open(parseEndpoint(url), undefined, undefined, connection.onread);
    connection.take(socket);
    this.#open.add(connection);
    if (this.#closed) connection.destroy();
    return connection;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweeper);
    this.#connector.close();
    for (const connection of this.#open) connection.abandon(new Error('the transport was closed'));
    this.#idle.clear();
  }

  #keep(origin: string, connection: Http1Connection): void {
    const idle = this.#idle.get(origin);
    if (idle === undefined) this.#idle.set(origin, [connection]);
    else idle.push(connection);
    this.#sweeper ??= setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  #forget(origin: string, connection: Http1Connection): void {
    this.#open.delete(connection);
    const idle = this.#idle.get(origin);
    const position = idle?.indexOf(connection) ?? -1;
    if (position >= 0) idle!.splice(position, 1);
  }

  #sweep(): void {
    const now = this.#clock();
    let kept = 0;
    for (const [origin, idle] of this.#idle) {
      const fresh = idle.filter(({ idleUntil }) => idleUntil > now);
      this.#idle.set(origin, fresh);
      for (const connection of idle) if (connection.idleUntil <= now) connection.destroy();
      kept += fresh.length;
    }
    if (kept > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

class Http1Exchange implements Exchange, InFlight {
  readonly sink: ReplySink;
  #connection: Http1Connection | undefined;
  #over = false;

  constructor(pool: Http1Pool, request: HttpRequest, sink: ReplySink) {
    this.sink = sink;
    try {
      const url = new URL(request.url);
      const { message, close } = requestMessage(request, url);
      const idle = pool.idle(url);
      if (idle !== undefined) this.#sendOn(idle, message, close);
      else this.#sendOnNew(pool.open(url), message, close);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  abort(reason: Error): void {
    if (this.#over) return;
    this.#connection?.destroy();
    this.#fail(reason);
  }

  over(at: number, error?: Error): void {
    if (this.#over) return;
    if (error !== undefined) {
      this.#fail(error);
      return;
    }
    this.#over = true;
    this.sink.onEnd(at);
  }

  #sendOn(connection: Http1Connection, message: string | Buffer, close: boolean): void {
    this.#connection = connection;
    connection.send(this, message, close);
  }

  #sendOnNew(opening: Promise<Http1Connection>, message: string | Buffer, close: boolean): void {
    opening.then(
      (connection) => {
        // Aborted while the connection was being opened.
        if (this.#over) connection.destroy();
        else this.#sendOn(connection, message, close);
      },
      (error) => this.#fail(error),
    );
  }

  /** Tells the sink only after `send` has returned. */
  #fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    queueMicrotask(() => this.sink.onError(error));
  }
}

/** One request in flight as its connection sees it. */
interface InFlight {
  readonly sink: ReplySink;
  /** The reply is over; `error` says that it broke off. */
  over(at: number, error?: Error): void;
}

/** How long an idle connection may be used again where the server does not say, and the longest that the server may say, ms. */
const IDLE_MS = 4000;
const LONGEST_IDLE_MS = 600_000;
/** Time before the server's own limit, so that no request meets a closing connection, ms. */
const IDLE_MARGIN_MS = 1000;

/** Every socket reads into it, one after the other: what is kept of a read is copied before the next one. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** One socket, and the request whose reply it carries. */
class Http1Connection extends Http1Parser {
  readonly #clock: Clock;
  readonly #onIdle: (connection: Http1Connection) => void;
  readonly #onClosed: (connection: Http1Connection) => void;
  #socket: Socket | undefined;
  #inFlight: InFlight | undefined;
  #sink: ReplySink | undefined;
  #head: ReplyHead | undefined;
  #reusable = true;
  #readAt = 0;
  #error: Error | undefined;
  /** When an idle connection is too old to be used again, on the clock. */
  idleUntil = 0;

  constructor(
    clock: Clock,
    onIdle: (connection: Http1Connection) => void,
    onClosed: (connection: Http1Connection) => void,
  ) {
    super();
    this.#clock = clock;
    this.#onIdle = onIdle;
    this.#onClosed = onClosed;
  }

  /** Makes a plain socket read into the shared buffer instead of its own. */
  get onread(): OnReadOpts {
    return {
      buffer: READ_BUFFER,
      callback: (length) => {
        this.#read(READ_BUFFER, length);
        return true;
      },
    };
  }

  /** The socket is open. */
  take(socket: Socket): void {
    this.#socket = socket;
    // TLS sockets that were put on top of a TCP socket know no `onread`.
    if (socket instanceof TLSSocket) socket.on('data', (bytes: Buffer) => this.#read(bytes, bytes.length));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('end', () => this.#ended());
    socket.on('close', () => this.#closed());
  }

  /** Sends a request; its reply goes to `inFlight`. */
  send(inFlight: InFlight, message: string | Buffer, close: boolean): void {
    this.#inFlight = inFlight;
    this.#sink = inFlight.sink;
    this.#head = undefined;
    this.#reusable = !close;
    this.expect();
    this.#socket!.ref();
    this.#socket!.write(message);
  }

  /** Closes the socket without a word to the request it carries. */
  destroy(): void {
    this.#carryNothing();
    this.#socket?.destroy();
  }

  /** Fails the request it carries and closes the socket. */
  abandon(reason: Error): void {
    this.#fail(reason);
    this.destroy();
  }

  #read(bytes: Buffer, length: number): void {
    this.#readAt = this.#clock();
    // Bytes without a request: the next reply would begin with them.
    if (this.#inFlight === undefined) {
      this.destroy();
      return;
    }
    try {
      this.parse(bytes, length);
    } catch (error) {
      this.#fail(error as Error);
      this.#socket?.destroy();
    }
  }

  protected override onHead(head: ReplyHead): void {
    this.#head = head;
    this.#inFlight?.sink.onHeaders(head.status, head.headers, this.#readAt);
  }

  protected override onBody(bytes: Buffer, bounds: Int32Array, count: number): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    if (sink.onRead !== undefined) {
      sink.onRead(bytes, bounds, count, this.#readAt);
      return;
    }
    for (let n = 0; n < count && this.#sink !== undefined; n++) {
      sink.onData(Buffer.from(bytes.subarray(bounds[2 * n], bounds[2 * n + 1])), this.#readAt, n > 0);
    }
  }

  protected override onReplyEnd(clean: boolean): void {
    const { keepAlive = false, keepAliveSeconds } = this.#head ?? {};
    const socket = this.#socket!;
    const inFlight = this.#inFlight;
    this.#carryNothing();
    // A request that is not written out yet would go on in the middle of the next one.
    if (clean && keepAlive && this.#reusable && inFlight !== undefined && socket.writableLength === 0) {
      const idleMs =
        keepAliveSeconds === undefined
          ? IDLE_MS
          : Math.min(keepAliveSeconds * 1000 - IDLE_MARGIN_MS, LONGEST_IDLE_MS);
      this.idleUntil = this.#readAt + idleMs;
      this.#onIdle(this);
    } else socket.destroy();
    inFlight?.over(this.#readAt);
  }

  #carryNothing(): void {
    this.#inFlight = undefined;
    this.#sink = undefined;
  }

  /** The server will send nothing more. */
  #ended(): void {
    this.#readAt = this.#clock();
    if (!this.close()) this.#socket?.destroy();
  }

  #closed(): void {
    this.#onClosed(this);
    this.#fail(this.#error ?? cut());
  }

  #fail(error: Error): void {
    const inFlight = this.#inFlight;
    this.#carryNothing();
    inFlight?.over(this.#clock(), error);
  }
}

function cut(): Error {
  return Object.assign(new Error('other side closed'), { code: 'ECONNRESET' });
}

/** A request that HTTP does not allow. The message names the header, never its value, which may be a key. */
class UnsendableError extends Error {
  readonly code = 'ERR_INVALID_CHAR';
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7E\x80-\uFFFF]/;
/** Headers that say how the message itself is framed: they are the transport's. */
const FRAMING = new Set(['transfer-encoding', 'keep-alive', 'upgrade', 'expect', 'te', 'trailer']);

/** Returns head and body in one piece: one write is one packet where it fits. Throws an UnsendableError. */
function requestMessage(
  { method, headers, body }: HttpRequest,
  url: URL,
): { message: string | Buffer; close: boolean } {
  let host = url.host;
  let close = false;
  let lines = '';
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name) || typeof value !== 'string' || FORBIDDEN_IN_VALUE.test(value)) {
      throw new UnsendableError(`invalid ${name} header`);
    }
    const lower = name.toLowerCase();
    if (FRAMING.has(lower)) throw new UnsendableError(`the ${name} header belongs to the transport`);
    if (lower === 'host') host = value;
    else if (lower === 'connection') close ||= value.trim().toLowerCase() === 'close';
    else if (lower !== 'content-length') lines += `${name}: ${value}\r\n`;
  }
  const target = url.pathname + url.search;
  const length = body === undefined ? (needsLength(method) ? 0 : undefined) : Buffer.byteLength(body);
  const lengthLine = length === undefined ? '' : `content-length: ${length}\r\n`;
  const connection = close ? 'close' : 'keep-alive';
  const head = `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}\r\n${lines}${lengthLine}\r\n`;
  const isText = body === undefined || typeof body === 'string';
  return { message: isText ? head + (body ?? '') : Buffer.concat([Buffer.from(head), body]), close };
}
