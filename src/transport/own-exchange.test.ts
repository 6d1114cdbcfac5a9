import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { BaseAPIModel, type ExchangeRequest, type MessageSink } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import { EVENT_KINDS } from '../contract/record.ts';
import { type AskOptions, askPort, closedPort } from '../testing/index.ts';

type Run = (request: ExchangeRequest, sink: MessageSink) => Promise<void>;

/** A class whose protocol is a function. */
class Own extends BaseAPIModel {
  readonly seen: unknown[] = [];
  readonly #run: Run;

  constructor(options: ConstructorParameters<typeof BaseAPIModel>[0], run: Run) {
    super(options);
    this.#run = run;
  }

  getUrl = () => `ws://${this.options.hostIp}:${this.options.hostPort}/x`;
  getRequestBody = (input: unknown): object => ({ ask: input });

  override exchange(request: ExchangeRequest, sink: MessageSink): Promise<void> {
    return this.#run(request, sink);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    this.seen.push(data);
    if (data.boom) output.error = data.boom;
    output.content += data.add ?? '';
    if (data.end) output.finishReason = 'stop';
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    this.parseStreamResponse({ ...data, add: `${data.add ?? ''}.` }, output);
  }
}

async function ask(run: Run, { fields = {}, ...options }: AskOptions & { fields?: object } = {}, port = 1) {
  let model: Own | undefined;
  const attempt = await askPort(
    (given) => {
      model = Object.assign(new Own(given, run), fields);
      return model;
    },
    port,
    options,
  );
  const kinds = Array.from(attempt.events.kind, (n) => EVENT_KINDS[n]);
  return { ...attempt, kinds, seen: model!.seen };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('an exchange', () => {
  it('gets what the class made of the request', async () => {
    let seen: ExchangeRequest | undefined;
    await ask(
      async (request) => {
        seen = request;
      },
      { options: { apiKey: 'sk', headers: { 'X-Id': '{conversation_id}' } }, prompt: 'Hi' },
    );
    expect(seen).toEqual({
      url: 'ws://127.0.0.1:1/x',
      headers: { authorization: 'Bearer sk', 'X-Id': 'c0' },
      body: { ask: 'Hi' },
      stream: true,
      args: { index: 0, repetition: 0, conversationId: 'c0', turn: 0 },
    });
  });

  it('stamps each message when it comes, and reads it after', async () => {
    const at: number[] = [];
    let parsed = 0;
    const fields = {
      parseStreamResponse: (data: any, output: RequestOutput) => {
        parsed += 1;
        // A slow parser.
        const until = performance.now() + 5;
        while (performance.now() < until);
        output.content += data;
      },
    };
    const { events, failure, output, sent, done } = await ask(
      async (_request, sink) => {
        for (const word of ['a', 'b', 'c']) {
          await sleep(20);
          for (const half of [1, 2]) {
            at.push(performance.now());
            const before = parsed;
            sink.message(word + half);
            expect(parsed).toBe(before);
          }
        }
      },
      { fields },
    );
    expect(failure).toBeUndefined();
    expect(output.content).toBe('a1a2b1b2c1c2');
    expect(events.at).toHaveLength(6);
    for (const [n, stamp] of Array.from(events.at).entries()) {
      expect(stamp).toBeGreaterThanOrEqual(at[n]!);
      expect(stamp - at[n]!).toBeLessThan(2);
    }
    expect(Array.from(events.sharedRead)).toEqual([0, 1, 0, 1, 0, 1]);
    expect(sent).toBeLessThan(at[0]!);
    expect(done).toBeGreaterThanOrEqual(events.at[5]!);
  });

  it('tells kinds apart, and may read batches', async () => {
    const run: Run = async (_request, sink) => {
      for (const data of [{}, { add: 'a' }, { end: true }]) sink.message(data);
    };
    expect((await ask(run)).kinds).toEqual(['other', 'content', 'finish']);
    const batches: number[] = [];
    const fields = {
      async parseStreamBatch(this: Own, events: unknown[], output: RequestOutput, taken: () => void) {
        batches.push(events.length);
        for (const event of events) {
          this.parseStreamResponse(event, output);
          taken();
        }
      },
    };
    expect((await ask(run, { fields })).kinds).toEqual(['other', 'content', 'finish']);
    expect(batches).toEqual([3]);
  });

  it('reads messages with the parser of text mode there', async () => {
    const { output, failure, kinds, events, done } = await ask(
      async (_request, sink) => sink.message({ add: 'a' }),
      { options: { stream: false } },
    );
    expect(failure).toBeUndefined();
    expect([output.content, kinds, Array.from(events.at)]).toEqual(['a.', ['content'], [done]]);
  });
});

describe('an exchange fails', () => {
  const reject =
    (error: unknown, messages: readonly object[] = []): Run =>
    async (_request, sink) => {
      for (const message of messages) sink.message(message);
      throw error;
    };
  const coded = (code: unknown, message = 'no') => Object.assign(new Error(message), { code });

  it.each([
    ['a refused connection', coded('ECONNREFUSED'), [], 'connect', /no \(ECONNREFUSED\)/],
    [
      'what caused it',
      new TypeError('fetch failed', { cause: coded('ENOTFOUND') }),
      [],
      'connect',
      /ENOTFOUND/,
    ],
    ['several refused', new AggregateError([coded('ECONNREFUSED')]), [], 'connect', /ECONNREFUSED/],
    ['a certificate', coded('CERT_HAS_EXPIRED'), [], 'connect', /needs a new certificate/],
    ['a reset before any message', coded('ECONNRESET'), [], 'connect', /ended before a reply/],
    ['a reset after one', coded('ECONNRESET'), [{ add: 'a' }], 'truncated', /inside the reply/],
    ['a time-out of the connection', coded('ETIMEDOUT'), [], 'timeout', /ETIMEDOUT/],
    ['gRPC: unavailable', coded(14, '14 UNAVAILABLE: no connection'), [], 'connect', /UNAVAILABLE/],
    ['gRPC: unavailable, later', coded(14, '14 UNAVAILABLE'), [{ add: 'a' }], 'truncated', /UNAVAILABLE/],
    ['gRPC: deadline', coded(4, '4 DEADLINE_EXCEEDED'), [], 'timeout', /DEADLINE/],
    ['gRPC: invalid', coded(3, '3 INVALID_ARGUMENT: bad'), [], 'server-error', /bad/],
    ['the server’s no', new Error('no such model'), [], 'server-error', /^no such model$/],
    ['a bug', new TypeError('x is undefined'), [], 'model-bug', /^exchange threw: x is undefined$/],
    ['a bug that Node names', coded('ERR_INVALID_ARG_TYPE'), [], 'server-error', /^no$/],
    ['no error at all', 'nope', [], 'server-error', /^nope$/],
  ] as [string, unknown, object[], string, RegExp][])(
    'with %s',
    async (_name, error, messages, kind, message) => {
      const { failure } = await ask(reject(error, messages));
      expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) });
    },
  );

  it('where a connection of its own is refused', async () => {
    const port = await closedPort();
    const { failure } = await ask(
      () =>
        new Promise((resolve, fail) => {
          connect(port, '127.0.0.1', resolve).on('error', fail);
        }),
    );
    expect(failure).toMatchObject({ kind: 'connect', message: expect.stringContaining('ECONNREFUSED') });
  });

  it.each([
    ['no message', [], undefined, 'bad-reply', 'the stream ended without a single message'],
    ['no text', [{}], undefined, 'bad-reply', 'the reply is empty: no content, reasoning or tool call'],
    ['an error that the class sees', [{ boom: 'boom' }], undefined, 'server-error', 'boom'],
    [
      'no end',
      [{ add: 'a' }],
      (output: RequestOutput) => output.finishReason === 'stop',
      'truncated',
      'the stream ended without [DONE] and without a finish reason',
    ],
  ])('with %s', async (_name, messages, streamIsComplete, kind, message) => {
    const { failure } = await ask(
      async (_request, sink) => {
        for (const data of messages) sink.message(data);
      },
      { fields: { streamIsComplete } },
    );
    expect(failure).toMatchObject({ kind, message });
  });

  it('at once where the class throws before it returns a promise', async () => {
    const { failure } = await ask(() => {
      throw new RangeError('oops');
    });
    expect(failure).toMatchObject({ kind: 'model-bug', message: 'exchange threw: oops' });
  });

  it('where its URL is none', async () => {
    const { failure } = await ask(async () => {}, { fields: { getUrl: () => 'x' } });
    expect(failure).toMatchObject({
      kind: 'model-bug',
      message: 'getUrl threw: it returned "x", which is no absolute URL',
    });
  });
});

