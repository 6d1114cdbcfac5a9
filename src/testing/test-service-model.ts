/**
 * The checks that every service model passes, ours and yours. They need no test framework:
 *
 *     testServiceModel(test, { create: (options) => new MyAPI(options), recordings: { text, stream } });
 */
import assert from 'node:assert/strict';
import type { BaseAPIModel } from '../contract/base-api-model.ts';
import { RequestOutput } from '../contract/output.ts';
import { holds, jsonLoss } from './json-loss.ts';
import { usageIn } from './recorded-stream.ts';
import { replay } from './replay.ts';
import { type Check, modelOptions, type ServiceModelSpec } from './service-model-spec.ts';
import { streamChecks } from './stream-checks.ts';

/** Registers the checks with the `test` of any framework. */
export function testServiceModel(
  test: (name: string, run: () => Promise<void>) => unknown,
  spec: ServiceModelSpec,
): void {
  for (const { name, run } of serviceModelChecks(spec)) test(name, run);
}

/** The checks that apply to a model with these recordings. */
export function serviceModelChecks(spec: ServiceModelSpec): Check[] {
  return [
    { name: 'the URL is absolute and points to the configured host', run: async () => checkUrl(spec) },
    { name: 'the body survives JSON and is equal when asked twice', run: () => checkBody(spec) },
    { name: 'generation_kwargs and max_out_len arrive in the body', run: () => checkArrival(spec) },
    { name: 'each parser has a recorded reply', run: async () => checkRecordings(spec) },
    ...textChecks(spec),
    ...streamChecks(spec),
    ...agreementChecks(spec),
  ];
}

/** The modes that the recordings cover, as values of the option `stream`. */
function modes({ recordings }: ServiceModelSpec): boolean[] {
  return [...(recordings.text ? [false] : []), ...(recordings.stream ? [true] : [])];
}

function checkUrl(spec: ServiceModelSpec): void {
  for (const stream of modes(spec)) {
    const given = spec.create(modelOptions({ stream, hostIp: '127.0.0.9', hostPort: 8123 })).getUrl();
    assert.ok(URL.canParse(given), `getUrl() gave ${given}, which is not absolute`);
    const { protocol, host } = new URL(given);
    assert.match(protocol, /^https?:$/, `getUrl() gave ${given}, which is not http(s)`);
    assert.equal(host, '127.0.0.9:8123', `getUrl() gave ${given}, but host_ip and host_port say otherwise`);
  }
}

async function checkBody(spec: ServiceModelSpec): Promise<void> {
  for (const stream of modes(spec)) {
    const model = spec.create(modelOptions({ stream }));
    const first = await bodyOf(model, spec);
    assert.equal(jsonLoss(first), undefined, 'the body does not survive JSON');
    const second = await bodyOf(model, spec);
    assert.deepEqual(second, first, 'the same arguments gave two different bodies');
  }
}

const PROBE = { temperature: 0.125, probe: 'probe-7f3a', list: ['probe-stop'] };
const PROBE_LENGTH = 4321;

async function checkArrival(spec: ServiceModelSpec): Promise<void> {
  for (const stream of modes(spec)) {
    const model = spec.create(modelOptions({ stream, generationKwargs: PROBE }));
    const body = await bodyOf(model, spec, PROBE_LENGTH);
    for (const value of [0.125, 'probe-7f3a', 'probe-stop']) {
      assert.ok(holds(body, value), `generation_kwargs' ${JSON.stringify(value)} is not in the body`);
    }
    assert.ok(holds(body, PROBE_LENGTH), 'max_out_len is not in the body');
  }
}

async function bodyOf(model: BaseAPIModel, spec: ServiceModelSpec, maxOutLen = 16): Promise<object> {
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
    {
      name: 'reads the recorded text reply, with the server’s token counts',
      run: async () => {
        const { failure, output } = await replay(model(), text, spec);
        assert.equal(failure, undefined);
        const { inputTokens, outputTokens } = usage?.text ?? usageIn(text.body);
        assert.deepEqual([output.inputTokens, output.outputTokens], [inputTokens, outputTokens]);
      },
    },
    {
      name: 'an error body fails the request, whatever its status',
      run: async () => {
        for (const [status, kind] of [
          [200, 'server-error'],
          [500, 'http-status'],
        ] as const) {
          const { failure } = await replay(model(), error(status), spec);
          assert.equal(failure?.kind, kind);
          assert.match(failure?.message ?? '', /out of luck 4711/);
        }
      },
    },
  ];
}

function agreementChecks(spec: ServiceModelSpec): Check[] {
  const { text, stream, sameAnswer = true } = spec.recordings;
  if (text === undefined || stream === undefined || !sameAnswer) return [];
  return [
    {
      name: 'text and stream give the same answer',
      run: async () => {
        const whole = await replay(spec.create(modelOptions({ stream: false })), text, spec);
        const streamed = await replay(spec.create(modelOptions({ stream: true })), stream, spec);
        assert.deepEqual(answerOf(streamed.output), answerOf(whole.output));
      },
    },
  ];
}

function answerOf({ content, reasoningContent, toolCalls, finishReason }: RequestOutput): object {
  const calls = toolCalls.map((call) => [call.name, call.arguments]);
  return { content, reasoningContent, calls, finishReason };
}
