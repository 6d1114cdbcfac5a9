import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pyRepr } from '../../python-data/repr.ts';
import { javaValue } from './java.ts';
import { jsValue } from './javascript.ts';

describe('values in Java', () => {
  it.each([
    ['7', 'integer', undefined, '7'],
    ['7L', 'integer', undefined, "'7L'"],
    ['7L', 'long', undefined, '7'],
    ['1.5e2f', 'float', undefined, '150.0'],
    ['1.5', 'float', undefined, "'1.5'"],
    ['2', 'double', undefined, '2.0'],
    ['true', 'boolean', undefined, 'True'],
    ['True', 'boolean', undefined, "'True'"],
    ["'a'", 'char', undefined, '"\'a\'"'],
    ['new int[]{1, 2}', 'Array', 'integer', '[1, 2]'],
    ['new int[] { }', 'Array', 'integer', '[]'],
    ['new Object[]{1, "b", 2.5f, 3L, x}', 'Array', undefined, "[1, 'b', 2.5, 3, 'x']"],
    ['new ArrayList<>(Arrays.asList("a", "b"))', 'ArrayList', 'String', "['a', 'b']"],
    ['new ArrayList<Integer>() {{ add(1); add(2); }}', 'ArrayList', 'integer', '[1, 2]'],
    ['new ArrayList<Integer>()', 'ArrayList', 'integer', '[]'],
    ['List.of(1)', 'ArrayList', 'integer', "'List.of(1)'"],
    [
      'new HashMap<String, Object>() {{ put("a", 1); put("b", "c"); }}',
      'HashMap',
      undefined,
      "{'a': 1, 'b': 'c'}",
    ],
    ['new HashMap<>() { { put("a", true); } }', 'HashMap', undefined, "{'a': True}"],
    ['new HashMap<>()', 'HashMap', undefined, '{}'],
    ['5', 'any', undefined, "'5'"],
  ])('%s as %s of %s', (text, type, items, shown) => {
    expect(pyRepr(javaValue(text, type, items))).toBe(shown);
  });
});

describe('values in JavaScript', () => {
  it.each([
    ['"a"', 'String', undefined, "'a'"],
    ['a', 'String', undefined, "'a'"],
    ['7', 'float', undefined, '7.0'],
    ['7n', 'Bigint', undefined, '7'],
    ['7.5', 'integer', undefined, "'7.5'"],
    ['false', 'Boolean', undefined, 'False'],
    ['[1, 2]', 'array', 'integer', '[1, 2]'],
    ['[\'a\', "b"]', 'array', 'String', "['a', 'b']"],
    ['new Array(1.5, x)', 'array', undefined, "[1.5, 'x']"],
    ['[[1, 2], [3]]', 'array', undefined, '[[1, 2], [3]]'],
    ['[]', 'array', undefined, '[]'],
    ['{a: 1, "b": [true, "c"], d: e}', 'dict', undefined, "{'a': 1, 'b': [True, 'c'], 'd': 'e'}"],
    ['{}', 'dict', undefined, '{}'],
    ['x', 'dict', undefined, "'x'"],
  ])('%s as %s of %s', (text, type, items, shown) => {
    expect(pyRepr(jsValue(text, type, items))).toBe(shown);
  });
});

it('any text is read, soon', () => {
  const long = fc.constantFrom(
    '{',
    '[',
    'a:',
    ', ',
    '\n',
    'new HashMap<>() {',
    'new ArrayList<>() {{ ',
    '[1],',
    'put("',
    ' ',
  );
  const text = fc.array(fc.tuple(long, fc.integer({ min: 1, max: 300 })), { maxLength: 5 });
  fc.assert(
    fc.property(
      text,
      fc.constantFrom('Array', 'ArrayList', 'HashMap', 'array', 'dict', 'float', 'double'),
      (parts, type) => {
        const code = parts.map(([part, times]) => part.repeat(times)).join('');
        expect(() => [javaValue(code, type), jsValue(code, type)]).not.toThrow();
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
