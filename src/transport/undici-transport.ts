import { Agent, type Dispatcher } from 'undici';
import type { Clock, Exchange, HttpRequest, ReplySink, Transport } from './types.ts';

export interface UndiciOptions {
  /** Milliseconds for the TCP (and TLS) connection; 0 = no limit. */
  connectTimeoutMs: number;
}

/** HTTP/1.1 over undici's `dispatch`: one connection a request in flight, kept alive, no limit on their number. */
export function undiciTransport(clock: Clock, options: UndiciOptions): Transport {
  const agent = new Agent({
    connect: { timeout: options.connectTimeoutMs },
    // The tool's own deadlines are the only ones: a hidden library default would end long generations.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
  });
  return {
    send: (request, sink) => new UndiciExchange(agent, request, sink, clock),
    close: () => agent.destroy(),
  };
}

class UndiciExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly #sink: ReplySink;
  readonly #clock: Clock;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;
  /** Stamp of the socket read that is being delivered; cleared when its callback has returned. */
  #readAt: number | undefined;

  constructor(agent: Agent, request: HttpRequest, sink: ReplySink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
    const { method, headers, body } = request;
    try {
      const { origin, pathname, search } = new URL(request.url);
      agent.dispatch({ origin, path: pathname + search, method, headers, body: body ?? null }, this);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  abort(reason: Error): void {
    if (this.#over) return;
    this.#controller?.abort(reason);
    this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#over) controller.abort(new Error('given up before it was sent'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (!this.#over && status >= 200) this.#sink.onHeaders(status, headers, this.#clock());
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#over) return;
    const sharedRead = this.#readAt !== undefined;
    this.#sink.onData(bytes, this.#stampRead(), sharedRead);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    const at = this.#stampRead();
    // undici takes two turns to free the connection: who sent the next request at once would open a second one.
    setImmediate(() => setImmediate(() => this.#sink.onEnd(at)));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  /** undici hands over one socket read in several synchronous calls; a microtask runs only after the last of them. */
  #stampRead(): number {
    if (this.#readAt === undefined) {
      this.#readAt = this.#clock();
      queueMicrotask(() => {
        this.#readAt = undefined;
      });
    }
    return this.#readAt;
  }

  #fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    // undici refuses a malformed request before `dispatch` has returned.
    queueMicrotask(() => this.#sink.onError(error));
  }
}
