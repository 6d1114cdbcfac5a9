import { Agent, type Dispatcher } from 'undici';
import { Connector } from './connector.ts';
import { formatAuthority, type ProxyServer, type ProxySettings, parseEndpoint, proxyFor } from './proxy.ts';
import type { Clock, Exchange, HttpRequest, ReplySink, Transport, TransportOptions } from './types.ts';

/** HTTP/1.1 over undici's `dispatch`: one connection a request in flight, kept alive, no limit on their number. */
export function undiciTransport(clock: Clock, options: TransportOptions): Transport {
  const connector = new Connector({ ...options, speaks: 'http/1.1' });
  const agents = new Map<string, Agent>();
  /** The agent whose connections go through this proxy's tunnels, or directly. */
  const agentFor = (via?: ProxyServer): Agent => {
    const key = via === undefined ? '' : formatAuthority(via);
    const agent = agents.get(key) ?? newAgent(connector, via);
    agents.set(key, agent);
    return agent;
  };
  return {
    send: (request, sink) => {
      const dispatch = (handler: Dispatcher.DispatchHandler) => {
        const { agent, ...route } = chooseRoute(request, options.proxy, agentFor);
        const { method, body } = request;
        agent.dispatch({ ...route, method, body: body ?? null }, handler);
      };
      return new UndiciExchange(dispatch, sink, clock);
    },
    close: async () => {
      connector.close();
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function newAgent(connector: Connector, via: ProxyServer | undefined): Agent {
  return new Agent({
    connect: (options, done) => {
      connector.open(parseEndpoint(options), via).then(
        (socket) => {
          // A TLS alert ("certificate required") comes before the end of the connection; undici would report the end.
          socket.once('error', () => socket.removeAllListeners('end'));
          done(null, socket);
        },
        (error) => done(error, null),
      );
    },
    // The tool's own deadlines are the only ones: a hidden library default would end long generations.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
  });
}

interface UndiciRoute {
  readonly agent: Agent;
  readonly origin: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

/** Plain HTTP goes to a proxy with its whole URL, HTTPS through a tunnel. Throws on an invalid URL. */
function chooseRoute(
  { url, headers }: HttpRequest,
  proxies: ProxySettings | undefined,
  agentFor: (via?: ProxyServer) => Agent,
): UndiciRoute {
  const target = new URL(url);
  const { origin, protocol, host, pathname, search } = target;
  const path = pathname + search;
  const via = proxies && proxyFor(target, proxies);
  if (via === undefined || protocol === 'https:') return { agent: agentFor(via), origin, path, headers };
  return {
    agent: agentFor(),
    origin: `${via.protocol}//${formatAuthority(via)}`,
    path: origin + path,
    headers: {
      host,
      ...headers,
      ...(via.authorization === undefined ? {} : { 'proxy-authorization': via.authorization }),
    },
  };
}

class UndiciExchange implements Exchange, Dispatcher.DispatchHandler {
  readonly #sink: ReplySink;
  readonly #clock: Clock;
  #controller: Dispatcher.DispatchController | undefined;
  #over = false;
  /** Stamp of the socket read that is being delivered; cleared when its callback has returned. */
  #readAt: number | undefined;

  constructor(dispatch: (handler: Dispatcher.DispatchHandler) => void, sink: ReplySink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
    try {
      dispatch(this);
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
    if (this.#over) controller.abort(new Error('aborted before it was sent'));
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

  /** undici delivers one socket read in several synchronous calls; a microtask runs only after the last of them. */
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
