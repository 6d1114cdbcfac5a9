/**
 * Hostile text for everything that reads text. Whatever comes in, a reader gives a value or one error of ours: it does not crash,
 * hang or change what objects inherit. `RELIABILITY_CASES` inputs for each reader.
 */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { RUN_FLAGS } from '../../src/cli/args/run-flags.ts';
import { AisBenchError } from '../../src/contract/errors.ts';
import { decodeRecord, decodeTranscript, encodeRecord } from '../../src/contract/record-codec.ts';
import { parseCsv } from '../../src/dataset/csv.ts';
import { parseJsonl } from '../../src/dataset/read.ts';
import type { Configurable, PredPostprocessor } from '../../src/evaluate/types.ts';
import { parseSlos } from '../../src/metrics/goodput.ts';
import { fillColumns } from '../../src/prompt/template.ts';
import { compileTemplate } from '../../src/python-data/jinja.ts';
import { parsePrometheus } from '../../src/scrape/reading.ts';
import { BadReplyError, Http1Parser } from '../../src/transport/http1-parser.ts';
import { SseReader } from '../../src/transport/sse.ts';
import { readText } from '../support/python-values.ts';
import { sampleAnswer } from '../support/sample-record.ts';

const CASES = Number(process.env['RELIABILITY_CASES'] ?? 10_000);
/** Milliseconds; a reader that hangs is killed with the whole test. */
const TIME = 1_200_000;

/** Pieces of what a reader expects, in any order, with anything between them. */
function soup(...pieces: readonly string[]): fc.Arbitrary<string> {
  const known = fc.constantFrom(
    ...pieces,
    '__proto__',
    'constructor',
    'prototype',
    '\0',
    '\r\n',
    '\u2028',
    '\ud800',
  );
  const part = fc.oneof({ weight: 4, arbitrary: known }, fc.string({ unit: 'binary', maxLength: 12 }));
  return fc.array(part, { maxLength: 24 }).map((parts) => parts.join(''));
}

/** A text with some of its characters taken out, doubled or replaced. */
function damaged(text: string): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(text.length), fc.nat(8), fc.string({ maxLength: 6 }));
  return fc
    .array(change, { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce((now, [at, cut, put]) => now.slice(0, at) + put + now.slice(at + cut), text),
    );
}

/** Errors that a person is meant to read. */
function isOurs(error: unknown): boolean {
  const name = (error as Error | undefined)?.constructor?.name;
  return (
    error instanceof AisBenchError ||
    error instanceof BadReplyError ||
    name === 'InvalidArgumentError' ||
    name === 'JinjaError'
  );
}

/** Runs a reader on many inputs; errors that are not ours are failures, with the input that made them. */
function survives(inputs: fc.Arbitrary<string>, read: (text: string) => unknown, share = 1): void {
  const property = fc.property(inputs, (text) => {
    try {
      read(text);
    } catch (error) {
      if (!isOurs(error)) throw error;
    }
  });
  fc.assert(property, { numRuns: Math.ceil(CASES * share) });
}

const INHERITED = Object.getOwnPropertyNames(Object.prototype).sort();
afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(INHERITED);
  expect(Object.getOwnPropertyNames(Array.prototype)).not.toContain('polluted');
});

const JSON_PIECES = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\u0000',
  '1e999',
  'null',
  '"__proto__":{"polluted":1}',
];
const RECORD = encodeRecord(
  sampleAnswer({
    events: [
      ['role', 1],
      ['content', 2, 1],
      ['finish', 3],
    ],
    input: 3,
    output: 1,
  }),
);
const EVENTS = soup(
  'data:',
  'data: {"a":1}',
  '\n',
  '\r',
  '\n\n',
  'event: x',
  'id: 1',
  ':',
  '[DONE]',
  '\ufeff',
);

