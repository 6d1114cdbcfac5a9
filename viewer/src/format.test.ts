import { expect, it } from 'vitest';
import { duration, instant, msTick, number, percent, tick } from './format.ts';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

it('writes numbers with four digits and spaces between thousands', () => {
  const cases = [0, 0.5, 0.0001, 3.14259, 12.3456, 999.96, 12345.6, 1234567, Number.NaN, undefined];
  expect(cases.map((value) => plain(number(value)))).toEqual([
    '0',
    '0.5',
    '1.0e-4',
    '3.143',
    '12.35',
    '1 000',
    '12 346',
    '1 234 567',
    '–',
    '–',
  ]);
});

it('writes times in the unit that suits them', () => {
  expect([0.25, 12, 1500, 61_000, 3_661_000].map((ms) => plain(duration(ms)))).toEqual([
    '0.25 ms',
    '12 ms',
    '1.5 s',
    '1:01',
    '1:01:01',
  ]);
  expect([plain(instant(1250, 50)), plain(instant(120_000, 10_000))]).toEqual(['1.25 s', '2:00']);
  expect([plain(msTick(250)), plain(msTick(2500))]).toEqual(['250 ms', '2.5 s']);
});

it('writes shares and ticks short', () => {
  expect([plain(percent(0.123456)), plain(percent(1, 0)), tick(25_000), tick(2_000_000), tick(12.5)]).toEqual(
    ['12.3 %', '100 %', '25k', '2M', '12.5'],
  );
});
