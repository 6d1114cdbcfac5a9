import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BaseAPIModel, type FrameSplitter, type Framing } from '../contract/base-api-model.ts';
import { RequestOutput } from '../contract/output.ts';
import { modelOptions, streamPieces } from '../testing/index.ts';
import { JsonArraySplitter } from './framing.ts';
import { StreamReply } from './stream-reply.ts';

/** Keeps what its parser gets. */
class Keeper extends BaseAPIModel {
  readonly seen: unknown[] = [];
  readonly #framing: Framing;
  readonly #splitter: FrameSplitter | undefined;

  constructor(framing: Framing, splitter?: FrameSplitter) {
    super(modelOptions({ stream: true }));
    this.#framing = framing;
    this.#splitter = splitter;
  }

  getUrl = () => 'http://host/';
  getRequestBody = () => ({});
  override getFraming = () => this.#framing;
  override makeSplitter = () => this.#splitter!;

  override parseStreamResponse(data: any, output: RequestOutput): void {
    this.seen.push(structuredClone(data));
    if (data?.boom) output.error = data.boom;
    output.content += 'x';
  }
}

interface Body {
  readonly framing: Framing;
  readonly body: string | Uint8Array;
  readonly cuts?: readonly number[];
  readonly cleanEnd?: boolean;
  readonly splitter?: FrameSplitter;
}

/** Reads a body in pieces, a read a millisecond. */
async function read({ framing, body, cuts = [], cleanEnd = true, splitter }: Body) {
  const model = new Keeper(framing, splitter);
  const reply = new StreamReply(model, new RequestOutput());
  const bytes = Buffer.from(body);
  const bounds = [0, ...cuts.filter((cut) => cut > 0 && cut < bytes.length), bytes.length];
  for (let n = 1; n < bounds.length; n++) {
    // What a socket reads into is used again.
    const piece = Buffer.from(bytes.subarray(bounds[n - 1], bounds[n]));
    reply.push(piece, n, false);
    piece.fill(0x23);
  }
  await reply.finish(cleanEnd);
  return { seen: model.seen, failure: reply.failure, at: Array.from(reply.events.toLog().at) };
}

/** Frames of a length byte and as many bytes. */
function lengths(): FrameSplitter {
  let rest = Buffer.alloc(0);
  return {
    push(bytes) {
      rest = Buffer.concat([rest, bytes]);
      const frames: Uint8Array[] = [];
      while (rest.length > 0 && rest.length > rest[0]!) {
        if (rest[0] === 255) throw new Error('a frame of 255 bytes');
        frames.push(rest.subarray(1, 1 + rest[0]!));
        rest = rest.subarray(1 + rest[0]!);
      }
      return frames;
    },
    end() {
      if (rest.length > 0) throw new Error(`${rest.length} bytes are left`);
      return [];
    },
  };
}

const JSON_FRAMINGS = ['ndjson', 'json-array'] as const;

describe('every cut gives the same frames', () => {
  const json = fc.oneof(
    { weight: 4, arbitrary: fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 8 }) }) },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
  const cuts = fc
    .array(fc.nat(400), { maxLength: 30 })
    .map((list) => [...new Set(list)].sort((a, b) => a - b));

  it.each(JSON_FRAMINGS)('of %s, whatever the JSON', async (framing) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(json, { minLength: 1, maxLength: 8 }),
        cuts,
        fc.boolean(),
        async (values, at, spaced) => {
          const shown = values.filter((value) => !hasError(value));
          const pieces =
            spaced && framing === 'json-array'
              ? [`\ufeff \r\n[ ${shown.map((value) => JSON.stringify(value, null, 1)).join(' ,\n')} ,\t] \n`]
              : streamPieces(shown, { framing });
          const { seen, failure } = await read({ framing, body: pieces.join(''), cuts: at });
          expect(seen).toEqual(shown.map((value) => JSON.parse(JSON.stringify(value))));
          if (shown.length > 0) expect(failure).toBeUndefined();
        },
      ),
    );
  });

  it('of sse-events, names, blanks and [DONE] included', async () => {
    const event = fc.record({
      data: fc.string({ unit: fc.constantFrom('a', 'é', '漢', ' ', '\n', '{', ':'), maxLength: 6 }),
      type: fc.constantFrom(undefined, 'token', 'ping'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 6 }), cuts, async (events, at) => {
        const body = streamPieces(events, { framing: 'sse-events', done: true }).join('');
        const { seen } = await read({ framing: 'sse-events', body, cuts: at });
        expect(seen).toEqual([...events, { data: '[DONE]', type: undefined }]);
      }),
    );
  });

  it('of bytes, as the splitter of the class cuts them', async () => {
    const frame = fc.uint8Array({ maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), cuts, async (frames, at) => {
        const body = Buffer.concat(frames.map((bytes) => Buffer.from([bytes.length, ...bytes])));
        const { seen, failure } = await read({ framing: 'bytes', body, cuts: at, splitter: lengths() });
        expect(failure).toBeUndefined();
        expect(seen.map((bytes) => [...(bytes as Uint8Array)])).toEqual(frames.map((bytes) => [...bytes]));
      }),
    );
  });
});

