import type { BaseAPIModel, SseEvent } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import { EVENT_KINDS, type EventKind } from '../contract/record.ts';
import { type Attempt, callService, type ServiceCall, type Wire } from '../transport/call-service.ts';
import { SseReader } from '../transport/sse.ts';
import type { HttpRequest, Transport } from '../transport/types.ts';

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

/** One event of a stream, or the body of a whole reply. */
export interface ObservedEvent extends SseEvent {
  /** Milliseconds from sending. */
  readonly at: number;
  /** What the parser made of it; absent where it was not asked. */
  readonly added?: Added;
  /** What the engine takes it for. */
  readonly kind?: EventKind;
}

/** One request as it went over the wire, the reply as it came, and what the class made of it. */
export interface RequestObservation {
  readonly stream: boolean;
  readonly request?: HttpRequest;
  readonly status?: number;
  readonly contentType: string;
  readonly events: readonly ObservedEvent[];
  readonly attempt: Attempt;
}

/** Sends one request and keeps everything that happens. */
export async function observe(
  model: BaseAPIModel,
  call: ServiceCall,
  wire: Wire,
): Promise<RequestObservation> {
  const { stream } = model.options;
  const calls = watchParser(model, stream ? 'parseStreamResponse' : 'parseTextResponse');
  const tape = record(wire.transport);
  const attempt = await callService(model, call, { ...wire, transport: tape.transport });
  const streamed = stream ? tape.events() : [];
  // What is no event stream, an error's page, say, is shown as it came.
  const raw = streamed.length > 0 ? streamed : tape.body();
  const events = pair(raw, calls, attempt);
  const kinds = stream ? events : events.map(({ kind: _whole, ...event }) => event);
  return {
    stream,
    ...(tape.request === undefined ? {} : { request: tape.request }),
    ...(tape.status === undefined ? {} : { status: tape.status }),
    contentType: tape.contentType,
    events: kinds,
    attempt,
  };
}

/** Puts what the parser added beside the event that it was given. */
function pair(
  raw: readonly TimedEvent[],
  calls: readonly ParserCall[],
  { sent, events }: Attempt,
): ObservedEvent[] {
  let n = 0;
  return raw.map(({ data, type, at }) => {
    const event = { data, type, at: at - sent };
    const call = calls[n];
    if (call === undefined || call.data !== canonical(data)) return event;
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
  // A batch shows what all of its events added, not what each did.
  if (name === 'parseStreamResponse') Object.assign(model, { parseStreamBatch: undefined });
  model[name] = async (data: unknown, output: RequestOutput) => {
    const given = JSON.stringify(data);
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
  const { content, reasoningContent, error } = output;
  return {
    content,
    reasoningContent,
    toolCalls: JSON.stringify(output.toolCalls),
    // A parser may pass on the `null` of a service.
    role: output.role ?? undefined,
    finishReason: output.finishReason ?? undefined,
    inputTokens: output.inputTokens ?? undefined,
    outputTokens: output.outputTokens ?? undefined,
    error,
  };
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

type TimedEvent = SseEvent & { readonly at: number };

interface Tape {
  readonly transport: Transport;
  request?: HttpRequest;
  status?: number;
  contentType: string;
  /** The events of the body that hold something; `[DONE]` is one. */
  events(): TimedEvent[];
  /** The whole body as one event; nothing where there was none. */
  body(): TimedEvent[];
}

/** A transport that keeps what goes through it. */
function record(transport: Transport): Tape {
  const pieces: { readonly bytes: Uint8Array; readonly at: number }[] = [];
  const tape: Tape = {
    contentType: '',
    transport: {
      close: () => transport.close(),
      send: (request, sink) => {
        tape.request = request;
        return transport.send(request, {
          ...passedOn(sink),
          onHeaders: (status, headers, at) => {
            tape.status = status;
            tape.contentType = String(headers['content-type'] ?? '');
            sink.onHeaders(status, headers, at);
          },
          onData: (bytes, at, sharedRead) => {
            pieces.push({ bytes: Uint8Array.from(bytes), at });
            sink.onData(bytes, at, sharedRead);
          },
        });
      },
    },
    events: () => eventsOf(pieces),
    body: () => {
      const data = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('utf8');
      return data === '' ? [] : [{ data, type: undefined, at: pieces.at(-1)!.at }];
    },
  };
  return tape;
}

function passedOn(sink: Parameters<Transport['send']>[1]) {
  return {
    onEnd: (at: number) => sink.onEnd(at),
    onError: (error: Error) => sink.onError(error),
  };
}

function eventsOf(pieces: readonly { readonly bytes: Uint8Array; readonly at: number }[]): TimedEvent[] {
  const events: TimedEvent[] = [];
  let at = 0;
  const reader = new SseReader((event) => {
    if (event.data.trim() !== '') events.push({ ...event, at });
  });
  for (const piece of pieces) {
    at = piece.at;
    reader.feed(piece.bytes);
  }
  reader.end();
  return events;
}
