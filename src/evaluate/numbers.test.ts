import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNumbers, numberAt } from './numbers.ts';

const values = (text: string) => findNumbers(text).map(({ value }) => value);

describe('findNumbers', () => {
  it.each([
    ['18', ['18']],
    ['18.', ['18']],
    ['$18.50 and 5%', ['18.50', '5']],
    ['1,234,567.89', ['1234567.89']],
    ['70{,}000 or 70\\,000 or 70,\\!000 or 70\u00a0000', ['70000', '70000', '70000', '70000']],
    ['in 2020,2021 and 1,23 and 1,2345', ['2020', '2021', '1', '23', '1', '2345']],
    ['-5, −6, (-7), $-8, -$9, -\\$10', ['-5', '-6', '-7', '-8', '-9', '-10']],
    ['5-3=2, 3-5 days, x-5, GPT-4, (2)-1', ['5', '3', '2', '3', '5', '5', '4', '2', '1']],
    ['10 - 3', ['10', '3']],
    ['1/2 cup, $\\frac{36}{2}$, -\\dfrac{1}{3}', ['1/2', '36/2', '-1/3']],
    ['.5 or 0.5 but v.5...6', ['.5', '0.5', '5', '6']],
    ['9 m^2 and m^{23}, x_1, x_{12}, _18_', ['9', '18']],
    ['共18个，１２３４', ['18', '1234']],
    ['no digits, ½ or Ⅷ', []],
  ])('%s', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it('reads any integer with its separators', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('', '$', '**', '= '), (n, before) => {
        expect(values(`so ${before}${n.toLocaleString('en-US')}.`)).toEqual([String(n)]);
      }),
    );
  });

  it('gives spans that hold what was read, in order and apart', () => {
    const piece = fc.constantFrom(
      '1',
      '23',
      ',',
      '.',
      '-',
      '/',
      '$',
      '{',
      '}',
      '^',
      '_',
      '\\frac',
      ' ',
      '٣',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        let last = 0;
        for (const { value, start, end } of findNumbers(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(value).toMatch(/^-?(?:\d+(?:\.\d+)?|\.\d+|\d+(?:\.\d+)?\/\d+)$/);
          expect(numberAt(text, start)).toEqual({ value, start, end });
          last = end;
        }
      }),
    );
  });
});

describe('numberAt', () => {
  it('reads only what begins there', () => {
    expect(numberAt('is 18', 3)).toEqual({ value: '18', start: 3, end: 5 });
    expect(numberAt('is 18', 2)).toBeUndefined();
  });
});