describe('an exchange is aborted', () => {
  /** Ends when it is told to, and counts. */
  const obedient =
    (messages: readonly unknown[], everyMs = 0): Run =>
    (_request, sink) =>
      new Promise((_resolve, fail) => {
        sink.signal.addEventListener('abort', () => fail(sink.signal.reason));
        let n = 0;
        const next = () => {
          if (n < messages.length) sink.message(messages[n++]);
          if (!sink.signal.aborted) setTimeout(next, everyMs);
        };
        next();
      });

  it.each([
    ['before the first message', [], { firstTokenMs: 120 }, 'no first token within 0.12 s'],
    [
      'between two',
      [{ add: 'a' }],
      { firstTokenMs: 5000, idleMs: 120 },
      'the stream fell silent: no further token within 0.12 s',
    ],
    [
      'at the end',
      Array(100).fill({ add: 'a' }),
      { idleMs: 5000, totalMs: 200 },
      'no complete reply within 0.2 s',
    ],
  ])('at the deadline %s', async (_name, messages, limits, message) => {
    const { failure, output } = await ask(obedient(messages, 10), limits);
    expect(failure).toEqual({ kind: 'timeout', message });
    if (messages.length > 0) expect(output.content).toMatch(/^a+$/);
  });

  it('when the run is stopped, also before it began', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    for (const _ of [1, 2]) {
      const { failure } = await ask(obedient([]), { signal: stop.signal });
      expect(failure).toEqual({ kind: 'cancelled', message: 'the run was stopped' });
    }
  });

  it('and cut off where the class takes no notice; what comes later is not counted', async () => {
    let late: MessageSink | undefined;
    const { failure, events, output, sent, done } = await ask(
      (_request, sink) => {
        late = sink;
        sink.message({ add: 'a' });
        return new Promise((_resolve, fail) => setTimeout(() => fail(new Error('much too late')), 400));
      },
      { idleMs: 100 },
    );
    expect(failure?.kind).toBe('timeout');
    expect(done - sent).toBeLessThan(390);
    late!.message({ add: 'b' });
    await sleep(450 - (done - sent));
    expect([events.at.length, output.content]).toEqual([1, 'a']);
  });
});
