import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePyJson } from './json.ts';
import { pyRepr } from './repr.ts';
import { isPyList, PyDict, PyOpaque, PyTuple, type PyValue, pyEqual, pyTypeName } from './value.ts';

/** The value as JSON.parse would give it. */
function plain(value: PyValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isPyList(value)) return value.map(plain);
  if (value instanceof PyDict) return Object.fromEntries([...value.entries()].map(([k, v]) => [k, plain(v)]));
  return value;
}

describe('JSON as Python reads it', () => {
  it.each([
    ['7', '7'],
    ['7.0', '7.0'],
    ['-0', '0'],
    ['1e2', '100.0'],
    ['123456789012345678901', '123456789012345678901'],
    [' [true, null, "it\'s\\n"] ', '[True, None, "it\'s\\n"]'],
    ['{"a": 1, "b": {}, "a": 2.5}', "{'a': 2.5, 'b': {}}"],
    ['[NaN, Infinity, -Infinity, 1e999]', '[nan, inf, -inf, inf]'],
    ['"\\ud83d\\ude00\\u00e9"', "'😀é'"],
  ])('%s is %s', (text, shown) => {
    expect(pyRepr(parsePyJson(text))).toBe(shown);
  });

  it.each([
    '',
    '[1,]',
    '{"a" 1}',
    "{'a': 1}",
    '"a\nb"',
    '"\\x41"',
    '01',
    '+1',
    '.5',
    '[1] 2',
    '"\\u12g4"',
    '{"a": 1,}',
    '[',
    '"',
  ])('%j is none', (text) => {
    expect(() => parsePyJson(text)).toThrow(SyntaxError);
  });

  it('says as JSON.parse what has no Python of its own', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(plain(parsePyJson(text))).toEqual(
          JSON.parse(text, (_, value) => (Object.is(value, -0) ? 0 : value)),
        );
      }),
    );
  });

  it('takes any text and throws nothing but SyntaxError', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parsePyJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }),
    );
  });
});

describe('values of Python', () => {
  it('are equal by worth, across int, float and bool alone', () => {
    const [one, text] = [new PyDict([[1n, 'x']]), new PyDict([[1.0, 'x']])];
    expect(pyEqual(one, text)).toBe(true);
    expect(pyEqual(7n, 7)).toBe(true);
    expect(pyEqual(true, 1n)).toBe(true);
    expect(pyEqual(2n ** 53n + 1n, 2 ** 53)).toBe(false);
    expect(pyEqual(Number.NaN, Number.NaN)).toBe(false);
    expect(pyEqual([1n], new PyTuple([1n]))).toBe(false);
    expect(pyEqual('1', 1n)).toBe(false);
    expect(pyEqual(new PyOpaque('bytes', "b'a'"), new PyOpaque('bytes', "b'a'"))).toBe(true);
  });

  it('know their types; a list is no key', () => {
    expect([null, true, 1n, 1, '', [], new PyTuple([]), new PyDict()].map(pyTypeName)).toEqual(
      'NoneType bool int float str list tuple dict'.split(' '),
    );
    expect(() => new PyDict([[[], 1n]])).toThrow("unhashable type: 'list'");
    expect(new PyDict([[new PyTuple([1n, 'a']), 2n]]).get(new PyTuple([1, 'a']))).toBe(2n);
    expect(pyRepr(new PyTuple([1n]))).toBe('(1,)');
  });
});
