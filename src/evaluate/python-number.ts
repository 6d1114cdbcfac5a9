/** Python's `float()` and `int()` of a text, which AISBench's evaluators compare with. */

const DIGITS = String.raw`\d+(?:_\d+)*`;
const FLOAT = new RegExp(`^[-+]?(?:${DIGITS}\\.?(?:${DIGITS})?|\\.${DIGITS})(?:e[-+]?${DIGITS})?$`, 'i');
const INT = new RegExp(`^[-+]?${DIGITS}$`);
const INFINITE = /^([-+]?)inf(?:inity)?$/i;

/** The number, as Python's `float(text)` reads it; undefined where Python raises ValueError. */
export function pythonFloat(text: string): number | undefined {
  const plain = asciiDigits(text.trim());
  if (FLOAT.test(plain)) return Number(plain.replaceAll('_', ''));
  const sign = INFINITE.exec(plain)?.[1];
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[-+]?nan$/i.test(plain) ? Number.NaN : undefined;
}

/** The number, as Python's `int(text)` reads it, as a double; undefined where Python raises ValueError. */
export function pythonInt(text: string): number | undefined {
  const plain = asciiDigits(text.trim());
  return INT.test(plain) ? Number(plain.replaceAll('_', '')) : undefined;
}

/** The decimal digits of every script as 0 … 9, the rest untouched. */
export function asciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0)!)));
}

/** Unicode keeps decimal digits in runs of ten, 0 first, so the place in the run is the value. */
function digitValue(codePoint: number): number {
  let zero = codePoint;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero--;
  return (codePoint - zero) % 10;
}
