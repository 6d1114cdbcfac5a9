/**
 * Checks that every service model passes, shipped or your own. They need no test framework:
 *
 *     testServiceModel(test, { create: (options) => new MyAPI(options), recordings: { text, stream } });
 */
import assert from 'node:assert/strict';
import { defined } from '../basics/defined.ts';
import type { BaseAPIModel, OutgoingRequest } from '../contract/base-api-model.ts';
import { RequestOutput } from '../contract/output.ts';
import { PAYLOAD_KINDS } from '../contract/record.ts';
import { bodyAsText } from '../transport/types.ts';
import type { Recording } from './recorded-reply.ts';
import { type Replayed, replay } from './replay.ts';
import { type Check, modelOptions, type ServiceModelSpec, type Usage } from './service-model-spec.ts';
import { openStream, type StreamUnderTest } from './stream-under-test.ts';

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
    ...signatureChecks(spec),
    ...textChecks(spec),
    ...streamChecks(spec),
    ...agreementChecks(spec),
  ];
}

function check(name: string, run: Check['run']): Check {
  return { name, run };
}

/** Returns the modes that the recordings cover, as values of the option `stream`. */
function listModes({ recordings }: ServiceModelSpec): boolean[] {
  return [...(recordings.text ? [false] : []), ...(recordings.stream ? [true] : [])];
}

const ARGS = { index: 3, repetition: 1, conversationId: 'c0', turn: 0 };

function checkUrl(spec: ServiceModelSpec): void {
  for (const stream of listModes(spec)) {
    const model = spec.create(modelOptions({ stream, hostIp: '127.0.0.9', hostPort: 8123 }));
    for (const given of [model.getUrl(), model.getUrl(ARGS)]) {
      assert.ok(URL.canParse(given), `getUrl() gave ${given}, which is not absolute`);
      const { protocol, host } = new URL(given);
      if (model.exchange === undefined)
        assert.match(protocol, /^https?:$/, `getUrl() gave ${given}, which is not http(s)`);
      assert.equal(host, '127.0.0.9:8123', `getUrl() gave ${given}, but host_ip and host_port are others`);
    }
  }
}

async function checkBody(spec: ServiceModelSpec): Promise<void> {
  for (const stream of listModes(spec)) {
    const model = spec.create(modelOptions({ stream }));
    const first = await makeBody(model, spec);
    if (!(first instanceof Uint8Array || first === undefined))
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
    const body = asData(await makeBody(model, spec, PROBE_LENGTH));
    if (body === undefined) continue;
    for (const value of [0.125, 'probe-7f3a', 'probe-stop']) {
      assert.ok(holds(body, value), `generation_kwargs' ${JSON.stringify(value)} is not in the body`);
    }
    assert.ok(holds(body, PROBE_LENGTH), 'max_out_len is not in the body');
  }
}

async function makeBody(model: BaseAPIModel, spec: ServiceModelSpec, maxOutLen = 16): Promise<unknown> {
  return model.getRequestBody(spec.prompt ?? 'Hello', maxOutLen, new RequestOutput(), ARGS);
}

