/** Exact decimal digits of floats, rounded half to even as Python does; JavaScript's `toFixed` rounds ties up. */

/** A finite, non-negative float as a fraction of whole numbers. */
export function toFraction(value: number): readonly [numerator: bigint, denominator: bigint] {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(value));
  const word = bits.getBigUint64(0);
  const biased = Number(word >> 52n);
  const mantissa = word & 0xfffffffffffffn;
  const exponent = Math.max(biased, 1) - 1075;
  const whole = biased === 0 ? mantissa : mantissa | 0x10000000000000n;
  return exponent >= 0 ? [whole << BigInt(exponent), 1n] : [whole, 1n << BigInt(-exponent)];
}

/** Divides, rounding half to even. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  const isUp = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}

/** Digits of |value| with so many after the point: `12.50`. */
export function fixedDigits(value: number, places: number): string {
  const [numerator, denominator] = toFraction(value);
  const digits = divideHalfEven(numerator * 10n ** BigInt(places), denominator).toString();
  const padded = digits.padStart(places + 1, '0');
  return places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

/** The first `count` digits of |value| and the power of ten of the first one. */
export function significantDigits(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 0 };
  const [numerator, denominator] = toFraction(value);
  let exponent = Number(/e([+-]\d+)$/.exec(Math.abs(value).toExponential(20))?.[1]);
  const at = (power: number) => {
    const shift = count - 1 - power;
    return shift >= 0
      ? divideHalfEven(numerator * 10n ** BigInt(shift), denominator)
      : divideHalfEven(numerator, denominator * 10n ** BigInt(-shift));
  };
  let digits = at(exponent).toString();
  if (digits.length > count) {
    exponent += 1;
    digits = at(exponent).toString();
  }
  return { digits, exponent };
}
