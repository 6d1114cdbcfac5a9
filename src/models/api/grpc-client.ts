import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { messageOf } from '../../contract/errors.ts';
import type { TlsSettings } from '../../contract/tls.ts';
import { makeSecureContext } from '../../transport/connector.ts';

/** What every call takes beside its message. */
export interface GrpcCallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

/** A call that ended with a status other than OK; `code` is the number of the status, the message begins with its name. */
export class GrpcError extends Error {
  readonly code: number;

  constructor(code: number, details: string, cause?: unknown) {
    super(`${STATUS_NAMES[code] ?? `STATUS ${code}`}: ${details}`, { cause });
    this.code = code;
  }
}

/** Names of gRPC's status codes, by their numbers (grpc/grpc, doc/statuscodes.md). */
const STATUS_NAMES = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE'],
  ...['UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];
const UNKNOWN = 2;
const RESOURCE_EXHAUSTED = 8;
const UNIMPLEMENTED = 12;
const INTERNAL = 13;
const UNAVAILABLE = 14;

/** Bytes of the largest message that is read. */
const LARGEST_MESSAGE = 16 * 1024 * 1024;

/** Bytes that a server may send ahead, of a stream and of the connection: an answer never waits for an acknowledgement. */
const WINDOW = 16 * 1024 * 1024;

/** Node would refuse further streams of a connection above 10 MB. */
const SESSION_MEMORY_MB = 1024;

/**
 * A gRPC client over one HTTP/2 connection that all calls share; messages are bytes. It is ours for the sake of the stamps: a message is
 * handed over in the turn of the event loop in which its last byte was read.
 */
export class GrpcClient {
  readonly #origin: string;
  readonly #tls: TlsSettings;
  #session: ClientHttp2Session | undefined;
  #connected: Promise<ClientHttp2Session> | undefined;

  /** The connection is made by the first call, with TLS where the URL is `https:`. */
  constructor(url: string, tls: TlsSettings = { insecure: false }) {
    this.#origin = new URL(url).origin;
    this.#tls = tls;
  }

  /** Sends one message, returns the one of the reply. Rejects with a GrpcError, or the reason of the signal. */
  async call(method: string, message: Buffer, options: GrpcCallOptions = {}): Promise<Buffer> {
    const replies: Buffer[] = [];
    await this.stream(method, message, (reply) => replies.push(reply), options);
    if (replies.length === 1) return replies[0]!;
    throw new GrpcError(INTERNAL, `the reply has ${replies.length} messages where one belongs`);
  }

  /** Sends one message, hands over each that comes back; resolves at the status that ends the reply. Rejects as `call` does. */
  async stream(
    method: string,
    message: Buffer,
    take: (message: Buffer) => void,
    { headers = {}, signal }: GrpcCallOptions = {},
  ): Promise<void> {
    signal?.throwIfAborted();
    const session = await this.#connection();
    signal?.throwIfAborted();
    const stream = session.request(
      {
        ...ownHeaders(headers),
        ':method': 'POST',
        ':path': method,
        'content-type': 'application/grpc',
        te: 'trailers',
      },
      { endStream: false },
    );
    const cancel = () => stream.close(constants.NGHTTP2_CANCEL);
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const reply = readReply(stream, take);
      stream.end(framed(message));
      await reply;
    } catch (error) {
      throw signal?.aborted === true ? signal.reason : error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Ends the connection, and what is still in flight on it. */
  async close(): Promise<void> {
    this.#session?.destroy();
  }

  #connection(): Promise<ClientHttp2Session> {
    this.#connected ??= this.#connect().catch((error) => {
      throw new GrpcError(UNAVAILABLE, messageOf(error), error);
    });
    return this.#connected;
  }

  #connect(): Promise<ClientHttp2Session> {
    const { serverName, insecure } = this.#tls;
    const session = connect(this.#origin, {
      settings: { enablePush: false, initialWindowSize: WINDOW },
      maxSessionMemory: SESSION_MEMORY_MB,
      ...(this.#origin.startsWith('https:')
        ? {
            secureContext: makeSecureContext(this.#tls),
            rejectUnauthorized: !insecure,
            ...(serverName === undefined ? {} : { servername: serverName }),
          }
        : {}),
    });
    this.#session = session;
    // The next call makes a connection of its own.
    const forget = () => {
      if (this.#session === session) this.#connected = undefined;
    };
    session.on('goaway', forget).on('close', forget);
    return new Promise((resolve, reject) => {
      session.on('error', reject);
      session.once('close', () => reject(new Error('the connection was closed')));
      session.once('connect', () => {
        session.setLocalWindowSize(WINDOW);
        resolve(session);
      });
    });
  }
}

