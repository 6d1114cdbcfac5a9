import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BaseAPIModel, type BatchStep } from '../contract/base-api-model.ts';
import { RequestOutput } from '../contract/output.ts';
import { EVENT_KINDS } from '../contract/record.ts';
import { modelOptions, sseEvents } from '../testing/index.ts';
import { ReplyError } from './failure.ts';
import { StreamReply } from './stream-reply.ts';

/** Takes an event's fields over into the output; `act` runs first. */
class Fields extends BaseAPIModel {
  readonly #act: (data: any) => unknown;

  constructor(act: (data: any) => unknown = () => undefined) {
    super(modelOptions({ stream: true }));
    this.#act = act;
  }

  getUrl = () => 'http://host/';
  getRequestBody = () => ({});

  override parseStreamResponse(data: any, output: RequestOutput): void | Promise<void> {
    const take = () => {
      const { add = '', ...fields } = data;
      output.content += add;
      Object.assign(output, fields);
    };
    const result = this.#act(data);
    return result instanceof Promise ? result.then(take) : take();
  }
}

function start(model: BaseAPIModel = new Fields()) {
  const output = new RequestOutput();
  const reply = new StreamReply(model, output);
  const push = (text: string, at: number, shared = false) => reply.push(Buffer.from(text), at, shared);
  const log = () => {
    const { at, kind, tokens, sharedRead } = reply.events.toLog();
    return Array.from(at, (time, n) => [
      time,
      EVENT_KINDS[kind[n] as number],
      tokens[n],
      sharedRead[n] === 1,
    ]);
  };
  return { output, reply, push, log };
}

const event = (fields: object) => sseEvents([fields], { done: false })[0] as string;

describe('stamps', () => {
  it('are the time of the read that completed the event', async () => {
    const { push, reply, log } = start();
    push(event({ add: 'a' }), 10);
    push(event({ add: 'b' }).slice(0, 9), 20);
    push(event({ add: 'b' }).slice(9), 30);
    await reply.finish(true);
    expect(log()).toEqual([
      [10, 'content', 0, false],
      [30, 'content', 0, false],
    ]);
  });

  it('mark the events that came in one read, in one piece or in several', async () => {
    const { push, reply, log } = start();
    push(event({ add: 'a' }) + event({ add: 'b' }), 10);
    push(event({ add: 'c' }), 10, true);
    push(event({ add: 'd' }), 20);
    await reply.finish(true);
    expect(log().map(([at, , , shared]) => [at, shared])).toEqual([
      [10, false],
      [10, true],
      [10, true],
      [20, false],
    ]);
  });

  it('do not mark the first event of a read whose first piece held none', async () => {
    const { push, reply, log } = start();
    push(event({ add: 'a' }), 10);
    push(event({ add: 'b' }).slice(0, 9), 20);
    push(event({ add: 'b' }).slice(9), 20, true);
    await reply.finish(true);
    expect(log().map(([at, , , shared]) => [at, shared])).toEqual([
      [10, false],
      [20, false],
    ]);
  });

  it('are taken when bytes come, however long parsers take', async () => {
    const slow = start(
      new Fields(() => {
        const until = Date.now() + 20;
        while (Date.now() < until);
      }),
    );
    const waiting = start(new Fields(() => new Promise((resolve) => setTimeout(resolve, 5))));
    for (const at of [1, 2, 3]) {
      slow.push(event({ add: 'a' }), at);
      waiting.push(event({ add: 'a' }), at + 10);
    }
    await Promise.all([slow.reply.finish(true), waiting.reply.finish(true)]);
    expect(slow.log().map(([at]) => at)).toEqual([1, 2, 3]);
    expect(waiting.log().map(([at]) => at)).toEqual([11, 12, 13]);
  });

  it('come before any parser runs: parsing waits until the ready sockets are read', () => {
    let parsed = 0;
    const { push } = start(new Fields(() => (parsed += 1)));
    push(event({ add: 'a' }), 1);
    push(event({ add: 'b' }), 2);
    expect(parsed).toBe(0);
  });
});

