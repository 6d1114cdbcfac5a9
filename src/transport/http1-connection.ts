import type { OnReadOpts, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ReplyHead } from './http1-head.ts';
import { Http1Parser } from './http1-parser.ts';
import type { Clock, ReplySink } from './types.ts';

/** One request in flight as its connection sees it. */
export interface InFlight {
  readonly sink: ReplySink;
  /** The reply is over; `error` says that it broke off. */
  over(at: number, error?: Error): void;
}

/** How long an idle connection is used again where the server does not say, and the most that it is believed, ms. */
const IDLE_MS = 4000;
const LONGEST_IDLE_MS = 600_000;
/** Before the server's own limit, so that no request meets the closing door, ms. */
const IDLE_MARGIN_MS = 1000;

/** Every socket reads into it, one after the other: whatever is kept of a read is copied before the next one. */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** One socket, and the request whose reply it carries. */
export class Http1Connection extends Http1Parser {
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

  /** How a plain socket hands its bytes over, without a buffer of its own. */
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
  send(inFlight: InFlight, text: string, close: boolean): void {
    this.#inFlight = inFlight;
    this.#sink = inFlight.sink;
    this.#head = undefined;
    this.#reusable = !close;
    this.expect();
    this.#socket!.ref();
    this.#socket!.write(text);
  }

  /** Gives up whatever it carries. */
  destroy(): void {
    this.#carryNothing();
    this.#socket?.destroy();
  }

  /** Gives up what it carries, telling why. */
  abandon(reason: Error): void {
    this.#fail(reason);
    this.destroy();
  }

  #read(bytes: Buffer, length: number): void {
    this.#readAt = this.#clock();
    // Bytes that nobody asked for: whatever they are, the next reply would begin with them.
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
