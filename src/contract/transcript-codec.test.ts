import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Transcript } from './record.ts';
import { decodeTranscript, encodeTranscript } from './record-codec.ts';

/** Any data as JSON keeps it (-0 comes back as 0). */
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const text = fc.string({ unit: 'binary' });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const transcript: fc.Arbitrary<Transcript> = fc.record({
  call: fc.record(
    {
      id: text,
      model: text,
      dataset: text,
      index: fc.nat(),
      repetition: fc.nat(),
      turn: fc.nat(),
      turns: fc.nat(),
    },
    { requiredKeys: ['id', 'model', 'dataset', 'index', 'repetition'] },
  ),
  success: fc.boolean(),
  prompt: json,
  content: text,
  reasoningContent: text,
  toolCalls: fc.array(json),
  finishReason: optional(text) as fc.Arbitrary<string>,
  gold: optional(json),
  failure: optional(fc.record({ kind: fc.constant('connect' as const), message: text })) as fc.Arbitrary<any>,
  details: optional(fc.dictionary(text, json)) as fc.Arbitrary<any>,
});

const EXAMPLE: Transcript = {
  call: { id: 'u-1', model: 'm', dataset: 'gsm8k', index: 4, repetition: 1 },
  success: true,
  prompt: [{ role: 'user', content: '1 + 1?' }],
  content: '2',
  reasoningContent: '',
  toolCalls: [],
  finishReason: 'stop',
  gold: '2',
};

it('comes back as it was, on one line', () => {
  fc.assert(
    fc.property(transcript, (original) => {
      const line = encodeTranscript(original);
      expect(line).not.toMatch(/[\r\n]/);
      expect(decodeTranscript(line, 'p.jsonl:1')).toEqual(original);
    }),
  );
});

it('begins with AISBench’s fields, under their names', () => {
  expect(encodeTranscript(EXAMPLE)).toMatch(
    /^\{"data_abbr":"gsm8k","id":4,"success":true,"uuid":"u-1","origin_prompt":\[.*\],"prediction":"2","gold":"2",/,
  );
});

it('the turns of a dialogue share their uuid', () => {
  const turn = { ...EXAMPLE.call, turn: 1, turns: 3 };
  expect(JSON.parse(encodeTranscript({ ...EXAMPLE, call: turn }))).toMatchObject({
    uuid: 'u-1',
    turn_id: 1,
    turns: 3,
  });
  expect(encodeTranscript(EXAMPLE)).not.toContain('turn');
});

describe('the prediction', () => {
  it.each([
    ['a', '', 'a'],
    ['a', 'hm', 'hm</think>a'],
    ['', 'hm', 'hm'],
  ])('of content %j and reasoning %j is %j', (content, reasoningContent, prediction) => {
    const line = encodeTranscript({ ...EXAMPLE, content, reasoningContent });
    expect(JSON.parse(line)).toMatchObject({ prediction, content, reasoning_content: reasoningContent });
  });
});

it.each(['', '{"uuid":"a"', 'null', '5', '[]', '{}', '{"uuid":"a","content":null}'])(
  'refuses %j, naming the place',
  (line) => {
    expect(() => decodeTranscript(line, 'p.jsonl:7')).toThrow(
      expect.objectContaining({ code: 'RUN-DATA-001', where: 'p.jsonl:7' }),
    );
  },
);
