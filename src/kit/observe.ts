import { defined } from '../basics/defined.ts';
import type { BaseAPIModel, HttpMethod, SseEvent } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import { EVENT_KINDS, type EventKind } from '../contract/record.ts';
import { type Attempt, callService, type ServiceCall, type Wire } from '../transport/call-service.ts';
import { BodyCutter, frameText } from '../transport/framing.ts';
import { bodyAsText, type HttpRequest, type Transport } from '../transport/types.ts';

/** What one call of a parser changed in the output; what it left alone is absent. */
export interface Added {
  readonly content?: Change;
  readonly reasoningContent?: Change;
  readonly toolCalls?: string;
  readonly role?: string;
  readonly finishReason?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly error?: string;
  /** It threw. */
  readonly threw?: true;
}

/** Text that was added behind what was there, or that took its place. */
export interface Change {
  readonly text: string;
  readonly replaced: boolean;
}

/** One event of a stream, a message of an exchange, or the body of a whole reply. */
export interface ObservedEvent extends SseEvent {
  /** Milliseconds from sending. */
  readonly at: number;
  /** The request that it answers, where that followed another reply and this is the first event of it. */
  readonly request?: ObservedRequest;
  /** What the parser made of it; absent where it was not called. */
  readonly added?: Added;
  /** What the engine takes it for. */
  readonly kind?: EventKind;
}

/** A request as it was sent; without a method, one that the class's `exchange` got, its body as JSON. */
export type ObservedRequest = Omit<HttpRequest, 'method'> & { readonly method?: HttpMethod };

/** One request as it went over the wire, the reply as it came, and what the class made of it. */
export interface RequestObservation {
  readonly stream: boolean;
  readonly request?: ObservedRequest;
  readonly status?: number;
  readonly contentType: string;
  readonly events: readonly ObservedEvent[];
  readonly attempt: Attempt;
}

/** Sends one request, and those that the class has follow it, and keeps everything that happens. */
export async function observe(
  model: BaseAPIModel,
  call: ServiceCall,
  wire: Wire,
): Promise<RequestObservation> {
  const { stream } = model.options;
  const calls = watchParser(model, stream ? 'parseStreamResponse' : 'parseTextResponse');
  const streams = watchFollowUps(model);
  const exchange = watchExchange(model, wire);
  const tape = record(wire.transport);
  const attempt = await callService(model, call, { ...wire, transport: tape.transport });
  const raw = tape.hops.flatMap((hop, n) => {
    const events = stream && streams(n) ? eventsOf(model, hop.pieces) : [];
    // What is no event stream, an error's page, say, is shown as it came.
    const [first, ...rest] = events.length > 0 ? events : bodyOf(hop.pieces);
    return first === undefined ? [] : [n === 0 ? first : { ...first, request: hop.request }, ...rest];
  });
  const events = pair([...raw, ...exchange.messages], calls, attempt);
  const [hop] = tape.hops;
  return {
    stream,
    ...defined({ request: hop?.request ?? exchange.request, status: hop?.status }),
    contentType: hop?.contentType ?? '',
    events: stream ? events : events.map(({ kind: _whole, ...event }) => event),
    attempt,
  };
}

/** Puts what the parser added beside the event that it was given. */
function pair(
  raw: readonly RawEvent[],
  calls: readonly ParserCall[],
  { sent, events }: Attempt,
): ObservedEvent[] {
  let n = 0;
  return raw.map(({ given, at, ...shown }) => {
    const event = { ...shown, at: at - sent };
    const call = calls[n];
    if (call === undefined || call.data !== given) return event;
    const kind = EVENT_KINDS[events.kind[n] ?? -1];
    n += 1;
    return { ...event, added: call.added, ...(kind === undefined ? {} : { kind }) };
  });
}

function canonical(json: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return undefined;
  }
}

interface ParserCall {
  /** JSON of what the parser was given. */
  readonly data: string;
  readonly added: Added;
}

/** The instance's own method stands before its class's, so that `this` stays what it is. */
function watchParser(model: BaseAPIModel, name: 'parseTextResponse' | 'parseStreamResponse'): ParserCall[] {
  const calls: ParserCall[] = [];
  const parse = model[name];
  if (parse === undefined) return calls;
  // Event by event it is seen what each of them added.
  Object.defineProperty(model, 'parseStreamBatch', { value: undefined });
  model[name] = async (data: unknown, output: RequestOutput) => {
    const given = frameText(data);
    const before = snapshot(output);
    try {
      await parse.call(model, data, output);
      calls.push({ data: given, added: changes(before, snapshot(output)) });
    } catch (error) {
      calls.push({ data: given, added: { ...changes(before, snapshot(output)), threw: true } });
      throw error;
    }
  };
  return calls;
}

type Snapshot = ReturnType<typeof snapshot>;

