import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compactNumber, plainNumber, shortDuration } from './numbers.ts';
import { clip, displayWidth, oneLine, wrap } from './text.ts';

test.each([
  ['abc', 3],
  ['数据集', 6],
  ['ａ，', 4],
  ['한글', 4],
  ['e\u0301', 1],
  ['\x1b[1mbold\x1b[22m', 4],
  ['😀', 2],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('clip never cuts a character in half', () => {
  expect(clip('数据集', 5)).toBe('数据');
});

test('foreign text cannot steer the terminal', () => {
  expect(oneLine('bad\x1b[31m\x1b]0;title\x07\r\n  gateway\u202e')).toBe('bad ]0;title gateway');
});

test.each([
  ['the quick brown fox', 9, ['the quick', 'brown fox']],
  ['vllm-api-stream-chat', 10, ['vllm-api-', 'stream-', 'chat']],
  ['abcdefgh', 3, ['abc', 'def', 'gh']],
  ['中国近现代史', 5, ['中国', '近现', '代史']],
])('%j wrapped at %i', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
});

test('wrapped lines fit, and hold every character but spaces', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '-', ' ', '中', '/', 'xyz') });
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 20 }), (source, width) => {
      const lines = wrap(source, width);
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join('').replaceAll(' ', '')).toBe(source.replaceAll(' ', ''));
    }),
  );
});

test.each([
  [0, '0'],
  [0.0004, '<.001'],
  [0.12345, '0.123'],
  [9.9996, '10.00'],
  [109, '109'],
  [99999.7, '100k'],
  [12345.6, '12346'],
  [1234567, '1235k'],
  [123456789, '123M'],
  [1e20, '>999T'],
  [-2.5, '-2.500'],
])('%d in five characters: %s', (value, text) => {
  expect(compactNumber(value)).toBe(text);
});

test('compact numbers have at most five characters and are within 5 % of the value', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 9e14, noNaN: true }), (value) => {
      const text = compactNumber(value);
      expect(text.length).toBeLessThanOrEqual(5);
      const scale = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 }[text.at(-1)!] ?? 1;
      expect(Math.abs(Number.parseFloat(text) * scale - value)).toBeLessThanOrEqual(0.05 * value);
    }),
  );
});

test.each([
  [1200, '1200'],
  [1.70833333, '1.70833'],
  [26938.4045, '26938.4'],
  [123456789.4, '123456789'],
  [0.0000012345678, '0.00000123457'],
])('%d in plain words: %s', (value, text) => {
  expect(Number(plainNumber(value))).toBe(Number(text));
});

test.each([
  [800, '1s'],
  [59_000, '59s'],
  [200_000, '3m20s'],
  [7_500_000, '2h05m'],
])('%i ms is %s', (milliseconds, text) => {
  expect(shortDuration(milliseconds)).toBe(text);
});
