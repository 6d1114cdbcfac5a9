import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

it.each([
  [
    '{"usage":{"prompt_tokens":NaN,"completion_tokens":3}}',
    { usage: { prompt_tokens: null, completion_tokens: 3 } },
  ],
  ['[Infinity, -Infinity,NaN]', [null, null, null]],
  ['NaN', null],
  [
    '{"text":"NaN, \\"Infinity\\" and -Infinity","n":NaN}',
    { text: 'NaN, "Infinity" and -Infinity', n: null },
  ],
  ['{"NaN":"\\\\","b":NaN}', { NaN: '\\', b: null }],
])('reads %s', (text, expected) => {
  expect(parseJson(text)).toEqual(expected);
});

it.each(['{"a":NaNa}', '{"a":1', 'NaN NaN', '{NaN:1}', '<html>NaN</html>'])('refuses %s', (text) => {
  expect(() => parseJson(text)).toThrow(SyntaxError);
});

it('reads JSON as it is, and with any number made NaN what remains', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      expect(parseJson(text)).toEqual(JSON.parse(text));
      expect(parseJson(`[${text},NaN,${text}]`)).toEqual([JSON.parse(text), null, JSON.parse(text)]);
    }),
  );
});