/** Returns a body as plain data or text; undefined where its bytes are no text, so that nothing can be found in them. */
function asData(body: unknown): unknown {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body;
  const text = bodyAsText({ body });
  try {
    return JSON.parse(text!);
  } catch {
    return text;
  }
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

function signatureChecks(spec: ServiceModelSpec): Check[] {
  const { text, stream } = spec.recordings;
  const recording = stream ?? text;
  const model = spec.create(modelOptions({ stream: stream !== undefined }));
  const sign = model.signRequest?.bind(model);
  if (sign === undefined || recording === undefined || 'messages' in recording) return [];
  return [
    check('what is signed is what is sent', async () => {
      const signed: OutgoingRequest[] = [];
      const added: Record<string, string>[] = [];
      model.signRequest = async (request) => {
        const bodyBefore = Uint8Array.from(request.body);
        const headers = await sign(request);
        assert.deepEqual(request.body, bodyBefore, 'signRequest changed the body');
        signed.push(request);
        added.push(headers);
        return headers;
      };
      const { requests, failure } = await replay(model, recording, spec);
      assert.equal(failure, undefined);
      assert.ok(signed.length > 0, 'no request was signed');
      for (const [n, { method, url, body }] of signed.entries()) {
        const sent = requests.find((request) => request.method === method && request.url === url);
        assert.ok(sent, `${method} ${url} was signed and not sent`);
        assert.deepEqual(
          Buffer.from(sent.body ?? ''),
          Buffer.from(body),
          'other bytes were sent than signed',
        );
        assert.ok(Object.keys(added[n]!).length > 0, 'signRequest added no header');
      }
    }),
  ];
}

function textChecks(spec: ServiceModelSpec): Check[] {
  const { text, usage } = spec.recordings;
  if (text === undefined) return [];
  const model = () => spec.create(modelOptions({ stream: false }));
  return [
    check('reads the recorded text reply, with the server’s token counts', async () => {
      const { failure, output } = await replay(model(), text, spec);
      assert.equal(failure, undefined);
      const { inputTokens, outputTokens } = usage?.text ?? readUsage(text);
      assert.deepEqual([output.inputTokens, output.outputTokens], [inputTokens, outputTokens]);
    }),
    ...('messages' in text ? [] : [errorBodyCheck(spec)]),
  ];
}

function errorBodyCheck(spec: ServiceModelSpec): Check {
  const body = Buffer.from('{"error":{"message":"out of luck 4711"}}');
  return check('an error body fails the request, whatever its status', async () => {
    for (const [status, kind] of [
      [200, 'server-error'],
      [500, 'http-status'],
    ] as const) {
      const { failure } = await replay(spec.create(modelOptions({ stream: false })), { status, body }, spec);
      assert.equal(failure?.kind, kind);
      assert.match(failure?.message ?? '', /out of luck 4711/);
    }
  });
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

/** Returns the checks of the recorded stream of a service model. */
function streamChecks(spec: ServiceModelSpec): Check[] {
  const { stream: recording, usage } = spec.recordings;
  if (recording === undefined) return [];
  const counts = usage?.stream ?? readUsage(recording);
  const streamCheck = (name: string, run: (stream: StreamUnderTest) => Promise<void>) =>
    check(name, async () => run(await openStream(spec)));
  return [
    streamCheck('reads the recorded stream, with the server’s token counts', async (stream) => {
      const { failure, output } = await stream.whole();
      assert.equal(failure, undefined);
      assert.deepEqual([output.inputTokens, output.outputTokens], [counts.inputTokens, counts.outputTokens]);
    }),
    streamCheck('every byte split of the stream gives the same output and events', checkSplits),
    streamCheck('an event without payload is not a first token', checkFirstToken),
    streamCheck('an error inside the stream fails the request', checkErrorInside),
    streamCheck('a stream that breaks off fails the request', checkBrokenOff),
  ];
}

async function checkSplits(stream: StreamUnderTest): Promise<void> {
  const expected = pickComparable(await stream.whole());
  for (const { what, run } of stream.cuts()) assert.deepEqual(pickComparable(await run()), expected, what);
}

/** Compares the output before and after the event that counts as the first token. */
async function checkFirstToken(stream: StreamUnderTest): Promise<void> {
  const { kinds } = await stream.whole();
  const first = kinds.findIndex((kind) => PAYLOAD_KINDS.has(kind));
  assert.notEqual(first, -1, 'no event of the recorded stream brought any payload');
  const before = await stream.prefix(first);
  assert.equal(joinPayload(before.output), '', 'payload came before the first payload event');
  const after = await stream.prefix(first + 1);
  assert.notEqual(
    joinPayload(after.output),
    '',
    `event ${first} counts as the first token but brought no payload`,
  );
}

async function checkErrorInside(stream: StreamUnderTest): Promise<void> {
  for (const { what, says, run } of stream.errors()) {
    const { failure } = await run();
    assert.equal(failure?.kind, 'server-error', `${what} gave ${failure?.kind}`);
    assert.ok(failure?.message.includes(says), `${what} gave the message ${failure?.message}`);
  }
}

async function checkBrokenOff({ breaks, half }: StreamUnderTest): Promise<void> {
  for (const { what, run } of breaks()) {
    const { failure } = await run();
    assert.ok(failure, `${what}, and nothing failed`);
  }
  if (half === undefined) return;
  const { failure } = await half.run();
  assert.equal(failure?.kind, 'truncated', `${half.what} passed for a whole one`);
}

function joinPayload({ content, reasoningContent, toolCalls }: RequestOutput): string {
  return content + reasoningContent + toolCalls.map((call) => call.arguments).join('');
}

function pickComparable({ output, kinds, failure }: Replayed): object {
  return { output: { ...output }, kinds, failure };
}

/** Reads the token counts that the JSON of a reply gives under OpenAI's names, the last ones where there are several. */
function readUsage(recording: Recording): Usage {
  const text =
    'messages' in recording
      ? JSON.stringify(recording.messages)
      : [recording]
          .flat()
          .map(({ body }) => Buffer.from(body).toString('utf8'))
          .join('\n');
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

/** Whether a body holds a value: as data at any depth, or somewhere in its text. */
function holds(body: unknown, value: string | number): boolean {
  return typeof body === 'string' ? body.includes(String(value)) : contains(body, value);
}

/** Whether plain data contains a value, at any depth. */
function contains(data: unknown, value: string | number): boolean {
  if (data === value) return true;
  return (
    typeof data === 'object' && data !== null && Object.values(data).some((inner) => contains(inner, value))
  );
}
