/**
 * Checks that every service model passes, shipped or your own. They need no test framework:
 *
 *     testServiceModel(test, { create: (options) => new MyAPI(options), recordings: { text, stream } });
 */
import assert from 'node:assert/strict';
import { defined } from '../basics/defined.ts';
import type { BaseAPIModel } from '../contract/base-api-model.ts';
import { RequestOutput } from '../contract/output.ts';
import { PAYLOAD_KINDS } from '../contract/record.ts';
import { isFinishReasonOf } from '../models/api/reply.ts';
import { finishReasonIn } from '../sending/leaves.ts';
import { SseReader } from '../transport/sse.ts';
import type { RecordedReply } from './recorded-reply.ts';
import { type Replayed, type ReplayOptions, replay } from './replay.ts';
import { type Check, modelOptions, type ServiceModelSpec, type Usage } from './service-model-spec.ts';

/** Registers the checks with the `test` function of any framework. */
export function testServiceModel(
  test: (name: string, run: () => Promise<void>) => unknown,
  spec: ServiceModelSpec,
): void {
  for (const { name, run } of serviceModelChecks(spec)) test(name, run);
}

/** Returns the checks that apply to a model with these recordings. */
export function serviceModelChecks(spec: ServiceModelSpec): Check[] {
  return [
    check('the URL is absolute and points to the configured host', async () => checkUrl(spec)),
    check('the body survives JSON and is equal when made twice', () => checkBody(spec)),
    check('generation_kwargs and max_out_len arrive in the body', () => checkArrival(spec)),
    check('each parser has a recorded reply', async () => checkRecordings(spec)),
    ...textChecks(spec),
    ...streamChecks(spec),
    ...agreementChecks(spec),
  ];
}

/** A class that loses the finish reason takes an answer that was cut off for a whole one. */
function checkFinishReason({ finishReason: read }: RequestOutput, recording: RecordedReply): void {
  const said = finishReasonIn(jsonIn(recording))?.value;
  if (typeof said !== 'string') return;
  assert.ok(read !== undefined, `the reply gives the finish reason ${said}, and finishReason was not set`);
  assert.ok(
    isFinishReasonOf(read, said),
    `the reply gives the finish reason ${said}, and finishReason is ${read}`,
  );
}

/** Returns the JSON of a reply: its lines, with what stands before the JSON of a server-sent event left out, or the whole of it. */
function jsonIn({ body }: RecordedReply): unknown[] {
  const text = Buffer.from(body).toString('utf8');
  const pieces = [text, ...text.split(/\r?\n/).map((line) => line.replace(/^data: ?/, ''))];
  return pieces.flatMap((piece) => {
    try {
      return [JSON.parse(piece) as unknown];
    } catch {
      return [];
    }
  });
}

function check(name: string, run: Check['run']): Check {
  return { name, run };
}

/** Returns the modes that the recordings cover, as values of the option `stream`. */
function listModes({ recordings }: ServiceModelSpec): boolean[] {
  return [...(recordings.text ? [false] : []), ...(recordings.stream ? [true] : [])];
}

function checkUrl(spec: ServiceModelSpec): void {
  for (const stream of listModes(spec)) {
    const given = spec.create(modelOptions({ stream, hostIp: '127.0.0.9', hostPort: 8123 })).getUrl();
    assert.ok(URL.canParse(given), `getUrl() gave ${given}, which is not absolute`);
    const { protocol, host } = new URL(given);
    assert.match(protocol, /^https?:$/, `getUrl() gave ${given}, which is not http(s)`);
    assert.equal(host, '127.0.0.9:8123', `getUrl() gave ${given}, but host_ip and host_port are others`);
  }
}

async function checkBody(spec: ServiceModelSpec): Promise<void> {
  for (const stream of listModes(spec)) {
    const model = spec.create(modelOptions({ stream }));
    const first = await makeBody(model, spec);
    assert.equal(findJsonLoss(first), undefined, 'the body does not survive JSON');
    const second = await makeBody(model, spec);
    assert.deepEqual(second, first, 'the same arguments gave two different bodies');
  }
}

const PROBE = { temperature: 0.125, probe: 'probe-7f3a', list: ['probe-stop'] };
const PROBE_LENGTH = 4321;

async function checkArrival(spec: ServiceModelSpec): Promise<void> {
  for (const stream of listModes(spec)) {
    const model = spec.create(modelOptions({ stream, generationKwargs: PROBE }));
    const body = await makeBody(model, spec, PROBE_LENGTH);
    for (const value of [0.125, 'probe-7f3a', 'probe-stop']) {
      assert.ok(contains(body, value), `generation_kwargs' ${JSON.stringify(value)} is not in the body`);
    }
    assert.ok(contains(body, PROBE_LENGTH), 'max_out_len is not in the body');
  }
}

async function makeBody(model: BaseAPIModel, spec: ServiceModelSpec, maxOutLen = 16): Promise<unknown> {
  const args = { index: 3, repetition: 1, conversationId: 'c0', turn: 0 };
  return model.getRequestBody(spec.prompt ?? 'Hello', maxOutLen, new RequestOutput(), args);
}

