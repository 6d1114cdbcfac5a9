import type { BaseAPIModel, ExchangeRequest } from '../contract/base-api-model.ts';
import { RequestOutput } from '../contract/output.ts';
import type { EventLog, Failure } from '../contract/record.ts';
import {
  buildExchange,
  buildFollowUp,
  buildRequest,
  type FollowUp,
  type ServiceCall,
  type Step,
} from './build-request.ts';
import { inTime, type UnsettledError, whenAborted } from './deadlines.ts';
import { EventRecorder } from './event-log.ts';
import {
  CancelledError,
  checkOutput,
  excerpt,
  failureFromError,
  failureFromStatus,
  findError,
  MethodError,
  modelBug,
  readErrorMessage,
} from './failure.ts';
import { lateEnds } from './late-work.ts';
import { runExchange } from './own-exchange.ts';
import { parseJson } from './parse-json.ts';
import { isOk, type RawReply, receive, type Wire } from './reception.ts';
import { StreamReply } from './stream-reply.ts';
import type { HttpRequest } from './types.ts';

export type { ServiceCall } from './build-request.ts';
export type { Wire } from './reception.ts';

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

/** Sends one request to the model's service and reads its reply. Never throws: an error becomes the attempt's failure. */
export async function callService(model: BaseAPIModel, call: ServiceCall, wire: Wire): Promise<Attempt> {
  const output = new RequestOutput();
  const attempt = await sendRequest(model, call, output, wire);
  try {
    model.release?.(output);
  } catch (thrown) {
    return { ...attempt, failure: attempt.failure ?? modelBug(thrown, 'release') };
  }
  return attempt;
}

async function sendRequest(
  model: BaseAPIModel,
  call: ServiceCall,
  output: RequestOutput,
  wire: Wire,
): Promise<Attempt> {
  const step: Step = { method: '' };
  let request: BuiltRequest;
  let reply: StreamReply | undefined;
  try {
    request = await inTime(build(model, call, output, step), wire.clock(), wire);
    if (model.options.stream || 'exchange' in request)
      reply = new StreamReply(model, output, 'http' in request);
  } catch (thrown) {
    const now = wire.clock();
    return {
      sent: now,
      done: now,
      output,
      events: new EventRecorder().toLog(),
      failure: faultOf(thrown, step),
    };
  }
  output.input ??= call.prompt;
  if ('exchange' in request) return exchanged(model, request.exchange, reply!, output, wire);
  if (model.getNextRequest !== undefined) {
    // Deadlines are looked at while something is watched: requests that are quick, one after the other, would never be.
    const watch = wire.deadlines.watch(wire.clock(), false, () => {});
    const reading = stepwise(model, call, request.http, reply, output, wire);
    return reading.finally(() => watch.stop());
  }
  return reply === undefined
    ? whole(model, request.http, output, wire)
    : streamed(request.http, reply, output, wire);
}

type BuiltRequest = { readonly http: HttpRequest } | { readonly exchange: ExchangeRequest };

async function build(
  model: BaseAPIModel,
  call: ServiceCall,
  output: RequestOutput,
  step: Step,
): Promise<BuiltRequest> {
  return model.exchange === undefined
    ? { http: await buildRequest(model, call, output, step) }
    : { exchange: await buildExchange(model, call, output, step) };
}

/** Builds what the first request of a model needs. Throws a MethodError where its class cannot. */
export async function tryRequest(model: BaseAPIModel, call: ServiceCall): Promise<void> {
  await build(model, call, new RequestOutput(), { method: '' });
}

function faultOf(thrown: unknown, { method }: Step): Failure {
  return thrown instanceof MethodError
    ? modelBug(thrown.cause, thrown.method)
    : (thrown as UnsettledError).failure(method);
}

async function streamed(
  request: HttpRequest,
  reply: StreamReply,
  output: RequestOutput,
  wire: Wire,
): Promise<Attempt> {
  const sent = wire.clock();
  const raw = await receive(request, wire, { sent, streamed: true }, reply);
  return attempt(sent, raw, output, reply.events, await finishStream(raw, sent, reply, output, wire));
}

