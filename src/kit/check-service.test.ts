import { afterEach, describe, expect, it } from 'vitest';
import {
  sampleClass,
  sampleConnection,
  sampleOptions,
  samplePlan,
} from '../../test/support/sample-source.ts';
import {
  BaseAPIModel,
  type ExchangeRequest,
  type MessageSink,
  type NextRequest,
} from '../contract/base-api-model.ts';
import type { APIModelClass } from '../contract/class-ref.ts';
import { findingText } from '../contract/finding.ts';
import type { RequestOutput } from '../contract/output.ts';
import {
  closedPort,
  type Script,
  type ScriptedServer,
  sseEvents,
  startScriptedServer,
  streamPieces,
} from '../testing/index.ts';
import { checkService, type ServiceCheck } from './check-service.ts';
import { firstTokenOf } from './diagnose.ts';
import { showObservation } from './show.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const json = (body: unknown, status = 200) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: [JSON.stringify(body)],
});
const stream = (events: readonly unknown[]) => ({
  headers: { 'content-type': 'text/event-stream' },
  body: sseEvents(events).flatMap((event) => [event, { pauseMs: 2 }]),
});
const streamInOneWrite = (events: readonly unknown[]) => ({
  ...stream(events),
  body: [sseEvents(events).join('')],
});

const usage = { prompt_tokens: 7, completion_tokens: 3 };
const WHOLE = { choices: [{ text: 'The answer is', finish_reason: 'length' }], usage };
const PIECES = [
  { choices: [{ text: 'The', finish_reason: null }] },
  { choices: [{ text: ' answer', finish_reason: null }] },
  { choices: [{ text: ' is', finish_reason: 'length' }] },
  { choices: [], usage },
];

/** Answers as `v1/completions` does. */
const good: Script = ({ body }) => (JSON.parse(body).stream ? stream(PIECES) : json(WHOLE));

/** A class that gets everything right; those below get one thing wrong. */
class Right extends BaseAPIModel {
  getUrl() {
    return this.baseUrl;
  }
  getRequestBody(_input: unknown, maxOutLen: number): object {
    return { prompt: 'hi', stream: this.options.stream, n: maxOutLen, ...this.options.generationKwargs };
  }
  override parseTextResponse(data: any, output: RequestOutput): void {
    this.parse(data, output);
  }
  override parseStreamResponse(data: any, output: RequestOutput): void {
    this.parse(data, output);
  }
  parse(data: any, output: RequestOutput): void {
    output.content += data.choices[0]?.text ?? '';
    output.finishReason = data.choices[0]?.finish_reason ?? output.finishReason;
    output.inputTokens = data.usage?.prompt_tokens ?? output.inputTokens;
    output.outputTokens = data.usage?.completion_tokens ?? output.outputTokens;
  }
}

async function check(
  modelClass: APIModelClass,
  script: Script = good,
  generationKwargs: Readonly<Record<string, unknown>> = {},
): Promise<ServiceCheck> {
  server = await startScriptedServer(script);
  const options = sampleOptions({ hostPort: server.port, generationKwargs });
  const plan = samplePlan({
    ...sampleClass(modelClass),
    options,
    connection: sampleConnection({ servers: [server.url] }),
  });
  return checkService(plan, 24, { base: '', signal: new AbortController().signal });
}

const told = ({ findings }: ServiceCheck) =>
  findings.map(({ of, ...one }) => `${of ?? 'both'} ${one.code}: ${findingText(one)}`);

