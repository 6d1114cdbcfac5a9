import { describe, expect, it } from 'vitest';
import { unescaped } from './escapes.ts';

const text = { raw: false, bytes: false };
const bytes = { raw: false, bytes: true };

describe('escapes in a literal', () => {
  it.each([
    [String.raw`\n\t\\\'\"\a\v\0`, text, '\n\t\\\'"\x07\v\0'],
    [String.raw`\x41Z\x4a2`, text, 'AZJ2'],
    [String.raw`\u00e9f\U0001f600a`, text, 'éf😀a'],
    [String.raw`\101\777\1018`, text, 'Aǿ' + 'A8'],
    [String.raw`\777`, bytes, 'ÿ'],
    [String.raw`\u00e9\N{dash}\xe9`, bytes, String.raw`\u00e9\N{dash}é`],
    [String.raw`\q\9fe`, text, String.raw`\q\9fe`],
    ['a\\\r\nb\r\nc', text, 'ab\nc'],
    [String.raw`\n\x`, { raw: true, bytes: false }, String.raw`\n\x`],
  ])('%j', (body, kind, expected) => {
    expect(unescaped(body, kind)).toBe(expected);
  });

  it.each([
    [String.raw`\x4`, text, '"\\x4" is no character'],
    [String.raw`\u12`, text, '"\\u12" is no character'],
    [String.raw`\U00110000`, text, '"\\U00110000" is no character'],
    [String.raw`\N{dash}`, text, 'by name'],
    ['é', bytes, 'ASCII'],
  ])('refuses %j', (body, kind, why) => {
    expect(() => unescaped(body, kind)).toThrow(SyntaxError);
    expect(() => unescaped(body, kind)).toThrow(why);
  });
});