/** Parses what is left of a stream; returns what is wrong with it. */
async function finishStream(
  raw: RawReply,
  sent: number,
  reply: StreamReply,
  output: RequestOutput,
  wire: Wire,
): Promise<Failure | undefined> {
  await parsed(reply, reply.finish(raw.error === undefined && isOk(raw)), sent, wire);
  // A parser's or server's failure explains what the transport saw after it.
  const cut = reply.saidDone ? undefined : wireFailure(raw);
  return reply.failure ?? cut ?? emptyReply(output, wire);
}

/** Waits until the model's parser has settled, at most until the deadline. */
async function parsed(reply: StreamReply, parsing: Promise<void>, sent: number, wire: Wire): Promise<void> {
  await inTime(parsing, sent, wire).catch((late: UnsettledError) => {
    reply.failure = late.failure(reply.parser);
  });
}

async function whole(
  model: BaseAPIModel,
  request: HttpRequest,
  output: RequestOutput,
  wire: Wire,
): Promise<Attempt> {
  const sent = wire.clock();
  const raw = await receive(request, wire, { sent, streamed: false });
  // Replies that end together must not delay the stamps of all others.
  await lateEnds.turn();
  const { whole: text, failure } = readReply(raw);
  return wholeAttempt(sent, raw, output, failure ?? (await readText(model, text!, output, sent, wire)));
}

function wholeAttempt(
  sent: number,
  raw: RawReply,
  output: RequestOutput,
  failure: Failure | undefined,
): Attempt {
  const events = new EventRecorder();
  if (failure === undefined) events.add(raw.doneAt, 'content', 0, false);
  return attempt(sent, raw, output, events, failure);
}

/** Sends the requests that the class has follow each reply: polls of what was submitted, or the stream that it points to. */
async function stepwise(
  model: BaseAPIModel,
  call: ServiceCall,
  first: HttpRequest,
  reply: StreamReply | undefined,
  output: RequestOutput,
  wire: Wire,
): Promise<Attempt> {
  const sent = wire.clock();
  const timing = { sent, streamed: reply !== undefined };
  const { origin } = new URL(first.url);
  let raw = await receive(first, wire, timing);
  const { headersAt } = raw;
  const end = (failure: Failure | undefined, events?: EventRecorder): Attempt => {
    const last = { ...raw, ...(headersAt === undefined ? {} : { headersAt }) };
    return events === undefined
      ? wholeAttempt(sent, last, output, failure)
      : attempt(sent, last, output, events, failure);
  };
  for (let { url } = first; ; ) {
    await lateEnds.turn();
    const { whole: text, failure } = readReply(raw);
    if (text === undefined) return end(failure, reply?.events);
    if (reply !== undefined) {
      await parsed(reply, reply.takeReply(text.data, raw.lastReadAt ?? raw.doneAt), sent, wire);
      if (reply.failure !== undefined) return end(reply.failure, reply.events);
    }
    const step: Step = { method: 'getNextRequest' };
    let next: FollowUp | undefined;
    try {
      next = await inTime(
        followUp(model, call, text.data, output, { before: url, origin }, step),
        sent,
        wire,
      );
    } catch (thrown) {
      return end(faultOf(thrown, step), reply?.events);
    }
    if (next === undefined) {
      if (reply === undefined) return end(await readText(model, text, output, sent, wire));
      await parsed(reply, reply.fetchEnd(), sent, wire);
      return end(reply.failure ?? emptyReply(output, wire), reply.events);
    }
    const cut = await pause(next.afterMs, sent, wire);
    if (cut !== undefined) return end(cut, reply?.events);
    const { request } = next;
    url = request.url;
    const stream = next.stream ? reply : undefined;
    raw = await receive(request, wire, { ...timing, againAt: wire.clock() }, stream);
    if (stream !== undefined) return end(await finishStream(raw, sent, stream, output, wire), stream.events);
  }
}

