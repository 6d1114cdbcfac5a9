import type { IncomingMessage, ServerResponse } from 'node:http';

/** A reply that ends a request early, with the body that the protocol's clients expect. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

type HeaderFields = Readonly<Record<string, string>>;

/** One request and its reply, as a protocol sees them. */
export interface HttpExchange {
  /** The request's body, '' for a GET. */
  readonly body: string;
  /** Values of the path's `{names}`. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when the connection closes, from either side. */
  readonly signal: AbortSignal;
  /** Replies with a whole body: a text as it is, anything else as JSON. */
  reply(status: number, body: unknown, headers?: HeaderFields): void;
  /** Sends the headers of a stream at once; its parts follow. */
  stream(headers?: HeaderFields): StreamWriter;
}

interface StreamWriter {
  write(text: string): void;
  /** Writes `text` and ends the reply. */
  end(text: string): void;
}

/** A protocol's error replies. */
export interface ErrorWords {
  /** The engine cannot take the request. */
  refused(message: string): HttpError;
  /** The engine failed before the reply began. */
  broken(message: string): HttpError;
  /** The end of a stream in which the engine failed. */
  brokenStream(message: string): string;
}

/** One method and path of a protocol. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** A `{name}` matches one part of the path. */
  readonly path: string;
  readonly words: ErrorWords;
  /** Where protocols share a path: whether this body is for this one. */
  accepts?(body: Readonly<Record<string, unknown>>): boolean;
  handle(exchange: HttpExchange): Promise<void> | void;
}

const EVENT_STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };

/** Wraps a response for a protocol. */
export function createExchange(
  response: ServerResponse,
  body: string,
  params: Readonly<Record<string, string>>,
  signal: AbortSignal,
): HttpExchange {
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

/** Writes a whole reply. */
export function sendReply(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: HeaderFields = {},
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

/** Bytes that the bodies of all requests together may still have. */
export interface BodyRoom {
  left: number;
}

/**
 * Reads the request's body as text. Throws HttpError 413 for more than `limit` bytes, and 503 where the bodies of all requests are too
 * many, without keeping them.
 */
export function readBody(request: IncomingMessage, limit: number, room: BodyRoom): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const free = (): void => {
      for (const { length } of chunks) room.left += length;
      chunks.length = 0;
    };
    const refuse = (status: 413 | 503, message: string): void => {
      free();
      // What is still on its way is read and dropped, so that the client is not cut off before it sees the reply.
      request.removeAllListeners('data').resume();
      const type = status === 413 ? 'RequestEntityTooLarge' : 'ServiceUnavailable';
      reject(
        new HttpError(
          status,
          { error: { message, type, param: null, code: status } },
          { connection: 'close' },
        ),
      );
    };
    const tooLarge = () => refuse(413, `The request body is larger than ${limit} bytes.`);
    if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge();
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) return tooLarge();
      if (chunk.length > room.left) return refuse(503, 'The bodies of all requests together are too large.');
      chunks.push(chunk);
      room.left -= chunk.length;
    });
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      free();
      resolve(body);
    });
    request.on('close', free);
    request.on('error', reject);
  });
}