describe('a class that is right', () => {
  it('is asked once in each way, and nothing is found', async () => {
    const { observations, findings } = await check(Right);
    expect(findings).toEqual([]);
    expect(server?.received.map(({ body }) => JSON.parse(body).stream)).toEqual([false, true]);
    expect(observations.map(({ request }) => request?.url)).toEqual([server?.url, server?.url]);
  });

  it('is seen at work, event by event', async () => {
    const [text, streamed] = (await check(Right)).observations;
    expect(text?.events.map(({ added }) => added)).toEqual([
      {
        content: { text: 'The answer is', replaced: false },
        finishReason: 'length',
        inputTokens: 7,
        outputTokens: 3,
      },
    ]);
    expect(streamed?.events.map(({ added, kind }) => [kind, added?.content?.text])).toEqual([
      ['content', 'The'],
      ['content', ' answer'],
      ['content', ' is'],
      ['usage', undefined],
      [undefined, undefined],
    ]);
    expect(streamed?.events.at(-1)?.data).toBe('[DONE]');
    expect(firstTokenOf(streamed!)).toBe(0);
    for (const { at } of streamed!.events) expect(at).toBeGreaterThan(0);
  });
});

describe('a parser that', () => {
  it('also reads events in batches is seen at work, event by event', async () => {
    class Batching extends Right {
      override async parseStreamBatch(events: readonly unknown[], output: RequestOutput, taken: () => void) {
        for (const event of events) {
          this.parse(event, output);
          taken();
        }
      }
    }
    const { observations, findings } = await check(Batching);
    const added = observations[1]!.events.map((event) => event.added?.content?.text);
    expect(added).toEqual(['The', ' answer', ' is', undefined, undefined]);
    expect(firstTokenOf(observations[1]!)).toBe(0);
    expect(findings).toEqual([]);
  });

  it('passes on the null of a service is shown without it', async () => {
    const { observations } = await check(
      parsing((data, output) => {
        output.content += data.choices[0]?.text ?? '';
        for (const choice of data.choices) output.finishReason = choice.finish_reason;
      }),
    );
    const added = observations[1]!.events.map((event) => event.added?.finishReason);
    expect(added).toEqual([undefined, undefined, 'length', undefined, undefined]);
    expect(showObservation(observations[1]!, 80).join('\n')).toContain('content += "The"');
  });
});

/** The class with another parser for both modes. */
function parsing(parse: (data: any, output: RequestOutput) => void): APIModelClass {
  return class extends Right {
    override parse(data: any, output: RequestOutput): void {
      parse(data, output);
    }
  };
}

const rest = (data: any, output: RequestOutput): void => {
  const { content } = output;
  Right.prototype.parse(data, output);
  output.content = content;
};