function checkRecordings(spec: ServiceModelSpec): void {
  const { text, stream } = spec.recordings;
  const model = spec.create(modelOptions());
  assert.equal(
    model.parseTextResponse !== undefined,
    text !== undefined,
    'parseTextResponse ⇔ recordings.text',
  );
  assert.equal(
    model.parseStreamResponse !== undefined,
    stream !== undefined,
    'parseStreamResponse ⇔ recordings.stream',
  );
}

function textChecks(spec: ServiceModelSpec): Check[] {
  const { text, usage } = spec.recordings;
  if (text === undefined) return [];
  const model = () => spec.create(modelOptions({ stream: false }));
  const error = (status: number) => ({
    status,
    body: Buffer.from('{"error":{"message":"out of luck 4711"}}'),
  });
  return [
    check('reads the recorded text reply, with the server’s token counts', async () => {
      const { failure, output } = await replay(model(), text, spec);
      assert.equal(failure, undefined);
      const { inputTokens, outputTokens } = usage?.text ?? readUsage(text.body);
      assert.deepEqual([output.inputTokens, output.outputTokens], [inputTokens, outputTokens]);
      checkFinishReason(output, text);
    }),
    check('an error body fails the request, whatever its status', async () => {
      for (const [status, kind] of [
        [200, 'server-error'],
        [500, 'http-status'],
      ] as const) {
        const { failure } = await replay(model(), error(status), spec);
        assert.equal(failure?.kind, kind);
        assert.match(failure?.message ?? '', /out of luck 4711/);
      }
    }),
  ];
}

function agreementChecks(spec: ServiceModelSpec): Check[] {
  const { text, stream, sameAnswer = true } = spec.recordings;
  if (text === undefined || stream === undefined || !sameAnswer) return [];
  return [
    check('text and stream give the same answer', async () => {
      const whole = await replay(spec.create(modelOptions({ stream: false })), text, spec);
      const streamed = await replay(spec.create(modelOptions({ stream: true })), stream, spec);
      assert.deepEqual(pickAnswer(streamed.output), pickAnswer(whole.output));
    }),
  ];
}

function pickAnswer({ content, reasoningContent, toolCalls, finishReason }: RequestOutput): object {
  const calls = toolCalls.map((call) => [call.name, call.arguments]);
  return { content, reasoningContent, calls, finishReason };
}

/** A recorded stream, and how to send it, or a changed copy, through the model. */
interface StreamUnderTest {
  readonly recording: RecordedReply;
  model(): BaseAPIModel;
  run(body: Uint8Array, options?: ReplayOptions): Promise<Replayed>;
}

/** Returns the checks of the recorded stream of a service model. */
function streamChecks(spec: ServiceModelSpec): Check[] {
  const { stream: recording, usage } = spec.recordings;
  if (recording === undefined) return [];
  const model = () => spec.create(modelOptions({ stream: true }));
  const stream: StreamUnderTest = {
    recording,
    model,
    run: (body, options) => replay(model(), { status: 200, body }, { ...spec, ...options }),
  };
  const counts = usage?.stream ?? readUsage(recording.body);
  return [
    check('reads the recorded stream, with the server’s token counts', async () => {
      const { failure, output } = await stream.run(recording.body);
      assert.equal(failure, undefined);
      assert.deepEqual([output.inputTokens, output.outputTokens], [counts.inputTokens, counts.outputTokens]);
      checkFinishReason(output, recording);
    }),
    check('every byte split of the stream gives the same output and events', () => checkSplits(stream)),
    check('an event without payload is not a first token', () => checkFirstToken(stream)),
    check('an error inside the stream fails the request', () => checkErrorInside(stream)),
    check('a stream that breaks off fails the request', () => checkBrokenOff(stream)),
  ];
}

async function checkSplits({ recording: { body }, run }: StreamUnderTest): Promise<void> {
  const expected = pickComparable(await run(body));
  for (const offset of chooseSplits(body)) {
    assert.deepEqual(
      pickComparable(await run(body, { splits: [offset] })),
      expected,
      `cut in two at byte ${offset}`,
    );
  }
  const everyByte = await run(body, { splits: range(1, body.length) });
  assert.deepEqual(pickComparable(everyByte), expected, 'one byte at a time');
}

/** Compares the output before and after the event that counts as the first token. */
async function checkFirstToken({ recording: { body }, run }: StreamUnderTest): Promise<void> {
  const { kinds } = await run(body);
  const first = kinds.findIndex((kind) => PAYLOAD_KINDS.has(kind));
  assert.notEqual(first, -1, 'no event of the recorded stream brought any payload');
  const ends = findEventEnds(body);
  const before = await run(body, { breakAt: ends[first - 1] ?? 0 });
  assert.equal(joinPayload(before.output), '', 'payload came before the first payload event');
  const after = await run(body, { breakAt: ends[first] as number });
  assert.notEqual(
    joinPayload(after.output),
    '',
    `event ${first} counts as the first token but brought no payload`,
  );
}

