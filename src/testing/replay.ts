/** Sends recorded bytes or messages through the code that reads a live reply: only the socket is missing. */

import type { APIModelOptions, BaseAPIModel, MessageSink } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import { EVENT_KINDS, type EventKind, type Failure } from '../contract/record.ts';
import { type Attempt, callService } from '../transport/call-service.ts';
import { RequestDeadlines, type Timeouts } from '../transport/deadlines.ts';
import { openTransport } from '../transport/open-transport.ts';
import type { Exchange, HttpRequest, ReplySink, Transport } from '../transport/types.ts';
import type { RecordedMessages, RecordedReply } from './recorded-reply.ts';
import { type ReceivedRequest, type Script, startScriptedServer } from './scripted-server.ts';
import { modelOptions } from './service-model-spec.ts';

/** Options of `replay`. */
export interface ReplayOptions {
  /** Offsets at which the last body is cut into reads; without them it is one read. Of messages: those that come in a turn of their own. */
  readonly splits?: readonly number[];
  /** The connection breaks after this many bytes of the last body, or messages. */
  readonly breakAt?: number;
  readonly prompt?: PromptType;
}

/** The outcome of a replayed reply. Without `failure` it succeeded. */
export interface Replayed {
  readonly output: RequestOutput;
  readonly kinds: readonly EventKind[];
  readonly failure: Failure | undefined;
  readonly attempt: Attempt;
  /** What the model sent. */
  readonly requests: readonly HttpRequest[];
}

type ReplyBytes = Pick<RecordedReply, 'status' | 'body'>;

/** What can be replayed: a `Recording`, or as much of one as the wire shows. */
export type Replayable = ReplyBytes | readonly ReplyBytes[] | RecordedMessages;

/** Reads a recorded reply as the model would read a live one; of several, request number n gets reply number n. */
export async function replay(
  model: BaseAPIModel,
  recording: Replayable,
  options: ReplayOptions = {},
): Promise<Replayed> {
  const clock = fakeClock();
  const requests: HttpRequest[] = [];
  const isExchange = 'messages' in recording;
  if (isExchange) model.exchange = (_request, sink) => replayMessages(recording, options, clock, sink);
  const replies = isExchange ? [] : [recording].flat();
  const attempt = await callService(
    model,
    {
      prompt: options.prompt ?? 'Hello',
      maxOutLen: 16,
      args: { index: 0, repetition: 0, conversationId: 'c0', turn: 0 },
    },
    {
      transport: replayTransport(replies, requests, options),
      deadlines: new RequestDeadlines(clock, { connectMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0 }),
      clock,
      signal: new AbortController().signal,
    },
  );
  const kinds = Array.from(attempt.events.kind, (index) => EVENT_KINDS[index] as EventKind);
  return { output: attempt.output, kinds, failure: attempt.failure, attempt, requests };
}

/** Hands over the messages, one a millisecond, in turns of the event loop of their own. */
async function replayMessages(
  { messages }: RecordedMessages,
  { splits = [], breakAt }: ReplayOptions,
  clock: FakeClock,
  sink: MessageSink,
): Promise<void> {
  for (const [n, message] of messages.slice(0, breakAt).entries()) {
    if (splits.includes(n)) await new Promise(setImmediate);
    clock.advance(1);
    sink.message(message);
  }
  if (breakAt !== undefined) throw makeHangUp();
}

/** Replies to request number n with reply number n, one read a millisecond; the last reply is cut and broken off as the options say. */
function replayTransport(
  replies: readonly ReplyBytes[],
  requests: HttpRequest[],
  options: ReplayOptions,
): Transport {
  return {
    send: (request, sink) => {
      const n = requests.push(request);
      const reply = replies[n - 1] ?? { status: 0, body: new Uint8Array() };
      return new ReplayedExchange(reply, n === replies.length ? options : {}, sink);
    },
    close: async () => {},
  };
}

class ReplayedExchange implements Exchange {
  readonly #sink: ReplySink;
  #over = false;

  constructor(reply: ReplyBytes, options: ReplayOptions, sink: ReplySink) {
    this.#sink = sink;
    queueMicrotask(() => this.#deliver(reply, options));
  }

  abort(reason: Error): void {
    if (this.#over) return;
    this.#over = true;
    queueMicrotask(() => this.#sink.onError(reason));
  }

  #deliver({ status, body }: ReplyBytes, { splits = [], breakAt }: ReplayOptions): void {
    if (status === 0) this.abort(makeHangUp());
    if (this.#over) return;
    this.#sink.onHeaders(status, {}, 1);
    const length = breakAt ?? body.length;
    const cuts = splits.filter((offset) => offset > 0 && offset < length);
    for (const [n, start] of [0, ...cuts].entries()) {
      if (!this.#over && length > 0) this.#sink.onData(body.subarray(start, cuts[n] ?? length), n + 2, false);
    }
    if (breakAt !== undefined) this.abort(makeHangUp());
    if (this.#over) return;
    this.#over = true;
    this.#sink.onEnd(cuts.length + 3);
  }
}

function makeHangUp(): Error {
  return Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
}

/** A clock that only `set` and `advance` move; call it to read it. Milliseconds. */
export interface FakeClock {
  (): number;
  set(milliseconds: number): void;
  advance(milliseconds: number): void;
}

/** Makes a clock for tests. */
export function fakeClock(start = 0): FakeClock {
  let now = start;
  return Object.assign(() => now, {
    set: (milliseconds: number) => {
      now = milliseconds;
    },
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  });
}

/** Options of `askScripted` and `askPort`. Time-outs that are absent do not apply. */
export interface AskOptions extends Partial<Timeouts> {
  /** Options of the model beside host and port. It streams by default. */
  readonly options?: Partial<APIModelOptions>;
  readonly prompt?: PromptType;
  /** Stops the request. */
  readonly signal?: AbortSignal;
  /** Whether a finished reply without text is an answer, as where answers are scored. */
  readonly silenceIsAnswer?: boolean;
}

/** Sends one request to a scripted server. Returns the attempt, and in `received` what the server saw. */
export async function askScripted(
  create: (options: APIModelOptions) => BaseAPIModel,
  script: Script,
  options?: AskOptions,
): Promise<Attempt & { readonly received: readonly ReceivedRequest[] }> {
  const server = await startScriptedServer(script);
  try {
    return { ...(await askPort(create, server.port, options)), received: server.received };
  } finally {
    await server.close();
  }
}

/** Sends one request to a port of this machine. */
export async function askPort(
  create: (options: APIModelOptions) => BaseAPIModel,
  port: number,
  {
    options,
    prompt = 'Hello',
    signal = new AbortController().signal,
    silenceIsAnswer = false,
    ...limits
  }: AskOptions = {},
): Promise<Attempt> {
  const timeouts = { connectMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0, ...limits };
  const clock = () => performance.now();
  const transport = await openTransport(clock, { connectMs: timeouts.connectMs, http2: false });
  try {
    return await callService(
      create(modelOptions({ stream: true, hostPort: port, ...options })),
      { prompt, maxOutLen: 16, args: { index: 0, repetition: 0, conversationId: 'c0', turn: 0 } },
      { transport, deadlines: new RequestDeadlines(clock, timeouts), clock, signal, silenceIsAnswer },
    );
  } finally {
    await transport.close();
  }
}