describe('a class that', () => {
  it.each<[string, APIModelClass, string[]]>([
    [
      'never sets content',
      parsing(rest),
      [
        'text NO-CONTENT: parseTextResponse never set content; the reply carries `choices[0].text`',
        'stream NO-CONTENT: parseStreamResponse never set content; the events carry `choices[0].text`',
      ],
    ],
    [
      'keeps the last piece only',
      parsing((data, output) => {
        rest(data, output);
        output.content = data.choices[0]?.text ?? output.content;
      }),
      [
        "stream TEXT-LOST: parseStreamResponse keeps only the last event's `choices[0].text` (3 events carry one): add it, output.content += …",
        'both ANSWERS-DIFFER-BY-CHANCE: text and stream answer differently: "The answer is" and " is"; that may be chance: check again with --set models.0.generation_kwargs.temperature=0',
      ],
    ],
    [
      'never sets the finish reason',
      parsing((data, output) => {
        Right.prototype.parse(data, output);
        output.finishReason = undefined;
      }),
      [
        'text NO-FINISH-REASON: parseTextResponse never set finishReason; the reply carries `choices[0].finish_reason` ("length")',
        'stream NO-FINISH-REASON: parseStreamResponse never set finishReason; the events carry `choices[0].finish_reason` ("length")',
      ],
    ],
    [
      'takes every end for a good one',
      parsing((data, output) => {
        Right.prototype.parse(data, output);
        output.finishReason = 'stop';
      }),
      [
        'text FINISH-REASON-WRONG: parseTextResponse set finishReason to "stop"; the reply carries `choices[0].finish_reason` ("length")',
        'stream FINISH-REASON-WRONG: parseStreamResponse set finishReason to "stop"; the events carry `choices[0].finish_reason` ("length")',
      ],
    ],
    [
      'never reads the usage, or reads it wrongly',
      parsing((data, output) => {
        Right.prototype.parse(data, output);
        output.inputTokens = undefined;
        if (output.outputTokens !== undefined) output.outputTokens = 1;
      }),
      ['text', 'stream'].flatMap((of) => {
        const [parser, carry] =
          of === 'text'
            ? ['parseTextResponse', 'the reply carries']
            : ['parseStreamResponse', 'the events carry'];
        return [
          `${of} COUNT-NOT-READ: ${parser} never set inputTokens; ${carry} \`usage.prompt_tokens\` (7)`,
          `${of} COUNT-WRONG: ${parser} set outputTokens to 1; ${carry} \`usage.completion_tokens\` (3)`,
        ];
      }),
    ],
    [
      'adds what is not there',
      parsing((data, output) => {
        rest(data, output);
        output.content += data.choices[0]?.txt;
      }),
      [
        'text NOT-TEXT: content holds "undefined": parseTextResponse adds something that is not text',
        'stream NOT-TEXT: content holds "undefined": parseStreamResponse adds something that is not text',
        expect.stringContaining('both ANSWERS-DIFFER-BY-CHANCE: text and stream answer differently'),
      ],
    ],
    [
      'forgets the limit',
      class extends Right {
        override getRequestBody() {
          return { stream: this.options.stream };
        }
      },
      [
        'both LIMIT-NOT-SENT: the body does not hold maxOutLen (24): answers get as long as the service likes',
      ],
    ],
  ])('%s', async (_what, modelClass, expected) => {
    expect(told(await check(modelClass))).toEqual(expected);
  });

  it('passes on a finish reason of null is as one that sets none', async () => {
    const passing = parsing((data, output) => {
      Right.prototype.parse(data, output);
      if (data.choices.length > 0) output.finishReason = data.choices[0].finish_reason;
    });
    const { observations, findings } = await check(passing);
    expect(findings).toEqual([]);
    const shown = observations.flatMap((one) => showObservation(one, 80)).join('\n');
    expect(shown).toContain('finishReason = ');
    expect(shown).not.toContain('finishReason = null');
  });

  it('throws is told with its line', async () => {
    const findings = told(
      await check(
        parsing((data) => {
          data.no.such.field();
        }),
      ),
    );
    expect(findings).toHaveLength(2);
    expect(findings[1]).toMatch(
      /^stream CLASS-THREW: parseStreamResponse threw: Cannot read .*, at .*check-service\.test\.ts:\d+:\d+/,
    );
  });

  it('only streams is asked only that', async () => {
    class Streams extends BaseAPIModel {
      getUrl = () => this.baseUrl;
      getRequestBody = (_input: unknown, n: number) => ({ stream: true, n });
    }
    Object.defineProperty(Streams.prototype, 'parseStreamResponse', {
      value: Right.prototype.parse,
      writable: true,
    });
    expect(told(await check(Streams))).toEqual([
      'text NO-PARSER: no parseTextResponse: the config needs stream: true',
    ]);
    expect(server?.received).toHaveLength(1);
  });
});

