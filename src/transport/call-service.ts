import type { BaseAPIModel, RequestArgs } from '../contract/base-api-model.ts';
import { RequestOutput } from '../contract/output.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import type { EventLog, Failure } from '../contract/record.ts';
import { inTime, type RequestDeadlines, type UnsettledError, type Watch, whenAborted } from './deadlines.ts';
import { EventRecorder } from './event-log.ts';
import {
  BODY_LIMIT,
  CancelledError,
  checkOutput,
  ERROR_BODY_LIMIT,
  EVENT_LIMIT,
  excerpt,
  failureFromError,
  failureFromStatus,
  findError,
  MethodError,
  modelBug,
  readErrorMessage,
  retryAfterMs,
  STREAM_LIMIT,
  tooLarge,
  UnreadableError,
} from './failure.ts';
import { lateEnds } from './late-work.ts';
import { requestHeaders } from './request-headers.ts';
import { StreamReply } from './stream-reply.ts';
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

/** One attempt at a request: its output, and when things happened (ms on the run's clock); without `failure` it succeeded. */
export interface Attempt {
  readonly sent: number;
  readonly headers?: number;
  readonly done: number;
  readonly output: RequestOutput;
  readonly events: EventLog;
  readonly failure?: Failure;
  /** Pause that the server requested (`Retry-After`), ms. */
  readonly retryAfterMs?: number;
}

/** Prompt and limits of one request. */
export interface ServiceCall {
  readonly prompt: PromptType;
  readonly maxOutLen: number;
  readonly args: RequestArgs;
}

/** Sends one request to the model's service and reads its reply. Never throws: an error becomes the attempt's failure. */
export async function callService(model: BaseAPIModel, call: ServiceCall, wire: Wire): Promise<Attempt> {
  const output = new RequestOutput();
  let request: HttpRequest;
  try {
    request = await inTime(buildRequest(model, call, output), wire.clock(), wire);
  } catch (thrown) {
    const now = wire.clock();
    const failure =
      thrown instanceof MethodError
        ? modelBug(thrown.cause, thrown.method)
        : (thrown as UnsettledError).failure('getRequestBody');
    return { sent: now, done: now, output, events: new EventRecorder().toLog(), failure };
  }
  output.input ??= call.prompt;
  return model.options.stream ? streamed(model, request, output, wire) : whole(model, request, output, wire);
}

/** Builds the HTTP request. Throws a `MethodError` where the model class cannot build it. */
export async function buildRequest(
  model: BaseAPIModel,
  call: ServiceCall,
  output: RequestOutput,
): Promise<HttpRequest> {
  let method = 'getRequestBody';
  try {
    const given = await model.getRequestBody(call.prompt, call.maxOutLen, output, call.args);
    const body: string | undefined = JSON.stringify(given);
    if (body === undefined) throw new TypeError('it returned nothing that JSON can say');
    method = 'getUrl';
    const url = absolute(model.getUrl());
    method = 'headers';
    return { method: 'POST', url, headers: requestHeaders(model, call.args), body };
  } catch (cause) {
    throw cause instanceof MethodError ? cause : new MethodError(method, cause);
  }
}

function absolute(url: string): string {
  if (URL.canParse(url) && /^https?:/i.test(url)) return url;
  throw new TypeError(`it returned ${JSON.stringify(url)}, which is no absolute http(s) URL`);
}

async function streamed(
  model: BaseAPIModel,
  request: HttpRequest,
  output: RequestOutput,
  wire: Wire,
): Promise<Attempt> {
  const reply = new StreamReply(model, output);
  const sent = wire.clock();
  const raw = await exchange(request, wire, sent, reply);
  const finishing = reply.finish(raw.error === undefined && isOk(raw));
  await inTime(finishing, sent, wire).catch((late: UnsettledError) => {
    reply.failure = late.failure(reply.parser);
  });
  // A parser's or server's failure explains what the transport saw after it.
  const cut = reply.saidDone ? undefined : wireFailure(raw);
  const failure = reply.failure ?? cut ?? emptyReply(output, wire);
  return attempt(sent, raw, output, reply.events, failure);
}

