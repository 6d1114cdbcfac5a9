/** Between groups of three digits: a comma, LaTeX's `{,}` `\,` `,\!`, a space that does not break. */
const SEPARATOR = String.raw`(?:,\\!|\{,\}|\\,|[,，\u00a0\u202f])`;
const CURRENCY = String.raw`(?:\\?[$€£¥￥₹]\s?)`;
const DIGIT = String.raw`\p{Nd}`;
/** A minus that is no hyphen or subtraction: nothing that could be subtracted from is before it. */
const SIGN = String.raw`(?:(?<![\p{L}${DIGIT})\]}%])[-−]${CURRENCY}?)?`;
const GROUPED = `${DIGIT}{1,3}(?:${SEPARATOR}${DIGIT}{3})+(?!${DIGIT})`;
const WHOLE = `(?:${GROUPED}|${DIGIT}+)(?:\\.${DIGIT}+)?`;
/** A fraction is read whole, or `1/2` would count as 2. */
const PLAIN = `${WHOLE}(?:/${DIGIT}+(?!\\.?${DIGIT}))?|(?<![\\p{L}${DIGIT}.])\\.${DIGIT}+`;
const LATEX_FRACTION = String.raw`\\[dt]?frac\s*\{\s*${DIGIT}+\s*\}\s*\{\s*${DIGIT}+\s*\}`;
/** Exponents and subscripts belong to a unit or a name. */
const NO_SCRIPT = String.raw`(?<!${DIGIT}|\^|\^\{|\p{L}_|\p{L}_\{)`;

const NUMBER = `${NO_SCRIPT}${SIGN}(?:${LATEX_FRACTION}|${PLAIN})`;

export interface FoundNumber {
  /** ASCII digits, no separators or currency: `-1234.5`, `1/2`. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Every number of a text as people and LaTeX write them, in order. */
export function findNumbers(text: string): FoundNumber[] {
  return [...text.matchAll(new RegExp(NUMBER, 'gu'))].map(({ 0: match, index }) => toFound(match, index));
}

/** The number that begins exactly at a position. */
export function numberAt(text: string, position: number): FoundNumber | undefined {
  const pattern = new RegExp(NUMBER, 'uy');
  pattern.lastIndex = position;
  const match = pattern.exec(text);
  return match === null ? undefined : toFound(match[0], position);
}

function toFound(match: string, start: number): FoundNumber {
  return { value: plainNumber(match), start, end: start + match.length };
}

function plainNumber(match: string): string {
  const sign = /^[-−]/.test(match) ? '-' : '';
  const [numerator, denominator] = match.includes('frac') ? match.match(/\p{Nd}+/gu)! : [];
  if (denominator !== undefined) return `${sign}${asciiDigits(`${numerator}/${denominator}`)}`;
  return sign + asciiDigits(match.replace(/[^\p{Nd}./]/gu, ''));
}

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