function hasError(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'error' in value;
}

describe('a frame is stamped by the read that its last character came in', () => {
  it.each([
    ['ndjson', '{"a":1}\n{"a":2}\n', [4, 8, 12], [2, 4]],
    ['json-array', '[{"a":1}\n,{"a":2}]', [4, 8, 12], [2, 4]],
    ['json-array', '["a", 12 ,3]', [4, 7, 9, 11], [1, 3, 5]],
    ['sse-events', 'data: a\n\ndata: b\n\n', [4, 9, 12], [2, 4]],
  ] as [Framing, string, number[], number[]][])('%s %j', async (framing, body, cuts, at) => {
    expect((await read({ framing, body, cuts })).at).toEqual(at);
  });
});

describe('a body that is not what its framing says', () => {
  it.each([
    ['ndjson', '{"a":1}\nhello\n', 'bad-reply', 'a line is not JSON: hello', 1],
    ['ndjson', '{"a":1}\n{"a":', 'truncated', 'the stream ended inside a line: {"a":', 1],
    ['ndjson', '', 'bad-reply', 'the stream ended without a single line', 0],
    ['ndjson', '\n \r\n', 'bad-reply', 'the stream ended without a single line', 0],
    ['ndjson', '{"a":1}\n[DONE] {"a":2}\n', 'bad-reply', 'a line is not JSON: [DONE] {"a":2}', 1],
    ['ndjson', '{"a":1}\n{"error":{"message":"boom"}}\n{"a":2}\n', 'server-error', 'boom', 1],
    ['json-array', '[{"error":{"message":"boom"}}]', 'server-error', 'boom', 0],
    ['json-array', '[{"a":1},{"error":"boom"},{"a":2}]', 'server-error', 'boom', 1],
    ['json-array', '{"error":{"code":4,"message":"boom"}}', 'server-error', 'boom', 0],
    [
      'json-array',
      '{"a":1}',
      'bad-reply',
      'the reply is no JSON array (does the service stream here?): {"a":1}',
      0,
    ],
    [
      'json-array',
      '<html><title>Login</title>',
      'bad-reply',
      'the reply is no JSON array (does the service stream here?): an HTML page ("Login")',
      0,
    ],
    ['json-array', '', 'bad-reply', 'the stream ended without a single element', 0],
    ['json-array', ' [ ] ', 'bad-reply', 'the stream ended without a single element', 0],
    ['json-array', '[{"a":1}', 'truncated', 'the stream ended before the end of its JSON array', 1],
    ['json-array', '[{"a":1},', 'truncated', 'the stream ended before the end of its JSON array', 1],
    ['json-array', '[', 'truncated', 'the stream ended before the end of its JSON array', 0],
    ['json-array', '[{"a":1},{"b', 'truncated', 'the stream ended inside an element: {"b', 1],
    ['json-array', '[{"a":1},,{"a":2}]', 'bad-reply', 'the JSON array is damaged at ,{"a":2}]', 1],
    ['json-array', '[{"a":1}{"a":2}]', 'bad-reply', 'the JSON array is damaged at {"a":2}]', 1],
    ['json-array', '[{"a":1}] 5', 'bad-reply', 'the JSON array is damaged at 5', 1],
    ['json-array', '[{"a":1},{a}]', 'bad-reply', 'an element is not JSON: {a}', 1],
    ['sse-events', ': ping\n\n', 'bad-reply', 'the stream ended without a single event', 0],
    ['sse-events', '{"error":"boom"}', 'server-error', 'boom', 0],
    ['bytes', '', 'bad-reply', 'the stream ended without a single frame', 0],
    ['bytes', '\u0001a\u0005b', 'truncated', 'the stream ended inside a frame: 2 bytes are left', 1],
  ] as [Framing, string, string, string, number][])('%s %j', async (framing, body, kind, message, events) => {
    const options = framing === 'bytes' ? { framing, body, splitter: lengths() } : { framing, body };
    const { failure, seen } = await read(options);
    expect(failure).toMatchObject({ kind, message });
    expect(seen).toHaveLength(events);
    const bytes = Buffer.from(body);
    const everyByte = Array.from({ length: bytes.length }, (_, n) => n);
    const cut = await read({
      ...options,
      cuts: everyByte,
      ...(framing === 'bytes' ? { splitter: lengths() } : {}),
    });
    expect(cut.failure?.kind).toBe(kind);
    expect(cut.seen).toEqual(seen);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('bad prelude');
      },
      'bad prelude',
    ],
    ['returns no list', () => undefined, 'the splitter returned no list of frames'],
  ])('bytes that the splitter %s on, and nothing more reaches it', async (_name, fault, words) => {
    let calls = 0;
    const splitter = {
      push: () => {
        calls += 1;
        return calls === 1 ? ['a'] : (fault() as unknown as []);
      },
    };
    const { failure, seen } = await read({ framing: 'bytes', body: 'abcd', cuts: [1, 2, 3], splitter });
    expect(failure).toMatchObject({
      kind: 'bad-reply',
      message: `the reply cannot be cut into frames: ${words}`,
      bodyExcerpt: 'b',
    });
    expect([seen, calls]).toEqual([['a'], 2]);
  });
});

