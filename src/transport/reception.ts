/** What becomes of the reply to one request, from its head to its end. */
import type { Watch } from './deadlines.ts';
import { CancelledError, ERROR_BODY_LIMIT, UnreadableError } from './failure.ts';
import { BODY_LIMIT, EVENT_LIMIT, retryAfterMs, STREAM_LIMIT, tooLarge } from './reply-limits.ts';
import type { StreamReply } from './stream-reply.ts';
import type { Exchange, HttpRequest, ReplySink } from './types.ts';
import { whenAborted } from './when-aborted.ts';
import type { Wire } from './wire.ts';

/** What the wire brought; a streamed body has gone elsewhere. */
export interface RawReply {
  status?: number;
  headersAt?: number;
  /** Where a redirect points to. */
  location?: string;
  retryAfterMs?: number;
  doneAt: number;
  body: Uint8Array[];
  error?: Error;
}

/** One HTTP exchange. A streamed 2xx body goes to `stream`, which says whether an event has come; any other is kept. */
export function exchange(
  request: HttpRequest,
  wire: Wire,
  sent: number,
  stream?: StreamReply,
): Promise<RawReply> {
  return new Promise((resolve) => {
    new Reception(wire, sent, stream, resolve).receive(request);
  });
}

/** What becomes of the reply to one request. A class, and no closures: `onRead` runs for every read. */
class Reception implements ReplySink {
  readonly #stream: StreamReply | undefined;
  /** The stream, once its body is known to be one. */
  #live: StreamReply | undefined;
  #watch: Watch | undefined;
  readonly #raw: RawReply;
  readonly #wire: Wire;
  readonly #resolve: (raw: RawReply) => void;
  #exchange: Exchange | undefined;
  #forget: (() => void) | undefined;
  #kept = 0;

  constructor(wire: Wire, sent: number, stream: StreamReply | undefined, resolve: (raw: RawReply) => void) {
    this.#stream = stream;
    this.#raw = { doneAt: sent, body: [] };
    this.#wire = wire;
    this.#resolve = resolve;
  }

  receive(request: HttpRequest): void {
    const { transport, deadlines, signal } = this.#wire;
    const abort = (reason: Error) => this.#exchange?.abort(reason);
    this.#exchange = transport.send(request, this);
    this.#watch = deadlines.watch(this.#raw.doneAt, this.#stream !== undefined, abort);
    const cancel = () => abort(new CancelledError('the run was stopped'));
    this.#forget = whenAborted(signal, cancel);
    if (signal.aborted) cancel();
  }

  onHeaders(status: number, headers: Parameters<ReplySink['onHeaders']>[1], at: number): void {
    const raw = this.#raw;
    raw.status = status;
    raw.headersAt = at;
    if (isOk(raw)) {
      this.#live = this.#stream;
      this.#refuseCompressed(headers['content-encoding']);
      return;
    }
    const wait = retryAfterMs(headers, Date.now());
    if (wait !== undefined) raw.retryAfterMs = wait;
    const { location } = headers;
    if (status >= 300 && status < 400 && typeof location === 'string') raw.location = location;
  }

  onData(bytes: Uint8Array, at: number, sharedRead: boolean): void {
    if (this.#live === undefined) this.#keep(bytes);
    else this.#bound(bytes.length);
    if (this.#live?.push(bytes, at, sharedRead) !== false) this.#watch?.progress(at);
  }

  onRead(bytes: Buffer, bounds: Int32Array, count: number, at: number): void {
    // With what frames the chunks, which is little.
    const length = bounds[2 * count - 1]! - bounds[0]!;
    if (this.#live === undefined) this.#keep(stretchesOf(bytes, bounds, count));
    else this.#bound(length);
    if (this.#live?.pushRead(bytes, bounds, count, at, false) !== false) this.#watch?.progress(at);
  }

  onEnd(at: number): void {
    this.#end(at);
  }

  onError(error: Error): void {
    this.#raw.error = error;
    this.#end(this.#wire.clock());
  }

  #end(at: number): void {
    this.#raw.doneAt = at;
    this.#watch?.stop();
    this.#forget?.();
    this.#resolve(this.#raw);
  }

  #keep(bytes: Uint8Array): void {
    this.#kept += bytes.length;
    if (this.#kept - bytes.length < (isOk(this.#raw) ? BODY_LIMIT : ERROR_BODY_LIMIT)) {
      this.#raw.body.push(bytes);
      return;
    }
    const why = isOk(this.#raw)
      ? tooLarge('the reply', BODY_LIMIT)
      : new Error('the rest of the error body is not needed');
    this.#exchange?.abort(why);
  }

  /** A stream that goes on and on, or an event that does. */
  #bound(length: number): void {
    this.#kept += length;
    if (this.#live?.eventIsTooLarge === true) this.#exchange?.abort(tooLarge('an event', EVENT_LIMIT));
    else if (this.#kept > STREAM_LIMIT) this.#exchange?.abort(tooLarge('the stream', STREAM_LIMIT));
  }

  /** Nobody asked for it, and what a compressor holds back would be counted as the model's time. */
  #refuseCompressed(encoding: string | string[] | undefined): void {
    if (encoding === undefined || /^(identity)?$/i.test(String(encoding).trim())) return;
    const why = `the reply is compressed (content-encoding: ${String(encoding).slice(0, 40)}), which was not asked for: switch that off at the service or its proxy`;
    this.#exchange?.abort(new UnreadableError(why));
  }
}

/** A copy: the buffer is used again. */
function stretchesOf(bytes: Buffer, bounds: Int32Array, count: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, n) => bytes.subarray(bounds[2 * n], bounds[2 * n + 1])),
  );
}

export function isOk(raw: RawReply): boolean {
  return raw.status !== undefined && raw.status >= 200 && raw.status < 300;
}