async function whole(
  model: BaseAPIModel,
  request: HttpRequest,
  output: RequestOutput,
  wire: Wire,
): Promise<Attempt> {
  const sent = wire.clock();
  const raw = await exchange(request, wire, sent);
  // Replies that end together must not delay the stamps of all others.
  await lateEnds.turn();
  let failure = wireFailure(raw);
  if (failure === undefined) {
    const reading = readTextReply(model, bodyText(raw), output);
    failure = await inTime(reading, sent, wire).catch((late: UnsettledError) =>
      late.failure('parseTextResponse'),
    );
    failure ??= emptyReply(output, wire);
  }
  const events = new EventRecorder();
  if (failure === undefined) events.add(raw.doneAt, 'content', 0, false);
  return attempt(sent, raw, output, events, failure);
}

function attempt(
  sent: number,
  raw: RawReply,
  output: RequestOutput,
  events: EventRecorder,
  failure: Failure | undefined,
): Attempt {
  return {
    sent,
    ...(raw.headersAt === undefined ? {} : { headers: raw.headersAt }),
    done: raw.doneAt,
    output,
    events: events.toLog(),
    ...(failure === undefined ? {} : { failure }),
    ...(raw.retryAfterMs === undefined ? {} : { retryAfterMs: raw.retryAfterMs }),
  };
}

function wireFailure(raw: RawReply): Failure | undefined {
  if (raw.status !== undefined && !isOk(raw))
    return failureFromStatus(raw.status, bodyText(raw), raw.location);
  return raw.error === undefined ? undefined : failureFromError(raw.error, raw.status !== undefined);
}

/**
 * A reply with nothing in it would count as an infinitely fast success. One that was cut at the length limit is kept: its
 * tokens went somewhere that this protocol does not show.
 */
function emptyReply(output: RequestOutput, { silenceIsAnswer = false }: Wire): Failure | undefined {
  const { content, reasoningContent, toolCalls, finishReason } = output;
  if (content !== '' || reasoningContent !== '' || toolCalls.length > 0) return undefined;
  if (finishReason === 'length' || (silenceIsAnswer && finishReason !== undefined)) return undefined;
  const reason = finishReason === undefined ? '' : ` (finish reason ${finishReason})`;
  return { kind: 'bad-reply', message: `the reply is empty: no content, reasoning or tool call${reason}` };
}

function bodyText(raw: RawReply): string {
  return Buffer.concat(raw.body).toString('utf8');
}

/** A reply before parsing; a streamed body goes to its `StreamReply` instead. */
interface RawReply {
  status?: number;
  headersAt?: number;
  /** Where a redirect points to. */
  location?: string;
  retryAfterMs?: number;
  doneAt: number;
  body: Uint8Array[];
  error?: Error;
}

/** Runs one HTTP exchange. A streamed 2xx body goes to `stream`, which reports whether an event has arrived; any other is kept. */
function exchange(request: HttpRequest, wire: Wire, sent: number, stream?: StreamReply): Promise<RawReply> {
  return new Promise((resolve) => {
    new Reception(wire, sent, stream, resolve).receive(request);
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
    if (this.#live === undefined) this.#keep(copyStretches(bytes, bounds, count));
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

function isOk(raw: RawReply): boolean {
  return raw.status !== undefined && raw.status >= 200 && raw.status < 300;
}

/** Reads a whole JSON reply through the model's parser; returns what is wrong with it. */
async function readTextReply(
  model: BaseAPIModel,
  body: string,
  output: RequestOutput,
): Promise<Failure | undefined> {
  if (body.trim() === '') return { kind: 'bad-reply', message: 'the reply has no body' };
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    const message = `the reply is not JSON: ${readErrorMessage(body).slice(0, 200)}`;
    return { kind: 'bad-reply', message, bodyExcerpt: excerpt(body) };
  }
  const error = findError(data);
  if (error !== undefined) return { kind: 'server-error', message: error, bodyExcerpt: excerpt(body) };
  try {
    await model.parseTextResponse?.(data, output);
    checkOutput(output);
  } catch (thrown) {
    return modelBug(thrown, 'parseTextResponse');
  }
  if (output.error !== undefined)
    return { kind: 'server-error', message: output.error, bodyExcerpt: excerpt(body) };
  return undefined;
}
