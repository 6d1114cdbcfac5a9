import assert from 'node:assert/strict';
import type { BaseAPIModel, Framing } from '../contract/base-api-model.ts';
import { BodyCutter, framingOf } from '../transport/framing.ts';
import type { RecordedMessages, RecordedReply } from './recorded-reply.ts';
import { type Replayed, type ReplayOptions, replay } from './replay.ts';
import { modelOptions, type ServiceModelSpec } from './service-model-spec.ts';

/** A replay that a check makes, and what it changed, for messages. */
interface Variant {
  readonly what: string;
  run(): Promise<Replayed>;
}

/** A recorded stream, and how it is replayed whole, cut, broken off and with an error inside. */
export interface StreamUnderTest {
  whole(): Promise<Replayed>;
  /** The connection breaks after so many events. */
  prefix(events: number): Promise<Replayed>;
  /** The same stream in other pieces. */
  cuts(): Variant[];
  /** The connection breaks before the last event. */
  breaks(): Variant[];
  /** Half of the stream ends as if it were whole; absent where the class cannot know. */
  readonly half?: Variant | undefined;
  /** An error inside the stream, and the words that the failure must hold. */
  errors(): (Variant & { readonly says: string })[];
}

/** Finds out how a class reads its recorded stream. */
export async function openStream(spec: ServiceModelSpec): Promise<StreamUnderTest> {
  const recording = spec.recordings.stream!;
  if ('messages' in recording) return messageStream(spec, recording);
  const replies = [recording].flat() as RecordedReply[];
  const model = streamingModel(spec);
  let endsInStream = model.getNextRequest === undefined;
  if (!endsInStream) {
    const ask = model.getNextRequest!.bind(model);
    model.getNextRequest = async (data, output, args) => {
      const next = await ask(data, output, args);
      endsInStream = next?.stream === true;
      return next;
    };
    await replay(model, replies, spec);
  }
  return endsInStream ? bodyStream(spec, replies) : replyStream(spec, replies);
}

function streamingModel(spec: ServiceModelSpec): BaseAPIModel {
  return spec.create(modelOptions({ stream: true }));
}

/** Events that come as messages of an exchange. */
function messageStream(spec: ServiceModelSpec, { messages }: RecordedMessages): StreamUnderTest {
  const run = (given: readonly unknown[], options?: ReplayOptions) =>
    replay(streamingModel(spec), { messages: given }, { ...spec, ...options });
  const { error } = spec.recordings;
  return {
    whole: () => run(messages),
    prefix: (events) => run(messages, { breakAt: events }),
    cuts: () => [
      { what: 'each message by itself', run: () => run(messages, { splits: range(0, messages.length) }) },
      ...range(1, messages.length).map((n) => ({
        what: `message ${n + 1} and the later ones after a pause`,
        run: () => run(messages, { splits: [n] }),
      })),
    ],
    breaks: () =>
      range(0, messages.length).map((n) => ({
        what: `the exchange broke off after ${n} messages`,
        run: () => run(messages, { breakAt: n }),
      })),
    half:
      streamingModel(spec).streamIsComplete === undefined
        ? undefined
        : { what: 'half of the messages', run: () => run(messages.slice(0, messages.length / 2)) },
    errors: () =>
      error === undefined
        ? []
        : [0, Math.floor(messages.length / 2)].map((n) => ({
            what: `an error in place of message ${n + 1}`,
            says: error.says,
            run: () => run([...messages.slice(0, n), error.frame, ...messages.slice(n + 1)]),
          })),
  };
}

/** Events that are whole replies: of a submission and of the polls after it. */
function replyStream(spec: ServiceModelSpec, replies: readonly RecordedReply[]): StreamUnderTest {
  const run = (given: readonly Pick<RecordedReply, 'status' | 'body'>[], options?: ReplayOptions) =>
    replay(streamingModel(spec), given, { ...spec, ...options });
  const last = replies.at(-1)!;
  const failed = { status: 200, body: Buffer.from(JSON.stringify(ERROR)) };
  return {
    whole: () => run(replies),
    prefix: (events) => run(replies.slice(0, events)),
    cuts: () => cutBodies(last.body, [], (splits) => run(replies, { splits })),
    breaks: () => [
      ...range(0, replies.length).map((n) => ({
        what: `the connection broke after ${n} replies`,
        run: () => run(replies.slice(0, n)),
      })),
      ...chooseSplits(last.body, []).map((breakAt) => ({
        what: `the connection broke at byte ${breakAt} of the last reply`,
        run: () => run(replies, { breakAt }),
      })),
    ],
    errors: () =>
      replies.map((_, n) => ({
        what: `an error in place of reply ${n + 1}`,
        says: WORDS,
        run: () => run([...replies.slice(0, n), failed, ...replies.slice(n + 1)]),
      })),
  };
}

