import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import type { Clock, Exchange, ReplySink } from './types.ts';

export interface Http2Timing {
  readonly clock: Clock;
  /** Number of the event loop's turn. */
  turn(): number;
}

/** One request and its reply on a stream of its own, from when a session has room for it. */
export class Http2Exchange implements Exchange {
  readonly #headers: () => OutgoingHttpHeaders;
  readonly #body: string | undefined;
  readonly #sink: ReplySink;
  readonly #timing: Http2Timing;
  #stream: ClientHttp2Stream | undefined;
  #over = false;
  #endedAt: number | undefined;
  #lastTurn = -1;

  constructor(
    headers: () => OutgoingHttpHeaders,
    body: string | undefined,
    sink: ReplySink,
    timing: Http2Timing,
  ) {
    this.#headers = headers;
    this.#body = body;
    this.#sink = sink;
    this.#timing = timing;
  }

  /** Nobody waits for it any more. */
  get over(): boolean {
    return this.#over;
  }

  /** Sends the request; `onClose` hears when its stream is gone. */
  start(session: ClientHttp2Session, onClose: () => void): void {
    let stream: ClientHttp2Stream;
    try {
      stream = session.request(this.#headers(), { endStream: this.#body === undefined });
    } catch (error) {
      this.fail(error as Error);
      onClose();
      return;
    }
    this.#stream = stream;
    stream.on('response', (headers) => {
      const status = headers[':status'] ?? 0;
      if (!this.#over) this.#sink.onHeaders(status, headers as Record<string, string>, this.#timing.clock());
    });
    stream.on('data', (bytes: Buffer) => this.#receive(bytes));
    stream.on('end', () => {
      this.#endedAt = this.#timing.clock();
    });
    stream.on('error', (error) => this.fail(error));
    stream.on('close', () => {
      onClose();
      this.#finish(stream.rstCode);
    });
    if (this.#body !== undefined) stream.end(this.#body);
  }

  abort(reason: Error): void {
    if (this.#over) return;
    this.fail(reason);
    this.#stream?.close(constants.NGHTTP2_CANCEL);
  }

  /** Tells the sink, after `send` has returned. */
  fail(error: Error): void {
    if (this.#over) return;
    this.#over = true;
    queueMicrotask(() => this.#sink.onError(error));
  }

  #receive(bytes: Buffer): void {
    if (this.#over) return;
    const turn = this.#timing.turn();
    const sharedRead = turn === this.#lastTurn;
    this.#lastTurn = turn;
    this.#sink.onData(bytes, this.#timing.clock(), sharedRead);
  }

  /** A reset stream ends its readable side too, so only its code tells whether the reply is whole. */
  #finish(rstCode: number): void {
    if (this.#over) return;
    if (this.#endedAt === undefined || rstCode !== constants.NGHTTP2_NO_ERROR) this.fail(reset(rstCode));
    else {
      this.#over = true;
      this.#sink.onEnd(this.#endedAt);
    }
  }
}

function reset(rstCode: number): Error {
  const name = Object.keys(CODE_NAMES).find((key) => CODE_NAMES[key] === rstCode) ?? `code ${rstCode}`;
  const error = new Error(`the server or the connection ended the HTTP/2 stream: ${name}`);
  return Object.assign(error, { code: 'ERR_HTTP2_STREAM_RESET' });
}

/** `CANCEL`, `REFUSED_STREAM`, … as RFC 9113 names them. */
const CODE_NAMES: Readonly<Record<string, number>> = Object.fromEntries(
  (
    [
      'NO_ERROR',
      'PROTOCOL_ERROR',
      'INTERNAL_ERROR',
      'FLOW_CONTROL_ERROR',
      'REFUSED_STREAM',
      'CANCEL',
      'ENHANCE_YOUR_CALM',
    ] as const
  ).map((name) => [name, constants[`NGHTTP2_${name}`]]),
);
