/** The suite itself: good classes pass it, and each way of being wrong is caught by the check that is there for it. */
import { describe, expect, it } from 'vitest';
import { type APIModelOptions, BaseAPIModel } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import { VLLMCustomAPI } from '../models/api/vllm-custom-api.ts';
import {
  type RecordedReply,
  readRecordedReply,
  type ServiceModelSpec,
  serviceModelChecks,
  sseEvents,
  testServiceModel,
} from './index.ts';

/** A protocol without `[DONE]`, usage or finish reason, that resends the text so far: MindIE's shape. */
class WholeTextAPI extends BaseAPIModel {
  getUrl(): string {
    return new URL('infer', this.baseUrl).href;
  }

  getRequestBody(input: unknown, maxOutLen: number): object {
    return { inputs: input, parameters: { ...this.options.generationKwargs, max_new_tokens: maxOutLen } };
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    output.content = data.generated_text;
  }
}

const written = (body: string, contentType: string): RecordedReply => ({
  name: 'written',
  status: 200,
  contentType,
  body: Buffer.from(body),
});

describe('a user’s own backend', () => {
  testServiceModel(it, {
    create: (options) => new WholeTextAPI(options),
    recordings: {
      stream: written(
        sseEvents(
          ['P', 'Par', 'Paris é 漢'].map((generated_text) => ({ generated_text })),
          { done: false },
        ).join(''),
        'text/event-stream',
      ),
    },
  });
});

const RECORDINGS = {
  text: readRecordedReply('test/fixtures/vllm/completions_nostream'),
  stream: readRecordedReply('test/fixtures/vllm/completions_stream_usage'),
};

/** Names of the checks that a class fails, changed from one that passes. */
async function failing(fields: (options: APIModelOptions) => object, spec: Partial<ServiceModelSpec> = {}) {
  const checks = serviceModelChecks({
    create: (options) => Object.assign(new VLLMCustomAPI(options), fields(options)),
    recordings: RECORDINGS,
    ...spec,
  });
  const names: string[] = [];
  for (const { name, run } of checks) await run().catch(() => names.push(name));
  return names;
}

const parse = (change: (data: any, output: RequestOutput) => void) => (options: APIModelOptions) => ({
  parseStreamResponse: (data: any, output: RequestOutput) => {
    new VLLMCustomAPI(options).parseStreamResponse(data, output);
    change(data, output);
  },
});

describe('the suite', () => {
  it('passes a good class', async () => expect(await failing(() => ({}))).toEqual([]));

  it.each([
    ['a relative URL', () => ({ getUrl: () => 'v1/completions' }), 'the URL is absolute'],
    ['a fixed host', () => ({ getUrl: () => 'http://localhost/v1' }), 'the URL is absolute'],
    ['a file URL', () => ({ getUrl: () => 'file:///127.0.0.9:8123' }), 'the URL is absolute'],
    [
      'a random id',
      (options: APIModelOptions) => ({
        getRequestBody: (input: string, n: number) => ({
          ...new VLLMCustomAPI(options).getRequestBody(input, n),
          id: Math.random(),
        }),
      }),
      'the body survives JSON and is equal',
    ],
    [
      'a date in the body',
      (options: APIModelOptions) => ({
        getRequestBody: (input: string, n: number) => ({
          ...new VLLMCustomAPI(options).getRequestBody(input, n),
          at: new Date(0),
        }),
      }),
      'the body survives JSON',
    ],
    [
      'forgotten generation_kwargs',
      () => ({ getRequestBody: (prompt: string, max_tokens: number) => ({ prompt, max_tokens }) }),
      'generation_kwargs and max_out_len',
    ],
    [
      'a forgotten length',
      (options: APIModelOptions) => ({ getRequestBody: () => ({ ...options.generationKwargs }) }),
      'generation_kwargs and max_out_len',
    ],
    ['a missing parser', () => ({ parseTextResponse: undefined }), 'each parser has a recorded reply'],
    [
      'forgotten usage',
      parse((_data, output) => Object.assign(output, { outputTokens: 0 })),
      'reads the recorded stream',
    ],
    [
      'a forgotten finish reason',
      parse((_data, output) => Object.assign(output, { finishReason: undefined })),
      'reads the recorded stream',
    ],
    [
      'the same finish reason for every end, in both modes',
      (options: APIModelOptions) => ({
        ...parse((_data, output) => Object.assign(output, { finishReason: 'content_filter' }))(options),
        parseTextResponse: (data: any, output: RequestOutput) => {
          new VLLMCustomAPI(options).parseTextResponse(data, output);
          output.finishReason = 'content_filter';
        },
      }),
      'reads the recorded text reply',
    ],
    [
      'a doubled token',
      parse((data, output) =>
        Object.assign(output, { content: output.content + (data.choices[0]?.text ?? '') }),
      ),
      'text and stream give the same answer',
    ],
    [
      'nothing read',
      parse((_data, output) => Object.assign(output, { content: '' })),
      'an event without payload is not a first token',
    ],
    [
      'any end taken for a good one',
      () => ({ streamIsComplete: () => true }),
      'a stream that breaks off fails',
    ],
  ] as [string, (options: APIModelOptions) => object, string][])(
    'catches %s',
    async (_name, fields, check) => {
      expect((await failing(fields)).some((name) => name.startsWith(check))).toBe(true);
    },
  );

  it('catches a parser that looks at how the events were cut', async () => {
    let calls = 0;
    const fields = parse((_data, output) => {
      calls += 1;
      output.content += calls > 20 ? '!' : '';
    });
    expect(await failing(fields)).toContain(
      'every byte split of the stream gives the same output and events',
    );
  });

  it('catches a parser without a recording', async () => {
    const { stream } = RECORDINGS;
    expect(await failing(() => ({}), { recordings: { stream } })).toEqual([
      'each parser has a recorded reply',
    ]);
  });
});
