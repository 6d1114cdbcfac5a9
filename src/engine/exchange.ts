import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './http-error.ts';

/** One request and its reply, as a protocol sees them. */
export interface Exchange {
  /** The request's body, '' for a GET. */
  readonly body: string;
  /** Aborted when the connection closes, whoever closed it. */
  readonly signal: AbortSignal;
  /** Replies with a whole JSON body. */
  json(status: number, value: unknown): void;
  /** Replies with no body. */
  empty(status: number): void;
  /** Sends the headers of an event stream at once; events follow. */
  events(): EventWriter;
}

interface EventWriter {
  /** `text`: complete events, each `data: …` with an empty line after it. */
  write(text: string): void;
  /** Writes `text` and ends the reply. */
  end(text: string): void;
}

/** `failed`: events that tell a client of a stream that the engine failed. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly failed?: (message: string) => string;
  handle(exchange: Exchange): Promise<void> | void;
}

export function createExchange(response: ServerResponse, body: string, signal: AbortSignal): Exchange {
  return {
    body,
    signal,
    json: (status, value) => sendJson(response, status, value),
    empty(status) {
      response.writeHead(status, { 'content-length': 0 }).end();
    },
    events() {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).flushHeaders();
      return { write: (text) => void response.write(text), end: (text) => void response.end(text) };
    },
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** The request's body as text. Throws HttpError 413 for more than `limit` bytes, without keeping them. */
export function readBody(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = (): void => {
      chunks.length = 0;
      // What is still on its way is read and dropped, so that the client is not cut off before it sees the reply.
      request.removeAllListeners('data').resume();
      const message = `The request body is larger than ${limit} bytes.`;
      const error = { message, type: 'RequestEntityTooLarge', param: null, code: 413 };
      reject(new HttpError(413, { error }, { connection: 'close' }));
    };
    if (Number(request.headers['content-length'] ?? 0) > limit) return refuse();
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) refuse();
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}
