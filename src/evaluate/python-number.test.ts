import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiDigits, pythonFloat, pythonInt } from './numbers.ts';

describe('pythonFloat and pythonInt', () => {
  // Values from CPython 3.11; undefined stands for ValueError.
  it.each<[string, number | undefined, number | undefined]>([
    ['1_000', 1000, 1000],
    ['1__0', undefined, undefined],
    ['_1', undefined, undefined],
    ['1.', 1, undefined],
    ['.5', 0.5, undefined],
    ['1e5', 100000, undefined],
    ['1_0.0_1e1_0', 100100000000, undefined],
    ['inf', Number.POSITIVE_INFINITY, undefined],
    ['-Infinity', Number.NEGATIVE_INFINITY, undefined],
    ['nan', Number.NaN, undefined],
    ['١٢', 12, 12],
    ['𝟙𝟚', 12, 12],
    ['１．５', undefined, undefined],
    ['1/2', undefined, undefined],
    ['1,000', undefined, undefined],
    ['0x1', undefined, undefined],
    ['', undefined, undefined],
    ['+3', 3, 3],
    [' 4 ', 4, 4],
    ['007', 7, 7],
    ['1e', undefined, undefined],
    ['--1', undefined, undefined],
    ['NULL', undefined, undefined],
  ])('%j', (text, float, int) => {
    expect(pythonFloat(text)).toBe(float);
    expect(pythonInt(text)).toBe(int);
  });

  it('read back any number', () => {
    fc.assert(fc.property(fc.integer(), (n) => pythonInt(String(n)) === n && pythonFloat(String(n)) === n));
    const finite = fc.double({ noNaN: true });
    fc.assert(fc.property(finite, (x) => Object.is(pythonFloat(Object.is(x, -0) ? '-0.0' : String(x)), x)));
  });

  it('never take a text for a number that JavaScript does not', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = pythonFloat(text);
        return value === undefined || !Number.isFinite(value) || value === Number(text.replaceAll('_', ''));
      }),
    );
  });
});

describe('asciiDigits', () => {
  const zeros = [0x660, 0x966, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e950];

  it('knows the digits of every script', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zeros), fc.nat({ max: 10 ** 9 }), (zero, n) => {
        const written = [...String(n)].map((digit) => String.fromCodePoint(zero + Number(digit))).join('');
        return asciiDigits(`x${written}y`) === `x${n}y`;
      }),
    );
  });

  it('changes nothing else', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (text) => asciiDigits(text) === text));
    expect(asciiDigits('x²Ⅷ三')).toBe('x²Ⅷ三');
  });
});
