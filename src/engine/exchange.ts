import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './http-error.ts';

type Headers = Readonly<Record<string, string>>;

/** One request and its reply, as a protocol sees them. */
export interface Exchange {
  /** The request's body, '' for a GET. */
  readonly body: string;
  /** What stood in the path in the place of each `{name}`. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when the connection closes, whoever closed it. */
  readonly signal: AbortSignal;
  /** Replies with a whole body: a text as it is, anything else as JSON. */
  reply(status: number, body: unknown, headers?: Headers): void;
  /** Sends the headers of a stream at once; its parts follow. */
  stream(headers?: Headers): StreamWriter;
}

interface StreamWriter {
  write(text: string): void;
  /** Writes `text` and ends the reply. */
  end(text: string): void;
}

/** How a protocol says what went wrong. */
export interface ErrorWords {
  /** The engine cannot take the request. */
  refused(message: string): HttpError;
  /** The engine failed before the reply began. */
  broken(message: string): HttpError;
  /** The end of a stream in which the engine failed. */
  brokenStream(message: string): string;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** A `{name}` stands for one part of the path. */
  readonly path: string;
  readonly words: ErrorWords;
  /** Where protocols share a path: whether this body is for this one. */
  accepts?(body: Readonly<Record<string, unknown>>): boolean;
  handle(exchange: Exchange): Promise<void> | void;
}

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

export function createExchange(
  response: ServerResponse,
  body: string,
  params: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Exchange {
  return {
    body,
    params,
    signal,
    reply: (status, value, headers) => sendReply(response, status, value, headers),
    stream(headers = EVENT_STREAM) {
      response.writeHead(200, headers).flushHeaders();
      return { write: (text) => void response.write(text), end: (text) => void response.end(text) };
    },
  };
}

export function sendReply(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Headers = {},
): void {
  const isText = typeof value === 'string';
  const body = isText ? value : JSON.stringify(value);
  response.writeHead(status, {
    ...(body === '' ? {} : { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' }),
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