/** Content type, length and such are the protocol's own. */
function ownHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(content-.*|te|host|accept|connection)$/i.test(name)),
  );
}

/** Bytes before a message: whether it is compressed, and its length. */
const PREFIX = 5;

function framed(message: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, PREFIX);
  return frame;
}

/** Hands over the messages of a reply; settles with the status that ends it. */
function readReply(stream: ClientHttp2Stream, take: (message: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let ending: GrpcError | 'ok' | undefined;
    let refusal: Error | undefined;
    const giveUp = (error: Error) => {
      refusal ??= error;
      stream.close(constants.NGHTTP2_CANCEL);
    };
    const messages = new MessageSplitter(take);
    stream.on('response', (headers) => {
      const status = headers[':status'];
      // A reply without messages says its status here.
      if (headers['grpc-status'] !== undefined) ending = statusIn(headers);
      else if (status !== 200) giveUp(new GrpcError(httpStatus(status), `HTTP ${status}`));
    });
    stream.on('trailers', (trailers) => {
      ending = statusIn(trailers);
    });
    stream.on('data', (bytes: Buffer) => {
      try {
        if (refusal === undefined) messages.push(bytes);
      } catch (error) {
        giveUp(error as Error);
      }
    });
    stream.on('error', (error) => {
      refusal ??= new GrpcError(UNAVAILABLE, messageOf(error), error);
    });
    stream.on('close', () => {
      if (refusal !== undefined) reject(refusal);
      else if (ending === undefined)
        reject(new GrpcError(UNAVAILABLE, 'the connection ended inside the reply'));
      else if (ending !== 'ok') reject(ending);
      else if (messages.isOpen) reject(new GrpcError(INTERNAL, 'the reply ended inside a message'));
      else resolve();
    });
  });
}

type HeaderTable = Readonly<Record<string, string | string[] | undefined>>;

function statusIn(headers: HeaderTable): GrpcError | 'ok' {
  const code = Number(headers['grpc-status'] ?? UNKNOWN);
  return code === 0 ? 'ok' : new GrpcError(code, unescaped(String(headers['grpc-message'] ?? '')));
}

/** The message of a status is percent-encoded UTF-8. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The status that stands for a reply that is not gRPC's (grpc/grpc, doc/http-grpc-status-mapping.md). */
function httpStatus(status: number | undefined): number {
  if (status === 400) return INTERNAL;
  if (status === 401) return STATUS_NAMES.indexOf('UNAUTHENTICATED');
  if (status === 403) return STATUS_NAMES.indexOf('PERMISSION_DENIED');
  if (status === 404) return UNIMPLEMENTED;
  return status !== undefined && [429, 502, 503, 504].includes(status) ? UNAVAILABLE : UNKNOWN;
}

/** Cuts the body of a reply into messages. */
class MessageSplitter {
  readonly #take: (message: Buffer) => void;
  #rest: Buffer[] = [];
  #length = 0;
  /** Bytes that the prefix and the message need, as far as is known. */
  #needed = PREFIX;

  constructor(take: (message: Buffer) => void) {
    this.#take = take;
  }

  /** Whether a message has begun and not ended. */
  get isOpen(): boolean {
    return this.#length > 0;
  }

  /** Throws a GrpcError where the bytes are no messages of gRPC's, or one is too large. */
  push(bytes: Buffer): void {
    this.#rest.push(bytes);
    this.#length += bytes.length;
    if (this.#length < this.#needed) return;
    let all = this.#rest.length === 1 ? bytes : Buffer.concat(this.#rest);
    while (all.length >= PREFIX) {
      this.#needed = PREFIX + lengthIn(all);
      if (all.length < this.#needed) break;
      this.#take(all.subarray(PREFIX, this.#needed));
      all = all.subarray(this.#needed);
      this.#needed = PREFIX;
    }
    this.#rest = all.length === 0 ? [] : [all];
    this.#length = all.length;
  }
}

function lengthIn(frame: Buffer): number {
  if (frame[0] !== 0)
    throw new GrpcError(UNIMPLEMENTED, 'a message is compressed, which the request did not offer');
  const length = frame.readUInt32BE(1);
  if (length <= LARGEST_MESSAGE) return length;
  throw new GrpcError(RESOURCE_EXHAUSTED, `a message has ${length} bytes, more than ${LARGEST_MESSAGE}`);
}