function snapshot(output: RequestOutput) {
  const { content, reasoningContent, role, finishReason, inputTokens, outputTokens, error } = output;
  const toolCalls = JSON.stringify(output.toolCalls);
  return { content, reasoningContent, toolCalls, role, finishReason, inputTokens, outputTokens, error };
}

function changes(before: Snapshot, after: Snapshot): Added {
  const added: Record<string, unknown> = {};
  for (const key of Object.keys(after) as (keyof Snapshot)[]) {
    if (after[key] === before[key]) continue;
    const isText = key === 'content' || key === 'reasoningContent';
    added[key] = isText ? textChange(String(before[key]), String(after[key])) : after[key];
  }
  return added;
}

function textChange(before: string, after: string): Change {
  return after.startsWith(before)
    ? { text: after.slice(before.length), replaced: false }
    : { text: after, replaced: true };
}

/** Notes which requests the class has follow a reply; returns whether the reply to request number n is a stream. */
function watchFollowUps(model: BaseAPIModel): (n: number) => boolean {
  const ask = model.getNextRequest?.bind(model);
  if (ask === undefined) return () => true;
  const streams = [false];
  model.getNextRequest = (data, output, args) => {
    const next = ask(data, output, args);
    streams.push(next?.stream === true);
    return next;
  };
  return (n) => streams[n] === true;
}

/** Notes what the class's `exchange` gets and hands over. */
function watchExchange(
  model: BaseAPIModel,
  { clock }: Wire,
): { readonly messages: readonly RawEvent[]; readonly request?: ObservedRequest } {
  const messages: RawEvent[] = [];
  const seen: { messages: RawEvent[]; request?: ObservedRequest } = { messages };
  const run = model.exchange?.bind(model);
  if (run === undefined) return seen;
  model.exchange = (request, { signal, message }) => {
    const { url, headers, body } = request;
    seen.request = { url, headers, body: frameText(body) };
    const tap = (data: unknown) => {
      messages.push({ data: frameText(data), type: undefined, given: frameText(data), at: clock() });
      message(data);
    };
    return run(request, { signal, message: tap });
  };
  return seen;
}

/** An event as it came; `given`: what the parser would get of it, as text. */
type RawEvent = Pick<ObservedEvent, 'data' | 'type' | 'at' | 'request'> & {
  readonly given: string | undefined;
};

interface BodyPiece {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** A request and its reply. */
interface Hop {
  readonly request: HttpRequest;
  status?: number;
  contentType: string;
  readonly pieces: BodyPiece[];
}

/** A transport that keeps what goes through it. */
function record(transport: Transport): { readonly transport: Transport; readonly hops: readonly Hop[] } {
  const hops: Hop[] = [];
  const send: Transport['send'] = (request, sink) => {
    const hop: Hop = { request, contentType: '', pieces: [] };
    hops.push(hop);
    return transport.send(request, {
      onHeaders: (status, headers, at) => {
        hop.status = status;
        hop.contentType = String(headers['content-type'] ?? '');
        sink.onHeaders(status, headers, at);
      },
      onData: (bytes, at, sharedRead) => {
        hop.pieces.push({ bytes: Uint8Array.from(bytes), at });
        sink.onData(bytes, at, sharedRead);
      },
      onEnd: (at) => sink.onEnd(at),
      onError: (error) => sink.onError(error),
    });
  };
  return { transport: { send, close: () => transport.close() }, hops };
}

/** The whole body as one event; nothing where there was none. */
function bodyOf(pieces: readonly BodyPiece[]): RawEvent[] {
  const body = Buffer.concat(pieces.map(({ bytes }) => bytes));
  if (body.length === 0) return [];
  const data = bodyAsText({ body }) ?? `(${body.length} bytes that are no text)`;
  return [{ data, type: undefined, given: canonical(data), at: pieces.at(-1)!.at }];
}

/** The events of a body that hold something; `[DONE]` is one. */
function eventsOf(model: BaseAPIModel, pieces: readonly BodyPiece[]): RawEvent[] {
  const events: RawEvent[] = [];
  let at = 0;
  const cutter = new BodyCutter(model, ({ text, type, frame }) => {
    if (text !== undefined) events.push({ data: text, type, given: canonical(text), at });
    else events.push({ ...shownFrame(frame), given: frameText(frame), at });
  });
  for (const piece of pieces) {
    at = piece.at;
    cutter.feed(piece.bytes);
  }
  cutter.end();
  return events;
}

/** A raw server-sent event is shown as one, any other frame as its text. */
function shownFrame(frame: unknown): SseEvent {
  const { data, type } = (frame ?? {}) as Partial<SseEvent>;
  const isEvent =
    typeof data === 'string' && Object.keys(frame as object).every((key) => key === 'data' || key === 'type');
  return isEvent ? { data, type } : { data: frameText(frame), type: undefined };
}
