import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SseEvent } from '../contract/base-api-model.ts';
import { SseReader } from './sse.ts';

/** Events of a byte stream that is read in the given pieces, each with the read in which it became complete. */
function eventsOf(pieces: readonly Uint8Array[], { end = true } = {}): (SseEvent & { read: number })[] {
  const events: (SseEvent & { read: number })[] = [];
  let read = 0;
  const reader = new SseReader((event) => events.push({ ...event, read }));
  for (const piece of pieces) {
    reader.feed(piece);
    read += 1;
  }
  if (end) reader.end();
  return events;
}

const dataOf = (text: string) => eventsOf([Buffer.from(text)]).map(({ data }) => data);

function cutAt(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const sorted = [0, ...offsets.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, n) => bytes.subarray(sorted[n], end));
}

describe('the standard', () => {
  it.each([
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['mixed line ends', 'data: a\r\n\ndata: b\r\n\rdata: c\n\r', ['a', 'b', 'c']],
    ['no space after the colon', 'data:a\n\n', ['a']],
    ['only one space is taken off', 'data:  a\n\n', [' a']],
    ['several data lines', 'data: a\ndata: b\n\n', ['a\nb']],
    ['comments', ': ping\n\n:\n\ndata: a\n: in between\n\n', ['a']],
    ['other fields', 'id: 7\nretry: 10\nwhat: ever\ndata: a\n\n', ['a']],
    ['a byte-order mark', '\uFEFFdata: a\n\n', ['a']],
    ['a byte-order mark only at the start', 'data: a\n\n\uFEFFdata: b\n\n', ['a']],
    ['blank lines between', '\n\n\n\ndata: a\n\n\n\n', ['a']],
    ['a last event without its blank line', 'data: a\n\ndata: b', ['a', 'b']],
    ['no event at all', '{"error":"no stream"}', []],
  ])('%s', (_name, text, events) => expect(dataOf(text)).toEqual(events));

  it('tells the event type', () => {
    expect(eventsOf([Buffer.from('event: error\ndata: a\n\ndata: b\n\n')])).toMatchObject([
      { data: 'a', type: 'error' },
      { data: 'b', type: undefined },
    ]);
  });
});

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const text = fc.string({
  unit: fc.constantFrom('a', ':', ' ', 'é', '漢', '😀', '{', '"', '\uFEFF'),
  maxLength: 8,
});
const block = fc.oneof(
  text.map((words) => [`: ${words}`]),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((lines) => lines.map((line) => `data: ${line}`)),
  text.map((words) => ['event: error', `data: ${words}`]),
);
const stream = fc
  .tuple(fc.array(block, { maxLength: 6 }), lineEnd, fc.boolean())
  .map(([blocks, eol, mark]) =>
    Buffer.from((mark ? '\uFEFF' : '') + blocks.map((lines) => [...lines, '', ''].join(eol)).join('')),
  );

it('gives the same events however the bytes are cut', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(), { maxLength: 12 }), (bytes, offsets) => {
      const withoutRead = ({ data, type }: SseEvent) => ({ data, type });
      const whole = eventsOf([bytes]).map(withoutRead);
      expect(eventsOf(cutAt(bytes, offsets)).map(withoutRead)).toEqual(whole);
      expect(eventsOf(cutAt(bytes, [...bytes.keys()])).map(withoutRead)).toEqual(whole);
    }),
  );
});

it.each(['\n', '\r\n', '\r'])('gives an event in the read that completes it, with line end %j', (eol) => {
  const events = ['a', 'b', 'c'].map((data) => Buffer.from(`data: ${data}${eol}${eol}`));
  expect(eventsOf(events, { end: false }).map(({ read }) => read)).toEqual([0, 1, 2]);
});

/** What another implementation makes of it: all of the text at once, its line ends as that one likes them. */
function eventsOfOther(bytes: Uint8Array): SseEvent[] {
  const events: SseEvent[] = [];
  const parser = createParser({ onEvent: ({ data, event }) => events.push({ data, type: event }) });
  const all = Buffer.from(bytes).toString('utf8');
  parser.feed(`${(all.startsWith('\uFEFF') ? all.slice(1) : all).replace(/\r\n?/g, '\n')}\n\n`);
  return events;
}

const words = fc.constantFrom(
  ...['data', 'event', 'id', 'retry', 'datas', ':', ' ', '  ', '\n', '\r', '\r\n', '\n\n', 'é', '漢', '😀'],
  ...['data: ', 'data:', 'event: error', '\uFEFF', '\0', '{"a":1}', '[DONE]', 'x'],
);

it('agrees with eventsource-parser on any text, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(words, { maxLength: 40 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (parts, offsets) => {
        const bytes = Buffer.from(parts.join(''));
        const events = eventsOf(cutAt(bytes, offsets)).map(({ data, type }) => ({ data, type }));
        expect(events).toEqual(eventsOfOther(bytes));
      },
    ),
    { numRuns: 2000 },
  );
});

it('agrees with eventsource-parser on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 6 }), (bytes, offsets) => {
      const events = eventsOf(cutAt(bytes, offsets)).map(({ data, type }) => ({ data, type }));
      expect(events).toEqual(eventsOfOther(bytes));
    }),
  );
});
