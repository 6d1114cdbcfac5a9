import type { BaseAPIModel, RequestArgs } from '../contract/base-api-model.ts';
import { RequestOutput } from '../contract/output.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import type { EventLog, Failure } from '../contract/record.ts';
import { EventRecorder } from './event-log.ts';
import { failureOfError, failureOfStatus } from './failure.ts';
import { inTime, type UnsettledError } from './in-time.ts';
import { lateEnds } from './late-ends.ts';
import { MethodError, modelBug } from './model-bug.ts';
import { exchange, isOk, type RawReply } from './reception.ts';
import { requestHeaders } from './request-headers.ts';
import { StreamReply } from './stream-reply.ts';
import { readTextReply } from './text-reply.ts';
import type { HttpRequest } from './types.ts';
import type { Wire } from './wire.ts';

/** What one attempt at one request came to; without `failure` it succeeded. */
export interface Attempt {
  readonly sent: number;
  readonly headers?: number;
  readonly done: number;
  readonly output: RequestOutput;
  readonly events: EventLog;
  readonly failure?: Failure;
  /** How long the server asked to be left alone (`Retry-After`), ms. */
  readonly retryAfterMs?: number;
}

export interface ServiceCall {
  readonly prompt: PromptType;
  readonly maxOutLen: number;
  readonly args: RequestArgs;
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
  // What ends together must not keep the stamps of all others waiting.
  await lateEnds.turn();
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
    ...(raw.retryAfterMs === undefined ? {} : { retryAfterMs: raw.retryAfterMs }),
  };
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

function textOf(raw: RawReply): string {
  return Buffer.concat(raw.body).toString('utf8');
}