describe('kinds', () => {
  it.each([
    ['a role', { role: 'assistant' }, 'role'],
    ['text added', { add: 'a' }, 'content'],
    ['the whole text so far', { content: 'a b' }, 'content'],
    ['reasoning', { reasoningContent: 'hm' }, 'reasoning'],
    ['tool-call arguments', { toolCalls: [{ name: 'f', arguments: '{' }] }, 'tool-call'],
    ['only a tool’s name', { toolCalls: [{ name: 'f', arguments: '' }] }, 'other'],
    ['a finish reason', { finishReason: 'stop' }, 'finish'],
    ['the last text with its finish reason', { add: '!', finishReason: 'stop' }, 'content'],
    ['usage', { inputTokens: 3, outputTokens: 1 }, 'usage'],
    ['nothing', {}, 'other'],
  ])('%s', async (_name, fields, kind) => {
    const { push, reply, log } = start();
    push(event(fields), 1);
    await reply.finish(true);
    expect(log()).toEqual([[1, kind, kind === 'content' ? expect.any(Number) : 0, false]]);
  });

  it('count a resent text once, and not when it did not grow', async () => {
    const { push, reply, log } = start();
    for (const content of ['a', 'a b', 'a b']) push(event({ content }), 1);
    await reply.finish(true);
    expect(log().map(([, kind]) => kind)).toEqual(['content', 'content', 'other']);
  });

  it('carry tokens where a running count gives them', async () => {
    const { push, reply, log } = start();
    push(event({ role: 'assistant', outputTokens: 0 }), 1);
    push(event({ add: 'a', outputTokens: 1 }), 2);
    push(event({ add: 'b c', outputTokens: 3 }), 3);
    push(event({ add: 'd' }), 4);
    await reply.finish(true);
    expect(log().map(([, , tokens]) => tokens)).toEqual([0, 1, 2, 0]);
  });

  it('carry none where the count comes late and covers earlier events', async () => {
    const { push, reply, log } = start();
    push(event({ add: 'a' }), 1);
    push(event({ add: 'b', outputTokens: 2 }), 2);
    await reply.finish(true);
    expect(log().map(([, , tokens]) => tokens)).toEqual([0, 0]);
  });

  it.each([0.5, -1, 1e300, null, 'many'])('are unknown where a running count becomes %j', async (count) => {
    const { push, reply, log } = start();
    push(event({ add: 'a', outputTokens: 1 }), 1);
    push(event({ add: 'b', outputTokens: count }), 2);
    await reply.finish(true);
    expect(log().at(-1)).toEqual([2, 'content', 0, false]);
  });
});

describe('failures', () => {
  const failureOf = async (pieces: readonly string[], { cleanEnd = true, model = new Fields() } = {}) => {
    const { push, reply } = start(model);
    for (const piece of pieces) push(piece, 1);
    await reply.finish(cleanEnd);
    return reply.failure;
  };

  it.each([
    ['nothing', '', 'bad-reply', /without a single event/],
    ['comments only', ': ping\n\n: ping\n\n', 'bad-reply', /without a single event/],
    ['a JSON body', '{"choices":[]}', 'bad-reply', /no event stream/],
    ['an error as JSON', '{"error":{"message":"boom"}}', 'server-error', /^boom$/],
    ['HTML', '<html><title>Login</title>', 'bad-reply', /no event stream.*Login/],
    ['no JSON', 'data: hello\n\n', 'bad-reply', /not JSON: hello/],
    ['an event that ended half', 'data: {"add":"a"}\n\ndata: {"ad', 'truncated', /inside an event/],
    ['an error event', 'data: {"error":{"message":"boom"}}\n\n', 'server-error', /^boom$/],
    ['an event of type error', 'event: error\ndata: boom\n\n', 'server-error', /^boom$/],
    ['an error that the model class sees', event({ error: 'boom' }), 'server-error', /^boom$/],
  ])('%s', async (_name, body, kind, message) => {
    const failure = await failureOf([body]);
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('takes empty events for what they are, signs of life', async () => {
    expect(await failureOf(['data:\n\n', event({ add: 'a' })])).toBeUndefined();
  });

  it('stops parsing at the first failure and at [DONE]', async () => {
    const seen: unknown[] = [];
    const model = new Fields((data) => seen.push(data));
    await failureOf([event({ a: 1 }), 'data: [DONE]\n\n', event({ a: 2 })], { model });
    await failureOf([event({ a: 3 }), event({ error: 'x' }), event({ a: 4 })], { model });
    expect(seen).toEqual([{ a: 1 }, { a: 3 }]);
  });

  it.each([
    ['at once', () => new Fields(() => fail())],
    ['later', () => new Fields(async () => fail())],
  ])('a parser that throws %s is a bug of the model class', async (_name, model) => {
    const failure = await failureOf([event({ add: 'a' })], { model: model() });
    expect(failure).toMatchObject({
      kind: 'model-bug',
      message: 'parseStreamResponse threw: no such field',
      bodyExcerpt: expect.stringContaining('stream-reply.test.ts'),
    });
  });

  it.each([
    { content: null },
    { content: 5 },
    { reasoningContent: null },
    { toolCalls: {} },
    { toolCalls: [{}] },
  ])('so is an output that is no text: %j', async (fields) => {
    expect(await failureOf([event(fields)])).toMatchObject({
      kind: 'model-bug',
      message: expect.stringMatching(/output\.\S+ must be/),
    });
  });
});

function fail(): never {
  throw new TypeError('no such field');
}

describe('events that are alike', () => {
  const words = fc.string({
    unit: fc.constantFrom('a', 'b', '"', '\\', '\n', 'é', '漢', '{'),
    maxLength: 16,
  });
  const rare = fc.constantFrom({ usage: 1 }, { note: ['x'] }, { add: 'c', more: 2 });
  const one = fc.oneof(
    { weight: 9, arbitrary: words.map((add) => ({ id: 'c1', list: [{ add }], add })) },
    { weight: 9, arbitrary: words.map((add) => ({ id: 'c1', list: [{ n: 1 }], add })) },
    rare,
  );

  it('reach the model as the events that they are, whatever the reads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: 12, maxLength: 40 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        async (events, cuts) => {
          const bytes = Buffer.from(sseEvents(events).join(''));
          const offsets = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
          for (const byEvent of [true, false]) {
            const seen: unknown[] = [];
            const { reply, log } = start(new Fields((data) => seen.push(structuredClone(data))));
            if (byEvent) {
              const pieces = sseEvents(events).map((text) => Buffer.from(text));
              const ends = pieces.map((_, n) => Buffer.concat(pieces.slice(0, n + 1)).length);
              const bounds = Int32Array.from(ends.flatMap((end, n) => [ends[n - 1] ?? 0, end]));
              reply.pushRead(bytes, bounds, pieces.length, 1, false);
            } else
              for (let n = 1; n < offsets.length; n++)
                reply.push(bytes.subarray(offsets[n - 1], offsets[n]), n, false);
            await reply.finish(true);
            expect(reply.failure).toBeUndefined();
            expect(seen).toEqual(events);
            expect(log()).toHaveLength(events.length);
          }
        },
      ),
    );
  });
});

