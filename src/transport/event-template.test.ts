import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventTemplate } from './event-log.ts';
import { SseSplitter } from './sse.ts';

const chat = (content: string, more: object = {}) =>
  `data: ${JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more })}\n\n`;

/** What splitting and JSON.parse make of a text; undefined where it is not one event of JSON. */
function longWay(text: string): { data: unknown; type: string | undefined } | undefined {
  const events: { data: string; type: string | undefined }[] = [];
  const splitter = new SseSplitter({ onEvent: (data, type) => events.push({ data, type }) });
  splitter.feed('\n');
  splitter.feed(text);
  if (events.length !== 1 || !splitter.idle) return undefined;
  try {
    return { data: JSON.parse(events[0]!.data), type: events[0]!.type };
  } catch {
    return undefined;
  }
}

const read = (template: EventTemplate, text: string) => template.read(`#${text}#`, 1, text.length + 1);

describe('a template', () => {
  it('reads the next event of its kind', () => {
    const template = EventTemplate.of(chat(' the'), chat(' quick'))!;
    expect(read(template, chat('漢"\n\\'))).toEqual(longWay(chat('漢"\n\\'))!.data);
    expect(read(template, chat(''))).toEqual(longWay(chat(''))!.data);
    expect(read(template, chat('a', { usage: 1 }))).toBeUndefined();
    expect(read(template, chat('a').replace('"a"', '"a","b":"c"'))).toBeUndefined();
  });

  it('keeps the event type', () => {
    const delta = (text: string) => `event: content_block_delta\ndata: {"delta":{"text":"${text}"}}\n\n`;
    const template = EventTemplate.of(delta('a'), delta('b'))!;
    expect(template.type).toBe('content_block_delta');
    expect(read(template, delta('c'))).toEqual({ delta: { text: 'c' } });
  });

  it('gives data that nobody else holds', () => {
    const template = EventTemplate.of(chat('a'), chat('b'))!;
    const first = read(template, chat('c')) as any;
    first.choices[0].delta.content = 'spoilt';
    first.choices.push('more');
    expect(read(template, chat('c'))).toEqual(longWay(chat('c'))!.data);
  });

  it.each([
    ['equal events', chat('a'), chat('a')],
    ['events that differ in two places', chat('a', { n: 1 }), chat('b', { n: 2 })],
    ['events that differ in a number', chat('a', { n: 1 }), chat('a', { n: 2 })],
    ['events that differ in a key', 'data: {"a":1}\n\n', 'data: {"b":1}\n\n'],
    ['two events', chat('a') + chat('b'), chat('a') + chat('c')],
    ['texts without JSON', 'data: a\n\n', 'data: b\n\n'],
    ['half an event', 'data: {"a":"b"}\n', 'data: {"a":"c"}\n'],
    [
      'a key that would be the prototype',
      'data: {"__proto__":{"a":"b"}}\n\n',
      'data: {"__proto__":{"a":"c"}}\n\n',
    ],
  ])('is not made of %s', (_name, one, other) => {
    expect(EventTemplate.of(one, other)).toBeUndefined();
  });
});

const piece = fc.string({
  unit: fc.constantFrom('a', 'b', '"', '\\', '\n', ' ', 'é', '漢', '😀', '}', ','),
  maxLength: 20,
});
/** JSON with a text in it, and the same with another one. */
const shape = fc.constantFrom<(text: string) => unknown>(
  (text) => ({ a: text }),
  (text) => [{ a: 1, b: [null, { c: text, d: {} }], e: [] }],
  (text) => ({ 1: text, x: { y: 'a' }, z: '"' }),
  (text) => text,
  (text) => ({ a: text, b: text }),
  (text) => ({ [text]: 1 }),
);
const frame = fc.constantFrom<(json: string) => string>(
  (json) => `data: ${json}\n\n`,
  (json) => `data:${json}\r\n\r\n`,
  (json) => `event: x\ndata: ${json}\n\n`,
  (json) => `: hi\ndata: ${json}\nid: 4\n\n`,
  (json) => `data: ${json}\n`,
);

it('never reads anything but what the long way reads', () => {
  const wrong = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.replace('a', '"'),
    (text) => text.replace('b', '\n\ndata: 1\n\n'),
    (text) => text.replace('a', '\\u00e9'),
    (text) => text.slice(1),
    (text) => text.slice(0, -1),
  );
  let hits = 0;
  fc.assert(
    fc.property(shape, frame, piece, piece, piece, wrong, (make, wrap, one, other, next, spoil) => {
      const of = (text: string) => wrap(JSON.stringify(make(text)));
      const template = EventTemplate.of(of(one), of(other));
      if (template === undefined) return;
      const text = spoil(of(next));
      const data = read(template, text);
      if (data === undefined) return;
      hits += 1;
      expect({ data, type: template.type }).toEqual(longWay(text));
    }),
    { numRuns: 3000 },
  );
  expect(hits).toBeGreaterThan(100);
});