describe.sequential(`${CASES} hostile inputs`, () => {
  it('events of a stream: cut anywhere, they are the same', { timeout: TIME }, () => {
    const cuts = fc.array(fc.nat(400), { maxLength: 6 });
    const property = fc.property(EVENTS, cuts, (text, places) => {
      const bytes = Buffer.from(text);
      const [cut, whole] = [eventsOf(bytes, places), eventsOf(bytes, [])];
      // `expect` takes longer than the reader.
      if (!isDeepStrictEqual(cut, whole)) expect(cut).toEqual(whole);
    });
    fc.assert(property, { numRuns: CASES });
  });

  it('replies of HTTP', { timeout: TIME }, () => {
    const replies = soup(
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'content-length: 5\r\n',
      'transfer-encoding: chunked\r\n',
      '5\r\nhello\r\n',
      '0\r\n\r\n',
      '\r\n',
      'ffffffffffffff\r\n',
      'connection: close\r\n',
    );
    survives(replies, (text) => new Heard().take(Buffer.from(text, 'latin1')));
  });

  it('records', { timeout: TIME }, () => {
    survives(fc.oneof(damaged(RECORD), soup(...JSON_PIECES, '"v":1', '"call"', '"times"')), (line) =>
      decodeRecord(line, 'f:1'),
    );
  });

  it('predictions', { timeout: TIME }, () => {
    const line =
      '{"id":0,"uuid":"a","gold":"1","prediction":"x","origin_prompt":[{"role":"user"}],"success":true}';
    survives(fc.oneof(damaged(line), soup(...JSON_PIECES)), (text) => decodeTranscript(text, 'f:1'));
  });

  it('rows of JSON lines', { timeout: TIME }, () => {
    survives(soup(...JSON_PIECES, '\n'), (text) => noOneElses(parseJsonl(text, 'f')));
  });

  it('rows of CSV', { timeout: TIME }, () => {
    survives(soup('a,b\n', '"', '""', ',', '\n', '\r', '\ufeff', '__proto__,b\n1,2'), (text) =>
      noOneElses(parseCsv(text, 'f')),
    );
  });

  it('Jinja templates', { timeout: TIME }, () => {
    const pieces = soup(
      '{{',
      '}}',
      '{%',
      '%}',
      ' if ',
      ' for ',
      ' in ',
      'endif',
      'endfor',
      'a',
      '.',
      '[',
      ']',
      '|',
      'upper',
      "'",
      '+',
      '1',
      '(',
      ')',
      'set x=',
      '-',
      '{#',
      '#}',
    );
    survives(pieces, (text) => compileTemplate(text)({ a: 'text', b: [1, 2], c: { d: 1 } }));
  });

  it('templates of AISBench', { timeout: TIME }, () => {
    survives(soup('{', '}', '{a}', '{{', '}}', '{__proto__}', '{a.b}', '{a[0]}'), (text) =>
      fillColumns(text, { a: 'x' }),
    );
  });

  it('configs in Python', { timeout: TIME }, async () => {
    const pieces = soup(
      'x',
      '=',
      ' ',
      '\n',
      '\n    ',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      ':',
      ',',
      'for i in ',
      'range(9**9)',
      'def f():',
      'return ',
      'lambda: ',
      'if ',
      'while True:',
      'dict(',
      '*',
      '**',
      '1',
      '"a"',
      "f'{x}'",
      'import os',
      'from a import b',
      '.__class__',
      '%',
      '+',
      'not ',
      'x.append(x)',
      '@',
    );
    const property = fc.asyncProperty(pieces, async (text) => {
      const error = await readText(text).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error === undefined || isOurs(error), String((error as Error)?.stack)).toBe(true);
    });
    await fc.assert(property, { numRuns: Math.ceil(CASES / 10) });
  });

  it('metrics of a server', { timeout: TIME }, () => {
    survives(
      soup(
        '# HELP a b\n',
        '# TYPE a histogram\n',
        'a_bucket{le="',
        '"}',
        ' 1',
        ' NaN',
        '+Inf',
        '\n',
        '{',
        '}',
        '\\"',
        'e',
      ),
      (text) => parsePrometheus(text, () => true),
    );
  });

  it('values of flags', { timeout: TIME }, () => {
    const specs = RUN_FLAGS.filter(({ parse }) => parse !== undefined);
    const values = soup(
      '1',
      '-',
      'e9',
      '.',
      '..',
      ':',
      '@',
      ',',
      '=',
      's',
      'ms',
      '%',
      'inf',
      'NaN',
      'exponential:',
      '0x',
    );
    for (const { parse } of specs) survives(values, (text) => parse!(text), 1 / specs.length);
    survives(soup('ttft', ':', '=', 'p99', '1', 'ms', ' ', ','), (text) => {
      try {
        parseSlos(text);
      } catch (error) {
        // Whoever calls it says where the text stands.
        if ((error as Error).constructor !== Error) throw error;
      }
    });
  });

  it('extractors, each shipped one', { timeout: TIME }, async () => {
    const answers = soup(
      'The answer is ',
      '(A)',
      '\\boxed{',
      '}',
      '$',
      '<think>',
      '</think>',
      '答案：',
      'A',
      'B.',
      '####',
      '1,234.5',
      '\n',
      '```python\n',
      '```',
      '\\frac{1}{2}',
      '**',
      'def f(x):',
      '[',
      ']',
      '{"a": 1}',
    );
    const loaded = await Promise.all(Object.values(catalog.predPostprocessors).map((load) => load()));
    const extractors = loaded.map(made).filter((one) => one !== undefined);
    expect(extractors.length).toBeGreaterThan(0.8 * loaded.length);
    for (const { fixed, compat } of extractors)
      for (const extract of [fixed, compat]) survives(answers, extract, 1 / (2 * extractors.length));
  });
});

/** Events of a stream that comes in pieces, cut at these places. */
function eventsOf(bytes: Buffer, places: readonly number[]): unknown[] {
  const events: unknown[] = [];
  const reader = new SseReader((event) => events.push(event));
  const cuts = [...new Set([0, ...places.map((place) => Math.min(place, bytes.length)), bytes.length])];
  cuts.sort((a, b) => a - b);
  for (const [n, cut] of cuts.slice(1).entries()) reader.feed(bytes.subarray(cuts[n], cut));
  reader.end();
  return events;
}

class Heard extends Http1Parser {
  take(bytes: Buffer): void {
    this.expect();
    this.parse(bytes, bytes.length);
    this.close();
  }
  protected override onHead(): void {}
  protected override onBody(): void {}
  protected override onReplyEnd(): void {}
}

/** Rows have the keys that are theirs: none reaches what all objects inherit. */
function noOneElses(rows: readonly object[]): void {
  for (const row of rows)
    if ('polluted' in row && !Object.hasOwn(row, 'polluted')) throw new Error('inherited');
}

/** An extractor as it is shipped, or with no options where it takes some; undefined where it needs them. */
function made(given: Configurable<PredPostprocessor>): PredPostprocessor | undefined {
  if (typeof given !== 'function') return given;
  try {
    return given({});
  } catch (error) {
    if (isOurs(error)) return undefined;
    throw error;
  }
}