it('says what a body is that is no event stream, also where its stretches come in one read', async () => {
  const { reply } = start();
  const body = '{"error":\r\n9\r\n {"message"\r\n8\r\n:"boom"}}';
  const bounds = Int32Array.from([0, 9, 14, 25, 30, body.length]);
  reply.pushRead(Buffer.from(body), bounds, 3, 1, false);
  await reply.finish(true);
  expect(reply.failure).toMatchObject({ kind: 'server-error', message: 'boom' });
});

it('parses what came while the model’s parser was at work, before the stream ends', async () => {
  const seen: unknown[] = [];
  const model = new Fields(async (data) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    seen.push(data.add);
  });
  const { push, reply } = start(model);
  for (const add of ['a', 'b', 'c', 'd']) push(event({ add }), 1);
  await expect.poll(() => seen).toEqual(['a', 'b', 'c', 'd']);
  await reply.finish(true);
  expect(reply.failure).toBeUndefined();
});

describe('a model that reads batches', () => {
  /** Reads events a while after it got them; `sizes` are those of its batches. */
  class Batches extends Fields {
    readonly sizes: number[] = [];
    readonly #calls: (count: number) => number;

    constructor(calls = (count: number) => count) {
      super();
      this.#calls = calls;
    }

    override async parseStreamBatch(
      events: readonly unknown[],
      output: RequestOutput,
      taken: () => void,
    ): Promise<void> {
      this.sizes.push(events.length);
      await new Promise((resolve) => setTimeout(resolve, 2));
      for (const data of events) {
        this.parseStreamResponse(data, output);
        if (this.#calls(events.length) > 0) taken();
      }
      for (let n = events.length; n < this.#calls(events.length); n++) taken();
    }
  }

  const read = async (model: Fields, pieces: readonly string[], waits: readonly number[] = []) => {
    const { push, reply, log, output } = start(model);
    for (const [n, piece] of pieces.entries()) {
      push(piece, n + 1);
      if (waits.includes(n)) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await reply.finish(true);
    return { events: log(), failure: reply.failure, content: output.content };
  };

  it('gets what waits at once: one trip for many events, each with its own stamp, kind and tokens', async () => {
    const pieces = [
      event({ role: 'assistant', outputTokens: 0 }),
      event({ add: 'a', outputTokens: 1 }),
      event({ add: 'b', outputTokens: 4 }) + event({ add: 'c', outputTokens: 5 }),
      event({ reasoningContent: 'hm' }),
      event({ finishReason: 'stop' }),
    ];
    const model = new Batches();
    const batched = await read(model, pieces);
    expect(model.sizes).toEqual([6]);
    expect(batched).toEqual(await read(new Fields(), pieces));
    expect(batched.events).toHaveLength(6);
  });

  it('has one batch at work, and the next one is what came meanwhile', async () => {
    const model = new Batches();
    const { push, reply, output } = start(model);
    push(event({ add: '1' }), 1);
    await expect.poll(() => model.sizes).toEqual([1]);
    for (const add of ['2', '3', '4']) push(event({ add }), 2);
    await reply.finish(true);
    expect(model.sizes).toEqual([1, 3]);
    expect(output.content).toBe('1234');
  });

  it('gives what one event after the other gives, whatever they are and however they come', async () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'é', '漢', '"', '\n'), maxLength: 3 });
    const one = fc.oneof(
      { weight: 20, arbitrary: word.map((add) => event({ add })) },
      { weight: 2, arbitrary: word.map((reasoningContent) => event({ reasoningContent })) },
      fc.constantFrom(
        'data: [DONE]\n\n',
        'data:\n\n',
        'data: {"ad\n\n',
        event({ error: 'boom' }),
        'event: error\ndata: boom\n\n',
        event({ toolCalls: {} }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { maxLength: 20 }),
        fc.array(fc.nat(20), { maxLength: 2 }),
        async (pieces, waits) => {
          const batched = await read(new Batches(), pieces, waits);
          const expected = await read(new Fields(), pieces);
          expect(batched.events).toEqual(expected.events);
          expect(batched.failure?.kind).toBe(expected.failure?.kind);
          // What follows a failure in its batch is in the output already.
          if (expected.failure === undefined) expect(batched.content).toBe(expected.content);
        },
      ),
    );
  });

  it.each([0, 3])('is at fault where it calls taken() %i times for two events', async (count) => {
    const { failure } = await read(new Batches(() => count), [event({ add: 'a' }) + event({ add: 'b' })]);
    expect(failure).toMatchObject({
      kind: 'model-bug',
      message: `parseStreamBatch threw: it called taken() ${count} times for 2 events`,
    });
  });

  it('may find several frames in an event, or none', async () => {
    class Pieces extends Fields {
      override async parseStreamBatch(
        events: readonly unknown[],
        output: RequestOutput,
        taken: (what?: BatchStep) => void,
      ) {
        for (const event of events) {
          const frames = (event as { add: string }).add.split('').filter((one) => one !== '-');
          if (frames.length === 0) taken('none');
          for (const [n, add] of frames.entries()) {
            this.parseStreamResponse({ add }, output);
            taken(n < frames.length - 1 ? 'part' : undefined);
          }
        }
      }
    }
    const { failure, content, events } = await read(new Pieces(), [
      event({ add: 'abc' }),
      event({ add: '-' }) + event({ add: 'd' }) + event({ add: '-' }),
    ]);
    expect([failure, content]).toEqual([undefined, 'abcd']);
    expect(events).toEqual([
      [1, 'content', 0, false],
      [1, 'content', 0, true],
      [1, 'content', 0, true],
      [2, 'content', 0, false],
    ]);
    const empty = await read(new Pieces(), [event({ add: '-' })]);
    expect(empty.failure).toMatchObject({
      kind: 'bad-reply',
      message: 'the stream ended without a single event',
    });
  });

  it('may find the reply at fault', async () => {
    const fault = { kind: 'bad-reply', message: 'no frame begins so' } as const;
    class Refusing extends Batches {
      override async parseStreamBatch(): Promise<void> {
        throw new ReplyError(fault);
      }
    }
    expect((await read(new Refusing(), [event({ add: 'a' })])).failure).toEqual(fault);
  });

  it('keeps the events that were in the output when it failed', async () => {
    class Broken extends Batches {
      override async parseStreamBatch(events: readonly unknown[], output: RequestOutput, taken: () => void) {
        this.parseStreamResponse(events[0], output);
        taken();
        throw new Error('the process is gone');
      }
    }
    const { failure, events } = await read(new Broken(), [event({ add: 'a' }) + event({ add: 'b' })]);
    expect(failure).toMatchObject({
      kind: 'model-bug',
      message: 'parseStreamBatch threw: the process is gone',
    });
    expect(events).toEqual([[1, 'content', 0, false]]);
  });
});
