import { isUtf8 } from 'node:buffer';
import type { HttpMethod } from '../contract/base-api-model.ts';
import type { TlsSettings } from '../contract/tls.ts';
import type { ProxySettings } from './proxy.ts';

export type { PemFile, TlsSettings } from '../contract/tls.ts';

/** Milliseconds on one monotonic clock, counted from the start of the run. */
export type Clock = () => number;

/** An HTTP request with its whole body. */
export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Returns a request's body as text; undefined where its bytes are none. */
export function bodyAsText({ body = '' }: Pick<HttpRequest, 'body'>): string | undefined {
  if (typeof body === 'string') return body;
  return isUtf8(body) ? Buffer.from(body).toString('utf8') : undefined;
}

/** Whether a request without a body says so: without a length, some servers wait for one or refuse the request (RFC 9110, 8.6). */
export function needsLength(method: HttpMethod): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

/** Receives one reply. `onEnd` or `onError` is called once and last, and never before `send` has returned. */
export interface ReplySink {
  onHeaders(
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    at: number,
  ): void;
  /** `sharedRead`: this piece came in the same socket read as the piece before it. */
  onData(bytes: Uint8Array, at: number, sharedRead: boolean): void;
  /**
   * Where a sink has it, a transport may call it in place of `onData`: all body bytes of one socket read, as `count` stretches
   * of `bytes` whose starts and ends lie in `bounds`. All of it is valid during the call only.
   */
  onRead?(bytes: Buffer, bounds: Int32Array, count: number, at: number): void;
  onEnd(at: number): void;
  onError(error: Error): void;
}

/** One request in flight. */
export interface Exchange {
  /** Aborts the reply; the sink gets `reason` through `onError`, unless the reply is already over. */
  abort(reason: Error): void;
}

/** Sends requests and stamps what comes back at the socket read, before anything is parsed. */
export interface Transport {
  send(request: HttpRequest, sink: ReplySink): Exchange;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** How to reach a service. */
export interface TransportOptions {
  /** Milliseconds until a connection can carry a request: name, TCP, proxy and TLS together; 0 = no limit. */
  readonly connectMs: number;
  readonly tls?: TlsSettings | undefined;
  /** Absent: no proxy. */
  readonly proxy?: ProxySettings | undefined;
}
