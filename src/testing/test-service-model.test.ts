/** The suite itself: good classes pass it, and each way of being wrong is caught by the check that is there for it. */
import { describe, expect, it } from 'vitest';
import {
  type APIModelOptions,
  BaseAPIModel,
  type FrameSplitter,
  type OutgoingRequest,
} from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import { VLLMCustomAPI } from '../models/api/vllm-custom-api.ts';
import {
  modelOptions,
  type RecordedReply,
  readRecordedReply,
  type ServiceModelSpec,
  serviceModelChecks,
  sseEvents,
  streamReply,
  testServiceModel,
  textReply,
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

/** A protocol whose events are `{ add }`, `{ stop }` and `{ boom }`, however they travel. */
class Adds extends BaseAPIModel {
  getUrl(): string {
    return new URL('add', this.baseUrl).href;
  }

  getRequestBody(input: unknown, maxOutLen: number): object {
    return { input, limit: maxOutLen, ...this.options.generationKwargs };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    this.parseStreamResponse(data, output);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    output.content += data.add ?? '';
    if (data.boom !== undefined) output.error = data.boom;
    if (data.stop !== undefined) output.finishReason = data.stop;
  }

  override streamIsComplete(output: RequestOutput): boolean {
    return output.finishReason !== undefined;
  }
}

const EVENTS = [{ start: true }, { add: 'é ' }, { add: '漢' }, { stop: 'end' }];

/** Frames of four bytes of length, and JSON. */
const framed = (event: unknown) => {
  const json = Buffer.from(JSON.stringify(event));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([length, json]);
};

function splitFramed(): FrameSplitter {
  let rest = Buffer.alloc(0);
  return {
    push(bytes) {
      rest = Buffer.concat([rest, bytes]);
      const frames: unknown[] = [];
      while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
        const end = 4 + rest.readUInt32BE(0);
        frames.push(JSON.parse(rest.toString('utf8', 4, end)));
        rest = rest.subarray(end);
      }
      return frames;
    },
    end() {
      if (rest.length > 0) throw new Error('a frame is cut');
      return [];
    },
  };
}

/** Polls until a reply has `stop`. */
const POLLS = { getNextRequest: (data: any) => (data.stop === undefined ? { url: 'poll' } : undefined) };
const SUBMITS = {
  getFraming: () => 'ndjson',
  getNextRequest: (data: any) => (data.start ? { url: 'events', stream: true } : undefined),
};
const json = EVENTS.map(textReply);
const ERROR_FRAME = { boom: 'out of memory' };

/** Fields of a class, and its recording, for each way that events travel. */
const TRAVELS: readonly (readonly [string, object, ServiceModelSpec['recordings']])[] = [
  ['ndjson', { getFraming: () => 'ndjson' }, { stream: streamReply(EVENTS, { framing: 'ndjson' }) }],
  [
    'json-array',
    { getFraming: () => 'json-array' },
    { stream: streamReply(EVENTS, { framing: 'json-array' }) },
  ],
  [
    'bytes',
    { getFraming: () => 'bytes', makeSplitter: splitFramed },
    {
      stream: streamReply(EVENTS.map(framed), { framing: 'bytes' }),
      error: { frame: framed(ERROR_FRAME), says: 'out of memory' },
    },
  ],
  ['polls', POLLS, { stream: json }],
  [
    'a submission and a stream',
    SUBMITS,
    { stream: [json[0]!, streamReply(EVENTS.slice(1), { framing: 'ndjson' })] },
  ],
  [
    'messages',
    { exchange: async () => {} },
    { stream: { messages: EVENTS }, error: { frame: ERROR_FRAME, says: 'out of memory' } },
  ],
];

const adds =
  (...fields: readonly object[]) =>
  (options: APIModelOptions) =>
    Object.assign(new Adds(options), { parseTextResponse: undefined }, ...fields) as Adds;

