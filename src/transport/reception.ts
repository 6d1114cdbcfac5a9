import { type RequestDeadlines, type Watch, whenAborted } from './deadlines.ts';
import {
  BODY_LIMIT,
  CancelledError,
  ERROR_BODY_LIMIT,
  EVENT_LIMIT,
  retryAfterMs,
  STREAM_LIMIT,
  tooLarge,
  UnreadableError,
} from './failure.ts';
import type { StreamReply } from './stream-reply.ts';
import type { Clock, Exchange, HttpRequest, ReplySink, Transport } from './types.ts';

/** Everything that sending needs: transport, limits, clock, stop signal. */
export interface Wire {
  readonly transport: Transport;
  readonly deadlines: RequestDeadlines;
  readonly clock: Clock;
  /** Aborts everything in flight. */
  readonly signal: AbortSignal;
  /** Whether an empty reply with a finish reason is the model's answer (to be scored), not a failure. */
  readonly silenceIsAnswer?: boolean;
}

/** A reply before parsing; a streamed body goes to its `StreamReply` instead. */
export interface RawReply {
  status?: number;
  headersAt?: number;
  /** Where a redirect points to. */
  location?: string;
  retryAfterMs?: number;
  doneAt: number;
  /** The last read of the body that is kept. */
  lastReadAt?: number;
  body: Uint8Array[];
  error?: Error;
}

/** Since when the deadlines of a request count. */
export interface Timing {
  /** When it was sent; of several in a row, the first. */
  readonly sent: number;
  /** Whether the limits of streams apply. */
  readonly streamed: boolean;
  /** Where replies came before: when this one was sent. */
  readonly againAt?: number;
}

/** Runs one HTTP exchange. A streamed 2xx body goes to `stream`, which reports whether an event has arrived; any other is kept. */
export function receive(
  request: HttpRequest,
  wire: Wire,
  timing: Timing,
  stream?: StreamReply,
): Promise<RawReply> {
  return new Promise((resolve) => {
    new Reception(wire, timing, stream, resolve).receive(request);
  });
}

/** Reads the reply to one request, headers to last byte. A class instead of closures, because `onRead` runs for every read. */
class Reception implements ReplySink {
  readonly #stream: StreamReply | undefined;
  /** The stream, once its body is known to be one. */
  #live: StreamReply | undefined;
  #watch: Watch | undefined;
  readonly #raw: RawReply;
  readonly #wire: Wire;
  readonly #timing: Timing;
  readonly #resolve: (raw: RawReply) => void;
  #exchange: Exchange | undefined;
  #forget: (() => void) | undefined;
  #kept = 0;

  constructor(wire: Wire, timing: Timing, stream: StreamReply | undefined, resolve: (raw: RawReply) => void) {
    this.#stream = stream;
    this.#raw = { doneAt: timing.sent, body: [] };
    this.#wire = wire;
    this.#timing = timing;
    this.#resolve = resolve;
  }

  receive(request: HttpRequest): void {
    const { transport, deadlines, signal } = this.#wire;
    const abort = (reason: Error) => this.#exchange?.abort(reason);
    this.#exchange = transport.send(request, this);
    const { sent, streamed, againAt } = this.#timing;
    this.#watch = deadlines.watch(sent, streamed, abort);
    if (againAt !== undefined) this.#watch.progress(againAt);
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
    if (this.#live === undefined) this.#keep(bytes, at);
    else this.#bound(bytes.length);
    if (this.#live?.push(bytes, at, sharedRead) !== false) this.#watch?.progress(at);
  }

  onRead(bytes: Buffer, bounds: Int32Array, count: number, at: number): void {
    // With what frames the chunks, which is little.
    const length = bounds[2 * count - 1]! - bounds[0]!;
    if (this.#live === undefined) this.#keep(copyStretches(bytes, bounds, count), at);
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

  #keep(bytes: Uint8Array, at: number): void {
    this.#raw.lastReadAt = at;
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

  /** The request did not offer compression, and time that a compressor holds bytes back would count as the model's. */
  #refuseCompressed(encoding: string | string[] | undefined): void {
    if (encoding === undefined || /^(identity)?$/i.test(String(encoding).trim())) return;
    const why = `the reply is compressed (content-encoding: ${String(encoding).slice(0, 40)}), which the request did not offer: switch that off at the service or its proxy`;
    this.#exchange?.abort(new UnreadableError(why));
  }
}

/** A copy: the buffer is used again. */
function copyStretches(bytes: Buffer, bounds: Int32Array, count: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, n) => bytes.subarray(bounds[2 * n], bounds[2 * n + 1])),
  );
}

/** Whether the status is 2xx. */
export function isOk(raw: RawReply): boolean {
  return raw.status !== undefined && raw.status >= 200 && raw.status < 300;
}
