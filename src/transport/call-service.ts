import type { BaseAPIModel, RequestArgs } from '../models/base-api-model.ts';
import { RequestOutput } from '../models/output.ts';
import type { PromptType } from '../models/prompt-list.ts';
import type { EventLog, Failure } from '../record.ts';
import type { Deadlines, Watch } from './deadlines.ts';
import { EventRecorder } from './event-log.ts';
import { CancelledError, ERROR_BODY_LIMIT, failureOfError, failureOfStatus } from './failure.ts';
import { inTime, type UnsettledError } from './in-time.ts';
import { MethodError, modelBug } from './model-bug.ts';
import { requestHeaders } from './request-headers.ts';
import { StreamReply } from './stream-reply.ts';
import { readTextReply } from './text-reply.ts';
import type { Clock, Exchange, HttpRequest, ReplySink, Transport } from './types.ts';
import { whenAborted } from './when-aborted.ts';

/** What one attempt at one request came to; without `failure` it succeeded. */
export interface Attempt {
  readonly sent: number;
  readonly headers?: number;
  readonly done: number;
  readonly output: RequestOutput;
  readonly events: EventLog;
  readonly failure?: Failure;
}

export interface ServiceCall {
  readonly prompt: PromptType;
  readonly maxOutLen: number;
  readonly args: RequestArgs;
}

export interface Wire {
  readonly transport: Transport;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  /** Aborts everything in flight. */
  readonly signal: AbortSignal;
  /** Whether a reply that the server finished without a word is the model's answer (to be scored), not a failure. */
  readonly silenceIsAnswer?: boolean;
}

interface RawReply {
  status?: number;
  headersAt?: number;
  /** Where a redirect points to. */
  location?: string;
  doneAt: number;
  body: Uint8Array[];
  error?: Error;
}

/** Sends one request to the model's service and reads its reply. Never throws: what goes wrong is the attempt's failure. */
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

/** The request as it goes over the wire. Throws a `MethodError` where the model class cannot build it. */
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
    reply.failure = late.failure('parseStreamResponse');
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
  let failure = wireFailure(raw);
  if (failure === undefined) {
    const reading = readTextReply(model, textOf(raw), output);
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
  };
}

/** One HTTP exchange. A streamed 2xx body goes to `stream`, which says whether an event has come; any other is kept. */
function exchange(request: HttpRequest, wire: Wire, sent: number, stream?: StreamReply): Promise<RawReply> {
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

  onHeaders(status: number, { location }: Parameters<ReplySink['onHeaders']>[1], at: number): void {
    const raw = this.#raw;
    raw.status = status;
    raw.headersAt = at;
    if (isOk(raw)) this.#live = this.#stream;
    if (status >= 300 && status < 400 && typeof location === 'string') raw.location = location;
  }

  onData(bytes: Uint8Array, at: number, sharedRead: boolean): void {
    if (this.#live === undefined) this.#keep(bytes);
    else if (!this.#live.push(bytes, at, sharedRead)) return;
    this.#watch?.progress(at);
  }

  onRead(bytes: Buffer, bounds: Int32Array, count: number, at: number): void {
    if (this.#live === undefined) this.#keep(stretchesOf(bytes, bounds, count));
    else if (!this.#live.pushRead(bytes, bounds, count, at, false)) return;
    this.#watch?.progress(at);
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
    if (isOk(this.#raw) || this.#kept - bytes.length < ERROR_BODY_LIMIT) this.#raw.body.push(bytes);
    else this.#exchange?.abort(new Error('the rest of the error body is not needed'));
  }
}

function wireFailure(raw: RawReply): Failure | undefined {
  if (raw.status !== undefined && !isOk(raw)) return failureOfStatus(raw.status, textOf(raw), raw.location);
  return raw.error === undefined ? undefined : failureOfError(raw.error, raw.status !== undefined);
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

/** A copy: the buffer is used again. */
function stretchesOf(bytes: Buffer, bounds: Int32Array, count: number): Buffer {
  return Buffer.concat(
    Array.from({ length: count }, (_, n) => bytes.subarray(bounds[2 * n], bounds[2 * n + 1])),
  );
}

function isOk(raw: RawReply): boolean {
  return raw.status !== undefined && raw.status >= 200 && raw.status < 300;
}

function textOf(raw: RawReply): string {
  return Buffer.concat(raw.body).toString('utf8');
}