async function followUp(
  model: BaseAPIModel,
  call: ServiceCall,
  data: unknown,
  output: RequestOutput,
  from: { readonly before: string; readonly origin: string },
  step: Step,
): Promise<FollowUp | undefined> {
  try {
    const next = await model.getNextRequest!(data, output, call.args);
    return next && (await buildFollowUp(model, next, { ...from, args: call.args }, step));
  } catch (cause) {
    throw cause instanceof MethodError ? cause : new MethodError(step.method, cause);
  }
}

/** Waits before a request that follows another; returns why the wait was cut short. */
function pause(ms: number, sent: number, { deadlines, signal }: Wire): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const end = (reason?: Error) => {
      clearTimeout(timer);
      watch.stop();
      forget();
      resolve(reason && failureFromError(reason, true));
    };
    const timer = setTimeout(() => end(), ms);
    const watch = deadlines.watch(sent, false, end);
    const cancel = () => end(new CancelledError('the run was stopped'));
    const forget = whenAborted(signal, cancel);
    if (signal.aborted) cancel();
  });
}

/** Carries out a request over a protocol of the class's own. */
async function exchanged(
  model: BaseAPIModel,
  request: ExchangeRequest,
  reply: StreamReply,
  output: RequestOutput,
  wire: Wire,
): Promise<Attempt> {
  const sent = wire.clock();
  const { done, failure: broken } = await runExchange(model, request, reply, sent, wire);
  await parsed(reply, reply.finish(broken === undefined), sent, wire);
  const failure = reply.failure ?? broken ?? emptyReply(output, wire);
  const raw = { doneAt: done, body: [] };
  return request.stream
    ? attempt(sent, raw, output, reply.events, failure)
    : wholeAttempt(sent, raw, output, failure);
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
  // A class may pass on the null that events before the last one have.
  const isFinished = typeof finishReason === 'string';
  if (finishReason === 'length' || (silenceIsAnswer && isFinished)) return undefined;
  const reason = isFinished ? ` (finish reason ${finishReason})` : '';
  return { kind: 'bad-reply', message: `the reply is empty: no content, reasoning or tool call${reason}` };
}

function bodyText(raw: RawReply): string {
  return Buffer.concat(raw.body).toString('utf8');
}

/** A whole JSON reply. */
interface ParsedReply {
  readonly data: unknown;
  readonly body: string;
}

/** Reads a whole JSON reply, or finds what is wrong with it. */
function readReply(raw: RawReply): { readonly whole?: ParsedReply; readonly failure?: Failure } {
  const cut = wireFailure(raw);
  if (cut !== undefined) return { failure: cut };
  const body = bodyText(raw);
  if (body.trim() === '') return { failure: { kind: 'bad-reply', message: 'the reply has no body' } };
  let data: unknown;
  try {
    data = parseJson(body);
  } catch {
    const message = `the reply is not JSON: ${readErrorMessage(body).slice(0, 200)}`;
    return { failure: { kind: 'bad-reply', message, bodyExcerpt: excerpt(body) } };
  }
  const error = findError(data);
  if (error === undefined) return { whole: { data, body } };
  return { failure: { kind: 'server-error', message: error, bodyExcerpt: excerpt(body) } };
}

/** Reads a whole reply through the model's parser; returns what is wrong with it. */
async function readText(
  model: BaseAPIModel,
  { data, body }: ParsedReply,
  output: RequestOutput,
  sent: number,
  wire: Wire,
): Promise<Failure | undefined> {
  const parse = async (): Promise<Failure | undefined> => {
    try {
      await model.parseTextResponse?.(data, output);
      checkOutput(output);
    } catch (thrown) {
      return modelBug(thrown, 'parseTextResponse');
    }
    if (output.error === undefined) return undefined;
    return { kind: 'server-error', message: output.error, bodyExcerpt: excerpt(body) };
  };
  const failure = await inTime(parse(), sent, wire).catch((late: UnsettledError) =>
    late.failure('parseTextResponse'),
  );
  return failure ?? emptyReply(output, wire);
}
