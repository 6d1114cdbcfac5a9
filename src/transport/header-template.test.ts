import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filled, headerProblem, withEnvironment } from './request-headers.ts';

const facts = { conversationId: 'c7', index: 3, repetition: 1, turn: 0 };

describe('fields', () => {
  it.each([
    ['{conversation_id}', 'c7'],
    ['row {index}, again {repetition}, turn {turn}', 'row 3, again 1, turn 0'],
    ['{"team":"x"}', '{"team":"x"}'],
    ['{}', '{}'],
    ['{index:2}', '{index:2}'],
    ['plain', 'plain'],
  ])('%s → %s', (value, text) => expect(filled(value, facts)).toBe(text));

  it('take environment variables, whose values are told', () => {
    const taken: string[] = [];
    const put = (text: string) => withEnvironment(text, { KEY: 's3cret', EMPTY: '' }, (v) => taken.push(v));
    expect(put('Bearer {env:KEY} {turn}')).toBe('Bearer s3cret {turn}');
    expect(taken).toEqual(['s3cret']);
    for (const name of ['EMPTY', 'NONE'])
      expect(() => put(`{env:${name}}`)).toThrow(`the environment variable ${name} is not set`);
  });
});

describe('what is no header', () => {
  it.each([
    ['X-Team', 'blue', undefined],
    ['X-Team', 'Zürich', undefined],
    ['X-Session', '{conversation_id}', undefined],
    ['X-Key', 'Bearer {env:KEY}', undefined],
    ['X-Json', '{"a":{"b":1}}', undefined],
    ['X Team', 'blue', 'this is no header name'],
    ['X-Team:', 'blue', 'this is no header name'],
    ['', 'blue', 'this is no header name'],
    ['Content-Length', '5', 'this header is written by the HTTP engine'],
    ['transfer-encoding', 'chunked', 'this header is written by the HTTP engine'],
    ['X-Team', 'a\nb', 'a header holds one line of Latin-1 text'],
    ['X-Team', '漢', 'a header holds one line of Latin-1 text'],
    ['X-Session', '{conversation}', 'there is no field {conversation}: did you mean {conversation_id}?'],
    ['X-Session', '{Index}', 'there is no field {Index}: did you mean {index}?'],
    ['X-Key', '{env}', '{env} names no variable: write {env:NAME}'],
    ['X-Key', '{env:}', '{env:} names no variable: write {env:NAME}'],
  ])('%s: %j → %s', (name, value, problem) => expect(headerProblem(name, value)).toBe(problem));

  it('never lets through what HTTP refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        if (headerProblem('x-a', value) === undefined) new Headers([['x-a', filled(value, facts)]]);
      }),
    );
  });
});