it('is not cut off where the connection broke: the transport says so', async () => {
  const { failure, seen } = await read({ framing: 'json-array', body: '[{"a":1},{"b', cleanEnd: false });
  expect([failure, seen]).toEqual([undefined, [{ a: 1 }]]);
});

it('leaves errors of its own framing to the class', async () => {
  const body = 'data: {"error":"x"}\n\nevent: error\ndata: y\n\n';
  const { failure, seen } = await read({ framing: 'sse-events', body });
  expect(failure).toBeUndefined();
  expect(seen).toEqual([
    { data: '{"error":"x"}', type: undefined },
    { data: 'y', type: 'error' },
  ]);
});

it.each(['ndjson', 'json-array', 'bytes', 'sse-events'] as const)(
  'bounds what is open of a %s frame',
  (framing) => {
    const splitter = { push: () => [] };
    const reply = new StreamReply(new Keeper(framing, splitter), new RequestOutput());
    const block = Buffer.alloc(1024 * 1024, 'x');
    reply.push(Buffer.from(framing === 'json-array' ? '["' : framing === 'ndjson' ? '"' : 'data:'), 1, false);
    for (let n = 0; n < 16; n++) {
      expect(reply.eventIsTooLarge).toBe(false);
      reply.push(block, n + 2, false);
    }
    expect(reply.eventIsTooLarge).toBe(true);
  },
);

it('forgets an element that is complete', () => {
  const splitter = new JsonArraySplitter({
    onEvent: () => {},
    onFrame: () => {},
    onBroken: () => {},
    eventIsTooLarge: false,
  });
  splitter.feed('[{"a":"');
  splitter.feed('xxxxx');
  expect(splitter.openLength).toBe(11);
  splitter.feed('"}');
  expect(splitter.openLength).toBe(0);
});
