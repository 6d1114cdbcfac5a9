import type { Formula } from './formula.ts';
import { add, decimal, divide, fraction, type Rational } from './rational.ts';
import type { Source } from './source.ts';

const GROUPED = /\d{1,3}(?:(?:\{,\}|,)\d{3})+(?!\d)(?:\.\d+)?/y;
/** Inside brackets a mere comma stands between items. */
const GROUPED_IN_BRACKETS = /\d{1,3}(?:\{,\}\d{3})+(?!\d)(?:\.\d+)?/y;
const SPACED = /\d{1,3}(?: \d{3})+(?![\d/])/y;
const REPEATING = /(\d*\.\d*)\\(?:overline|bar|dot) ?\{?(\d+)\}?/y;
const PLAIN = /\d+(?:\.\d+)?|\.\d+/y;
const EXPONENT = /[eE]([+-]?\d{1,3})(?![\d.a-zA-Z])/y;
const BASE = /_(?:\{ ?(\d{1,2}) ?\}|(\d{1,2}))/y;
const WHOLE = /^\d+$/;
/** `\frac{4}{5}`, `\frac45`, ` 4/5` behind a whole number. */
const MIXED =
  /(?: ?\\frac ?(?:\{ ?(\d+) ?\}|(\d)) ?(?:\{ ?(\d+) ?\}|(\d)(?!\d))| (\d+) ?\/ ?(\d+)(?!\d))(?! ?[\^!])/y;

/** The number that begins here, with thousands separators, repeating decimals, mixed fractions, exponents, bases. */
export function readNumber(source: Source): Formula | undefined {
  source.skipSpace();
  const repeating = source.takeHere(REPEATING);
  if (repeating !== undefined)
    return { kind: 'number', value: repeatingDecimal(repeating[1]!, repeating[2]!) };
  const inBrackets = source.brackets > 0;
  const match =
    source.takeHere(inBrackets ? GROUPED_IN_BRACKETS : GROUPED) ??
    (inBrackets ? undefined : source.takeHere(SPACED)) ??
    source.takeHere(PLAIN);
  if (match === undefined) return undefined;
  const digits = match[0].replace(/[^\d.]/g, '');
  return WHOLE.test(digits) ? readWhole(digits, source) : withExponent(digits, source);
}

function readWhole(digits: string, source: Source): Formula {
  const base = source.takeHere(BASE);
  if (base !== undefined) return { kind: 'based', digits, base: Number(base[1] ?? base[2]) };
  const mixed = source.takeHere(MIXED);
  if (mixed === undefined) return withExponent(digits, source);
  const above = mixed[1] ?? mixed[2] ?? mixed[5]!;
  const below = mixed[3] ?? mixed[4] ?? mixed[6]!;
  const part = divide(decimal(above), decimal(below));
  if (part === undefined) source.fail('a division by zero');
  return { kind: 'number', value: add(decimal(digits), part) };
}

function withExponent(digits: string, source: Source): Formula {
  const exponent = source.takeHere(EXPONENT);
  return { kind: 'number', value: decimal(digits, exponent === undefined ? 0 : Number(exponent[1])) };
}

/** `0.1` and `6` for 0.1666… */
function repeatingDecimal(fixed: string, repeated: string): Rational {
  const places = (fixed.split('.')[1] ?? '').length;
  const nines = 10n ** BigInt(repeated.length) - 1n;
  const tail = fraction(BigInt(repeated), nines * 10n ** BigInt(places));
  return add(decimal(fixed), tail);
}