describe('a service that', () => {
  const cumulative = ['The', 'The answer', 'The answer is'].map((text) => ({ choices: [{ text }] }));

  it('sends the whole text so far', async () => {
    const findings = told(await check(Right, () => stream(cumulative)));
    expect(findings).toContainEqual(
      "stream TEXT-REPEATED: parseStreamResponse adds every event's `choices[0].text`, but each holds the whole text so far: set it, output.content = …",
    );
    expect(findings[0]).toBe(
      'text STREAM-FOR-JSON: an event stream came where whole JSON was requested: does the body say stream: false?',
    );
  });

  it('has the text early, and a class that reads it late', async () => {
    const events = [
      ...['It', ' is', ' so'].map((text) => ({ token: { text } })),
      { generated_text: 'It is so' },
    ];
    const late = parsing((data, output) => {
      output.content = data.generated_text ?? '';
    });
    const findings = told(
      await check(late, ({ body }) => (JSON.parse(body).stream ? stream(events) : json(events[3]))),
    );
    expect(findings).toContainEqual(
      'stream LATE-FIRST-TOKEN: content came first with event 4, though the events before carry `token.text`: TTFT is too late by them',
    );
    expect(findings).toContainEqual(expect.stringContaining('both FINISH-REASON-ABSENT: no finish reason'));
    expect(findings).toContainEqual(
      expect.stringContaining('both COUNTS-ABSENT: the service reports no token counts'),
    );
  });

  it('refuses is told in its words', async () => {
    expect(told(await check(Right, () => json({ error: { message: 'no such model' } }, 404)))).toEqual([
      'both REQUEST-REFUSED: the service refused the request: HTTP 404: no such model',
    ]);
  });

  it('answers text and stream differently at temperature 0', async () => {
    const moody: Script = ({ body }) =>
      JSON.parse(body).stream
        ? stream(PIECES)
        : json({ ...WHOLE, choices: [{ ...WHOLE.choices[0], text: 'No' }] });
    expect(told(await check(Right, moody, { temperature: 0 }))).toEqual([
      'both ANSWERS-DIFFER: text and stream answer differently: "No" and "The answer is", at temperature 0',
    ]);
  });

  it('reports an error is told so in its words', async () => {
    expect(told(await check(Right, () => json({ error: { message: 'out of memory' } })))).toEqual([
      expect.stringMatching(/^both SERVICE-ERROR: the service answered with an error: .*out of memory/),
    ]);
  });

  it('fails in another way is told so', async () => {
    const cut = () => ({ status: 200, headers: {}, body: ['not JSON'] });
    expect(told(await check(Right, cut))[0]).toMatch(/^(both|text) REQUEST-FAILED: /);
  });

  it('answers without any text is told so', async () => {
    const empty: Script = ({ body }) =>
      JSON.parse(body).stream ? stream([{ choices: [], usage }]) : json({ choices: [], usage });
    expect(told(await check(Right, empty))).toContainEqual(
      'text NO-TEXT: parseTextResponse never set content, and there is no text in what came',
    );
  });

  it('reasons, and a class that does not read it', async () => {
    const thinking: Script = ({ body }) =>
      JSON.parse(body).stream
        ? stream([{ choices: [{ reasoning_content: 'well' }] }, ...PIECES])
        : json({ ...WHOLE, choices: [{ ...WHOLE.choices[0], reasoning_content: 'well' }] });
    expect(told(await check(Right, thinking))).toContainEqual(
      'text NO-REASONING: parseTextResponse never set reasoningContent; the reply carries `choices[0].reasoning_content`',
    );
  });

  it('counts one prompt in two ways is told so', async () => {
    const uneven: Script = ({ body }) =>
      JSON.parse(body).stream ? stream(PIECES) : json({ ...WHOLE, usage: { ...usage, prompt_tokens: 9 } });
    expect(told(await check(Right, uneven))).toContainEqual(
      'both COUNTS-DIFFER: text and stream count the same prompt as 9 and 7 tokens',
    );
  });

  describe('does not stream', () => {
    const whole = { choices: [{ text: 'The answer is', finish_reason: 'length' }] };
    const streaming = (reply: ReturnType<typeof stream>): Script => {
      return ({ body }) => (JSON.parse(body).stream ? reply : json(WHOLE));
    };

    it('but sends the whole answer in one event', async () => {
      expect(told(await check(Right, streaming(stream([whole, { choices: [], usage }]))))).toEqual([
        'stream STREAM-IN-ONE-EVENT: the service does not stream: the whole answer came in one event, so a load test has no TTFT, TPOT or ITL; send in the body what it wants for a stream (often stream: true)',
      ]);
    });

    it('but sends all events at once', async () => {
      expect(told(await check(Right, streaming(streamInOneWrite(PIECES))))).toEqual([
        'stream STREAM-IN-ONE-READ: all 3 events with text came in one socket read: if they do so under load too, there is no TTFT, TPOT or ITL; turn off buffering between service and client',
      ]);
    });

    it('as far as one token shows', async () => {
      const one = { choices: [{ text: 'Paris', finish_reason: 'stop' }] };
      const counted = { prompt_tokens: 7, completion_tokens: 1 };
      const script: Script = ({ body }) =>
        JSON.parse(body).stream
          ? stream([one, { choices: [], usage: counted }])
          : json({ ...one, usage: counted });
      expect(told(await check(Right, script))).toEqual([
        'stream STREAM-NOT-SHOWN: the answer is one event with a short text, which does not show whether the service streams',
      ]);
    });
  });

  describe('sends several tokens an event', () => {
    const counted = { prompt_tokens: 7, completion_tokens: 12 };
    const chunked: Script = ({ body }) =>
      JSON.parse(body).stream
        ? stream([...PIECES.slice(0, 3), { choices: [], usage: counted }])
        : json({ ...WHOLE, usage: counted });

    it('and a class that takes events for tokens', async () => {
      expect(told(await check(Right, chunked))).toEqual([
        'stream CHUNKS-NOT-TOKENS: 3 events brought 12 tokens: where the service gives no counts, events would be counted as tokens',
      ]);
    });

    it('and a class that knows it', async () => {
      class Chunked extends Right {
        static override readonly chunksAreTokens = false;
      }
      expect(told(await check(Chunked, chunked))).toEqual([]);
    });
  });

  it('is not there is asked once', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/`;
    const plan = samplePlan({
      ...sampleClass(Right),
      options: sampleOptions({ url }),
      connection: sampleConnection({ servers: [url] }),
    });
    const checked = await checkService(plan, 24, { base: '', signal: new AbortController().signal });
    expect(told(checked)).toEqual([
      expect.stringMatching(`^text UNREACHABLE: the service cannot be reached at ${url}: .*ECONNREFUSED`),
    ]);
  });
});

describe('a protocol that is not server-sent events with JSON', () => {
  /** What was seen of each event in stream mode: its text, what was added and the kind. */
  async function seen(modelClass: APIModelClass, script: Script) {
    const { observations, findings } = await check(modelClass, script);
    const streamed = observations.at(-1)!;
    const lines = showObservation(streamed, 80).join('\n');
    const events = streamed.events.map(({ data, type, added, kind }) => [
      data,
      type,
      added?.content?.text,
      kind,
    ]);
    return { events, lines, codes: findings.map(({ code }) => code), streamed };
  }

  /** Streams `{ add }` and `{ stop }`. */
  class Streams extends Right {
    override getRequestBody = (_input: unknown, n: number): object => ({ n });
    override parse(data: any, output: RequestOutput): void {
      output.content += data.add ?? '';
      if (data.stop !== undefined)
        Object.assign(output, { finishReason: data.stop, inputTokens: 3, outputTokens: 2 });
    }
  }
  const EVENTS = [{ add: 'a b' }, { add: ' c d' }, { stop: 'end' }];
  const KINDS = ['content', 'content', 'finish'];

  it.each(['ndjson', 'json-array'] as const)('is seen frame by frame: %s', async (framing) => {
    class Framed extends Streams {
      override getFraming = () => framing;
    }
    const body = streamPieces(EVENTS, { framing }).flatMap((piece) => [piece, { pauseMs: 2 }]);
    const { events, lines } = await seen(Framed, { body });
    expect(events).toEqual(
      EVENTS.map((event, n) => [JSON.stringify(event), undefined, (event as { add?: string }).add, KINDS[n]]),
    );
    expect(lines).toContain('> content += "a b"');
    expect(lines).toContain('> <- first token');
  });

  it('is seen with the types of raw events, blank ones and [DONE]', async () => {
    class Raw extends Streams {
      override getFraming = () => 'sse-events' as const;
      override parse({ type, data }: any, output: RequestOutput): void {
        if (type === 'token') super.parse({ add: data }, output);
        if (data === '[DONE]') super.parse({ stop: 'end' }, output);
      }
    }
    const { events, lines } = await seen(Raw, {
      body: [
        'event: token\ndata: a b\n\n',
        { pauseMs: 2 },
        'data:\n\nevent: token\ndata: c\n\n',
        'data: [DONE]\n\n',
      ],
    });
    expect(events).toEqual([
      ['a b', 'token', 'a b', 'content'],
      ['', undefined, undefined, 'other'],
      ['c', 'token', 'c', 'content'],
      ['[DONE]', undefined, undefined, 'finish'],
    ]);
    expect(lines).toContain('event: token a b');
  });

  it('is seen as the frames that the class cuts', async () => {
    class Bytes extends Streams {
      override getFraming = () => 'bytes' as const;
      override makeSplitter = () => ({
        push: (bytes: Uint8Array) => [...bytes].map((byte) => ({ add: String.fromCharCode(byte) })),
        end: () => [{ stop: 'end' }],
      });
    }
    const { events } = await seen(Bytes, { body: ['ab', { pauseMs: 2 }, 'c'] });
    expect(events).toEqual([
      ['{"add":"a"}', undefined, 'a', 'content'],
      ['{"add":"b"}', undefined, 'b', 'content'],
      ['{"add":"c"}', undefined, 'c', 'content'],
      ['{"stop":"end"}', undefined, undefined, 'finish'],
    ]);
  });

  it('is seen with the requests that follow: polls, and a stream at the end', async () => {
    class Jobs extends Streams {
      override getFraming = () => 'ndjson' as const;
      override getNextRequest = (data: any): NextRequest | undefined => data.next;
    }
    const replies = [
      json({ next: { url: 'jobs/1' } }),
      json({ next: { url: 'jobs/1/events', stream: true, method: 'PUT', body: 'x' } }),
      { body: streamPieces(EVENTS, { framing: 'ndjson' }).flatMap((piece) => [piece, { pauseMs: 2 }]) },
    ];
    const { events, lines } = await seen(Jobs, (_request, n) => replies[n % 3]!);
    expect(events.map(([data]) => data).slice(2)).toEqual(EVENTS.map((event) => JSON.stringify(event)));
    expect(events.map(([, , , kind]) => kind)).toEqual(['other', 'other', ...KINDS]);
    expect(lines).toMatch(
      /then GET http:\S+jobs\/1\n.*\n\s+> nothing\n\s+then PUT http:\S+jobs\/1\/events\n/,
    );
  });

  it('is seen as the messages of an exchange', async () => {
    class Own extends Streams {
      override getUrl = () => 'grpc://127.0.0.1:8001/x';
      override async exchange(_request: ExchangeRequest, sink: MessageSink): Promise<void> {
        for (const event of EVENTS) {
          await new Promise((resolve) => setTimeout(resolve, 2));
          sink.message(event);
        }
      }
    }
    const { events, lines, streamed, codes } = await seen(Own, json({}));
    expect(events.map(([, , added, kind]) => [added, kind])).toEqual([
      ['a b', 'content'],
      [' c d', 'content'],
      [undefined, 'finish'],
    ]);
    expect(streamed.request).toMatchObject({ url: 'grpc://127.0.0.1:8001/x', body: '{"n":24}' });
    expect(lines).toContain('exchange with grpc://127.0.0.1:8001/x');
    expect(lines).toContain('3 messages');
    expect(codes).not.toContain('LIMIT-NOT-SENT');
  });
});
