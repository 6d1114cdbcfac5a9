/**
 * HTTP/1.1 over `net` and `tls`: one connection a request in flight, kept alive, no limit on their number. All plain sockets
 * read into one buffer, so an idle stream costs its socket and little more. A request that met a closing connection is not
 * sent again in silence: what the caller sees is what happened.
 */
import { Connector } from './connector.ts';
import { endpointOf } from './endpoint.ts';
import { Http1Connection, type InFlight } from './http1-connection.ts';
import { requestText } from './http1-request.ts';
import type { Clock, Exchange, HttpRequest, ReplySink, Transport, TransportOptions } from './types.ts';

/** How often connections that were idle for too long are closed, ms. */
const SWEEP_MS = 1000;

/** Throws TlsFileError. Proxies are not its business. */
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
    const socket = await this.#connector.open(endpointOf(url), undefined, undefined, connection.onread);
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
      const { text, close } = requestText(request, url);
      const idle = pool.idle(url);
      if (idle !== undefined) this.#sendOn(idle, text, close);
      else this.#sendOnNew(pool.open(url), text, close);
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

  #sendOn(connection: Http1Connection, text: string, close: boolean): void {
    this.#connection = connection;
    connection.send(this, text, close);
  }

  #sendOnNew(opening: Promise<Http1Connection>, text: string, close: boolean): void {
    opening.then(
      (connection) => {
        // Given up while the connection was on its way.
        if (this.#over) connection.destroy();
        else this.#sendOn(connection, text, close);
      },
      (error) => this.#fail(error),
    );
  }

  /** Told after `send` has returned. */
  #fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    queueMicrotask(() => this.sink.onError(error));
  }
}