describe.each(TRAVELS)('events that travel as %s', (_name, fields, recordings) => {
  testServiceModel(it, { create: adds(fields), recordings });

  const failingWith = async (wrong: object, more: Partial<ServiceModelSpec['recordings']> = {}) => {
    const names: string[] = [];
    for (const { name, run } of serviceModelChecks({
      create: adds(fields, wrong),
      recordings: { ...recordings, ...more },
    }))
      await run().catch(() => names.push(name));
    return names;
  };

  it('catches text that the first payload event did not bring', async () => {
    const late = {
      parseStreamResponse(data: any, output: RequestOutput) {
        if (data.add !== undefined) output.toolCalls = [{ name: 'x', arguments: '' }];
        if (data.stop === undefined) return;
        output.finishReason = data.stop;
      },
    };
    expect(await failingWith(late)).toContain('an event without payload is not a first token');
  });

  it('catches a parser that throws', async () => {
    const broken = {
      parseStreamResponse() {
        throw new Error('oops');
      },
    };
    expect(await failingWith(broken)).toContain('reads the recorded stream, with the server’s token counts');
  });

  it('catches a class that takes any end for a good one', async () => {
    const names = await failingWith({ streamIsComplete: () => true });
    const knows = recordings.stream === json;
    // The end of polls is their class's own word, and a JSON array says itself whether it is whole.
    if (!knows && fields !== TRAVELS[1]![1])
      expect(names).toContain('a stream that breaks off fails the request');
    else expect(names).toEqual([]);
  });

  if (recordings.error !== undefined)
    it('catches a class that does not see the service’s own errors', async () => {
      const blind = {
        parseStreamResponse(data: any, output: RequestOutput) {
          new Adds(modelOptions()).parseStreamResponse({ ...data, boom: undefined }, output);
        },
      };
      expect(await failingWith(blind)).toEqual(['an error inside the stream fails the request']);
    });
});

describe('a parser that looks at how events were cut', () => {
  it.each(TRAVELS.filter(([name]) => name !== 'polls'))(
    'is caught where they travel as %s',
    async (_name, fields, recordings) => {
      let calls = 0;
      const wrong = {
        parseStreamResponse(data: any, output: RequestOutput) {
          calls += 1;
          new Adds(modelOptions()).parseStreamResponse(data, output);
          if (calls > 6) output.content += '!';
        },
      };
      const check = serviceModelChecks({ create: adds(fields, wrong), recordings }).find(({ name }) =>
        name.startsWith('every byte split'),
      );
      await expect(check!.run()).rejects.toThrow();
    },
  );
});

describe('signatures', () => {
  const recordings = { stream: streamReply(EVENTS, { framing: 'ndjson' }) };
  const run = (signRequest: unknown) =>
    serviceModelChecks({ create: adds({ getFraming: () => 'ndjson', signRequest }), recordings })
      .find(({ name }) => name === 'what is signed is what is sent')!
      .run();

  it('are of what is sent', async () => {
    await run(async ({ body }: OutgoingRequest) => ({ 'x-mac': String(body.length) }));
  });

  it.each([
    ['nothing added', () => ({}), /added no header/],
    [
      'a body changed',
      ({ body }: OutgoingRequest) => ({ 'x-mac': String(body.fill(0).length) }),
      /changed the body/,
    ],
  ])('are caught: %s', async (_name, sign, message) => {
    await expect(run(sign)).rejects.toThrow(message);
  });
});

it('in text mode, polls and messages are read too', async () => {
  for (const [fields, text] of [
    [POLLS, json.slice(0, 1).concat(textReply({ add: 'a', stop: 'end' }))],
    [{ exchange: async () => {} }, { messages: [{ add: 'a' }] }],
  ] as const) {
    const create = (options: APIModelOptions) =>
      Object.assign(new Adds(options), { parseStreamResponse: undefined }, fields, {
        parseTextResponse: (data: any, output: RequestOutput) =>
          new Adds(options).parseStreamResponse(data, output),
      });
    for (const { run } of serviceModelChecks({ create, recordings: { text } })) await run();
  }
});