async function checkErrorInside({ recording: { body }, run }: StreamUnderTest): Promise<void> {
  const ends = findEventEnds(body);
  const errors = [
    'data: {"error":{"message":"out of luck 4711","code":500}}\n\n',
    'event: error\ndata: {"message":"out of luck 4711"}\n\n',
  ];
  for (const offset of [0, ends[Math.floor((ends.length - 1) / 2)] as number]) {
    for (const error of errors) {
      for (const keepRest of [true, false]) {
        const { failure } = await run(insertText(body, offset, error, { keepRest }));
        assert.equal(failure?.kind, 'server-error', `an error at byte ${offset} gave ${failure?.kind}`);
        assert.match(failure?.message ?? '', /out of luck 4711/);
      }
    }
  }
}

async function checkBrokenOff({ recording: { body }, run, model }: StreamUnderTest): Promise<void> {
  const ends = findEventEnds(body);
  const lastEventStart = ends.at(-2) ?? 0;
  for (const breakAt of chooseSplits(body).filter((offset) => offset <= lastEventStart)) {
    const { failure } = await run(body, { breakAt });
    assert.ok(failure, `the connection broke at byte ${breakAt}, and nothing failed`);
  }
  if (model().streamIsComplete === undefined) return;
  const half = body.subarray(0, ends[Math.floor((ends.length - 1) / 2)]);
  const { failure } = await run(half);
  assert.equal(failure?.kind, 'truncated', 'half a stream that ended cleanly passed for a whole one');
}

function joinPayload({ content, reasoningContent, toolCalls }: RequestOutput): string {
  return content + reasoningContent + toolCalls.map((call) => call.arguments).join('');
}

function pickComparable({ output, kinds, failure }: Replayed): object {
  return { output: { ...output }, kinds, failure };
}

/** Longest stream, in bytes, that is split at every byte: longer ones would take seconds, and are split at a sample. */
const ALL_SPLITS_UP_TO = 4096;
const SAMPLED_SPLITS = 300;

/** Returns the offset after each event of a recorded stream; blank lines separate the events. */
function findEventEnds(body: Uint8Array): number[] {
  const ends: number[] = [];
  const reader = new SseReader(() => ends.push(offset));
  let offset = 0;
  for (; offset < body.length; ) {
    offset += 1;
    reader.feed(body.subarray(offset - 1, offset));
  }
  reader.end();
  return ends;
}

/** Returns where to cut a stream in two: everywhere in a short one; evenly spread and around the ends of events in a long one. */
function chooseSplits(body: Uint8Array): number[] {
  if (body.length <= ALL_SPLITS_UP_TO) return range(1, body.length);
  const step = body.length / SAMPLED_SPLITS;
  const spread = range(1, SAMPLED_SPLITS).map((n) => Math.floor(n * step));
  const aroundEnds = findEventEnds(body)
    .slice(0, 50)
    .flatMap((end) => [end - 2, end - 1, end, end + 1]);
  return [...new Set([...spread, ...aroundEnds])].filter((offset) => offset > 0 && offset < body.length);
}

/** Inserts a text into the stream at an offset; `keepRest: false` drops what follows it. */
function insertText(body: Uint8Array, offset: number, text: string, { keepRest = true } = {}): Uint8Array {
  const rest = keepRest ? body.subarray(offset) : new Uint8Array();
  return Buffer.concat([body.subarray(0, offset), Buffer.from(text, 'utf8'), rest]);
}

/** Returns the integers from `first` to below `end`. */
function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, n) => first + n);
}

/** Reads the token counts that the JSON of a reply gives under OpenAI's names, the last ones where there are several. */
function readUsage(body: Uint8Array): Usage {
  const text = Buffer.from(body).toString('utf8');
  const last = (name: string) => [...text.matchAll(new RegExp(`"${name}"\\s*:\\s*(\\d+)`, 'g'))].at(-1)?.[1];
  const inputTokens = last('prompt_tokens');
  const outputTokens = last('completion_tokens');
  return defined({
    inputTokens: inputTokens === undefined ? undefined : Number(inputTokens),
    outputTokens: outputTokens === undefined ? undefined : Number(outputTokens),
  });
}

/**
 * Returns the first place of a value that JSON would change, as `body.a[2] is NaN`; undefined when there is none. JSON leaves out
 * fields that are undefined, which is no loss.
 */
function findJsonLoss(value: unknown, path = 'body'): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (Array.isArray(value)) return findLoss(value.map((item, i) => [`${path}[${i}]`, item]));
  if (typeof value !== 'object') return `${path} is a ${typeof value}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${path} is a ${value.constructor.name}`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return findLoss(fields.map(([name, field]) => [`${path}.${name}`, field]));
}

function findLoss(places: readonly (readonly [string, unknown])[]): string | undefined {
  for (const [path, value] of places) {
    const loss = findJsonLoss(value, path);
    if (loss !== undefined) return loss;
  }
  return undefined;
}

/** Whether plain data contains a value, at any depth. */
function contains(data: unknown, value: string | number): boolean {
  if (data === value) return true;
  return (
    typeof data === 'object' && data !== null && Object.values(data).some((inner) => contains(inner, value))
  );
}