/** Events that are cut from one body, which other replies may come before. */
function bodyStream(spec: ServiceModelSpec, replies: readonly RecordedReply[]): StreamUnderTest {
  const before = replies.slice(0, -1);
  const { body, status } = replies.at(-1)!;
  const run = (changed: Uint8Array, options?: ReplayOptions) =>
    replay(streamingModel(spec), [...before, { status, body: changed }], { ...spec, ...options });
  const model = streamingModel(spec);
  const framing = framingOf(model);
  const ends = findFrameEnds(model, body);
  assert.ok(ends.length > 0, `the recorded stream holds no event (framing ${framing})`);
  const knowsItsEnd = model.streamIsComplete !== undefined || framing === 'json-array';
  const lastEventStart = ends.at(-2) ?? 0;
  const middle = ends[Math.floor((ends.length - 1) / 2)]!;
  return {
    whole: () => run(body),
    prefix: (events) =>
      events < before.length
        ? replay(streamingModel(spec), before.slice(0, events), spec)
        : run(body, { breakAt: ends[events - before.length - 1] ?? 0 }),
    cuts: () => cutBodies(body, ends, (splits) => run(body, { splits })),
    breaks: () =>
      chooseSplits(body, ends)
        .filter((offset) => offset <= lastEventStart)
        .map((breakAt) => ({
          what: `the connection broke at byte ${breakAt}`,
          run: () => run(body, { breakAt }),
        })),
    half: knowsItsEnd
      ? { what: 'half a stream that ended cleanly', run: () => run(body.subarray(0, middle)) }
      : undefined,
    errors: () =>
      [0, middle].flatMap((offset) =>
        errorsAt(framing, offset, body, spec).flatMap(({ at, bytes, says }) =>
          [body.subarray(at), new Uint8Array()].map((rest) => ({
            what: `an error at byte ${at}`,
            says,
            run: () => run(Buffer.concat([body.subarray(0, at), bytes, rest])),
          })),
        ),
      ),
  };
}

const WORDS = 'out of luck 4711';
const ERROR = { error: { message: WORDS, code: 500 } };

/** An error as bytes to put into a body. */
interface WrittenError {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly says: string;
}

/** Writes errors that go between two events, as servers write them in this framing. */
function errorsAt(
  framing: Framing,
  at: number,
  body: Uint8Array,
  { recordings: { error } }: ServiceModelSpec,
): WrittenError[] {
  const json = JSON.stringify(ERROR);
  const written = (text: string, offset = at) => ({ at: offset, bytes: Buffer.from(text), says: WORDS });
  switch (framing) {
    case 'sse':
      return [
        written(`data: ${json}\n\n`),
        written(`event: error\ndata: {"message":${JSON.stringify(WORDS)}}\n\n`),
      ];
    case 'ndjson':
      return [written(`${json}\n`)];
    case 'json-array':
      return [at === 0 ? written(`${json},`, body.indexOf(91) + 1) : written(`,${json}`)];
    default:
      return error === undefined
        ? []
        : [{ at, bytes: Buffer.from(error.frame as Uint8Array | string), says: error.says }];
  }
}

function cutBodies(
  body: Uint8Array,
  ends: readonly number[],
  run: (splits: readonly number[]) => Promise<Replayed>,
): Variant[] {
  return [
    ...chooseSplits(body, ends).map((offset) => ({
      what: `cut in two at byte ${offset}`,
      run: () => run([offset]),
    })),
    { what: 'one byte at a time', run: () => run(range(1, body.length)) },
  ];
}

/** Returns the offset after each event of a body. */
function findFrameEnds(model: BaseAPIModel, body: Uint8Array): number[] {
  const ends: number[] = [];
  let offset = 0;
  const cutter = new BodyCutter(model, () => ends.push(offset));
  for (; offset < body.length; ) {
    offset += 1;
    cutter.feed(body.subarray(offset - 1, offset));
  }
  cutter.end();
  return ends;
}

/** Longest stream, in bytes, that is split at every byte: longer ones would take seconds, and are split at a sample. */
const ALL_SPLITS_UP_TO = 4096;
const SAMPLED_SPLITS = 300;

/** Returns where to cut a body in two: everywhere in a short one; evenly spread and around the ends of events in a long one. */
function chooseSplits(body: Uint8Array, ends: readonly number[]): number[] {
  if (body.length <= ALL_SPLITS_UP_TO) return range(1, body.length);
  const step = body.length / SAMPLED_SPLITS;
  const spread = range(1, SAMPLED_SPLITS).map((n) => Math.floor(n * step));
  const aroundEnds = ends.slice(0, 50).flatMap((end) => [end - 2, end - 1, end, end + 1]);
  return [...new Set([...spread, ...aroundEnds])].filter((offset) => offset > 0 && offset < body.length);
}

/** Returns the integers from `first` to below `end`. */
function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, n) => first + n);
}
