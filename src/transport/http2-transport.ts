import type { OutgoingHttpHeaders } from 'node:http2';
import { Connector } from './connector.ts';
import { authorityOf, endpointOf } from './endpoint.ts';
import { Http2Exchange } from './http2-exchange.ts';
import { Http2Sessions } from './http2-sessions.ts';
import { proxyFor } from './proxy.ts';
import type { Clock, Exchange, HttpRequest, ReplySink, Transport, TransportOptions } from './types.ts';

/**
 * HTTP/2 over node:http2: a stream a request in flight, as many connections as the server's limit on streams makes
 * necessary. Over http:// the server must know HTTP/2 without being asked (prior knowledge). undici's HTTP/2 client is not
 * used: above the server's limit it lets requests fail, and a server that says goodbye (GOAWAY) costs every answer in flight.
 */
export function http2Transport(clock: Clock, options: TransportOptions): Transport {
  const connector = new Connector({ ...options, speaks: 'h2' });
  const servers = new Map<string, Http2Sessions>();
  const turns = new Turns();
  const serverOf = (url: URL): Http2Sessions => {
    const via = options.proxy && proxyFor(url, options.proxy);
    const key = `${url.origin} ${via === undefined ? '' : authorityOf(via)}`;
    const server =
      servers.get(key) ??
      new Http2Sessions(url.origin, (lastStep) => connector.open(endpointOf(url), via, lastStep));
    servers.set(key, server);
    return server;
  };
  const send = (request: HttpRequest, sink: ReplySink): Exchange => {
    const exchange = new Http2Exchange(headersOf(request), request.body, sink, {
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
function headersOf({ method, url, headers, body }: HttpRequest): () => OutgoingHttpHeaders {
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
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
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
