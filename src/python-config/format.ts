/** `'…'.format(…)` and `'…' % …`. */

import { floatOf, type Numeric } from '../python-data/arithmetic.ts';
import { floatRepr } from '../python-data/repr.ts';
import { ascii, getItem, numeric, repr, str } from './access.ts';
import type { Machine } from './machine.ts';
import { characters, countCharacters, Dict, List, type PyObject, Tuple, typeName } from './values.ts';

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

/** Digits of |value| with so many after the point: `12.50`; JavaScript's `toFixed` would round ties up. */
export function fixedDigits(value: number, places: number): string {
  const [numerator, denominator] = toFraction(value);
  const digits = divideHalfEven(numerator * 10n ** BigInt(places), denominator).toString();
  const padded = digits.padStart(places + 1, '0');
  return places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

/** The first `count` digits of |value| and the power of ten of the first one. */
function significantDigits(value: number, count: number): { digits: string; exponent: number } {
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

/** Applies a conversion: `!r`, `!s`, `!a`, or none. */
export function convert(value: PyObject, conversion: string | undefined, machine: Machine): PyObject {
  if (conversion === 'r') return repr(value, machine);
  if (conversion === 'a') return ascii(value, machine);
  return conversion === 's' ? str(value, machine) : value;
}

/** Formats one value as Python's `format()` does. */
export function format(value: PyObject, spec: string, machine: Machine): string {
  const text = formatValue(value, spec, str(value, machine), machine);
  machine.text(text.length);
  return text;
}

interface FormatFields {
  readonly args: readonly PyObject[];
  readonly named: (name: string) => PyObject | undefined;
}

/** Fields are numbered or named, and followed by `[key]`s; attributes are not read. */
export function formatTemplate(template: string, fields: FormatFields, machine: Machine): string {
  let automatic = 0;
  const fill = (text: string): string => {
    const parts = splitFields(text, machine);
    return parts
      .map((part) => {
        if (typeof part === 'string') return part;
        const { name, conversion, spec } = part;
        const [head = '', ...keys] = name.split(/(?=\[)/);
        const number = head === '' ? automatic++ : Number(head);
        const value = /^\d*$/.test(head) ? fields.args[number] : fields.named(head);
        if (value === undefined) return machine.fail(`format() has no value for "{${name}}"`);
        const inner = keys.reduce((from: PyObject, key) => fieldItem(from, key, machine), value);
        return format(
          convert(inner, conversion, machine),
          machine.deeper(() => fill(spec)),
          machine,
        );
      })
      .join('');
  };
  return fill(template);
}

interface FormatField {
  readonly name: string;
  readonly conversion: string | undefined;
  readonly spec: string;
}

function splitFields(text: string, machine: Machine): (string | FormatField)[] {
  machine.text(text.length);
  const parts: (string | FormatField)[] = [];
  for (let at = 0; at < text.length; ) {
    const two = text.slice(at, at + 2);
    if (two === '{{' || two === '}}') {
      parts.push(two[0] as string);
      at += 2;
    } else if (text[at] === '{') {
      const end = closingBrace(text, at, machine);
      parts.push(parseField(text.slice(at + 1, end), machine));
      at = end + 1;
    } else if (text[at] === '}') machine.fail("Single '}' encountered in format string");
    else {
      const [plain = ''] = /[^{}]+/.exec(text.slice(at)) ?? [];
      parts.push(plain);
      at += plain.length;
    }
  }
  return parts;
}

function closingBrace(text: string, from: number, machine: Machine): number {
  for (let at = from, depth = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}' && --depth === 0) return at;
  }
  return machine.fail("Single '{' encountered in format string");
}

function parseField(text: string, machine: Machine): FormatField {
  const [, name = '', conversion, spec = ''] = /^([^!:]*)(?:!(.))?(?::([\s\S]*))?$/.exec(text) ?? [];
  if (!/^[^.[\]{}]*(\[[^\]]+\])*$/.test(name))
    machine.refuse(`"{${text}}" is no field of data`, 'use {name} or {name[key]}');
  return { name, conversion, spec };
}

function fieldItem(from: PyObject, part: string, machine: Machine): PyObject {
  const key = part.slice(1, -1);
  const isIndex = /^\d+$/.test(key);
  const value =
    from instanceof Dict
      ? getItem(from, isIndex ? BigInt(key) : key, machine)
      : (from instanceof List || from instanceof Tuple) && isIndex
        ? from.items[Number(key)]
        : typeof from === 'string' && isIndex
          ? characters(from)[Number(key)]
          : undefined;
  return value === undefined ? machine.fail(`'${typeName(from)}' has no item ${part}`) : value;
}

const PERCENT = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?([a-zA-Z%])?/g;

/** `template % values` */
export function formatPercent(template: string, values: PyObject, machine: Machine): string {
  machine.text(template.length);
  const args = values instanceof Tuple ? [...values.items] : [values];
  let used = 0;
  const isNamed = /%\([^)]*\)/.test(template);
  const next = () =>
    args[used++] ?? (used > args.length ? machine.fail('not enough arguments for format string') : null);
  const number = (text: string | undefined) =>
    text === '*' ? Number(next()) : text === undefined ? undefined : Number(text);
  const text = template.replace(
    PERCENT,
    (_whole, name: string | undefined, flags: string, width, precision, type = '') => {
      if (type === '%') return '%';
      const field = { flags, width: number(width) ?? 0, precision: number(precision), type };
      const value = name === undefined ? next() : namedValue(values, name, machine);
      const made = percentField(value, field, machine);
      machine.text(made.length);
      return made;
    },
  );
  if (!isNamed && used < args.length && !(values instanceof Dict || values instanceof List))
    machine.fail('not all arguments converted during string formatting');
  return text;
}

function namedValue(values: PyObject, name: string, machine: Machine): PyObject {
  const value =
    values instanceof Dict ? getItem(values, name, machine) : machine.fail('format requires a mapping');
  return value === undefined ? machine.fail(`KeyError: '${name}'`) : value;
}

interface PercentField {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

function percentField(
  value: PyObject,
  { flags, width, precision, type }: PercentField,
  machine: Machine,
): string {
  const has = (flag: string) => flags.includes(flag);
  machine.text(width + Math.min(precision ?? 0, 400));
  if (/^[sra]$/.test(type)) {
    const whole = str(convert(value, type, machine), machine);
    const cut = precision === undefined ? whole : [...whole].slice(0, precision).join('');
    return widened(cut, width, has('-'));
  }
  if (type === 'c' && typeof value === 'string' && countCharacters(value) === 1)
    return widened(value, width, has('-'));
  const given = numeric(value);
  if (given === undefined || !/^[diufFeEgGxXoc]$/.test(type))
    return machine.fail(`%${type} does not fit a '${typeName(value)}'`);
  const isInt = /^[diuxXoc]$/.test(type);
  if (isInt && typeof given === 'number' && (/^[xXoc]$/.test(type) || !Number.isFinite(given)))
    return machine.fail(`%${type} format: an integer is required, not float`);
  const spec: FormatSpec = {
    fill: has('0') && !has('-') ? '0' : ' ',
    align: has('-') ? '<' : has('0') ? '=' : '>',
    sign: has('+') ? '+' : has(' ') ? ' ' : '-',
    alternate: has('#'),
    width,
    grouping: '',
    precision: isInt ? undefined : precision,
    type: /^[diu]$/.test(type) ? 'd' : type,
  };
  if (isInt && precision !== undefined)
    return machine.refuse(`"%.${precision}${type}" is not read`, 'use an f-string');
  return formatNumber(isInt && typeof given === 'number' ? BigInt(Math.trunc(given)) : given, spec, machine);
}

function widened(text: string, width: number, toTheLeft: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - countCharacters(text)));
  return toTheLeft ? text + blanks : blanks + text;
}

interface FormatSpec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | undefined;
  readonly type: string;
}

const PATTERN = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

/** Largest precision; more is a mistake or an attack. */
const MAX_PRECISION = 400;

function parseSpec(text: string, value: PyObject, machine: Machine): FormatSpec {
  const found = PATTERN.exec(text);
  if (found === null) return machine.fail(`Invalid format specifier '${text}' for a '${typeName(value)}'`);
  const [, fill, align, sign = '', alternate, zero, width = '0', grouping = '', precision, type = ''] = found;
  if (Number(precision ?? 0) > MAX_PRECISION && typeof value !== 'string')
    machine.refuse(`a precision of ${precision}`, `write at most ${MAX_PRECISION}`);
  const isNumber = numeric(value) !== undefined;
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? (zero !== undefined && isNumber ? '=' : isNumber ? '>' : '<'),
    sign,
    alternate: alternate !== undefined,
    width: Number(width),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

/** `format(value, text)`; `plain` is the value's `str`. */
function formatValue(value: PyObject, text: string, plain: string, machine: Machine): string {
  if (text === '') return plain;
  const spec = parseSpec(text, value, machine);
  machine.text(spec.width);
  const number = numeric(value);
  const isText = typeof value === 'string';
  if (number === undefined || (typeof value === 'boolean' && spec.type === 's')) {
    if (!isText) return machine.fail(`unsupported format string passed to ${typeName(value)}.__format__`);
    if (
      !/^s?$/.test(spec.type) ||
      spec.align === '=' ||
      spec.grouping !== '' ||
      spec.alternate ||
      spec.sign !== ''
    )
      machine.fail(`format '${text}' does not fit a 'str'`);
    const cut = spec.precision === undefined ? value : [...value].slice(0, spec.precision).join('');
    return pad(cut, '', spec);
  }
  // A bool shows as its word only without a format specification.
  return formatNumber(typeof value === 'boolean' ? (value ? 1n : 0n) : number, spec, machine);
}

function formatNumber(value: Numeric, spec: FormatSpec, machine: Machine): string {
  const isFloat = /^[eEfFgG%]$/.test(spec.type) || (typeof value === 'number' && /^n?$/.test(spec.type));
  const negative = typeof value === 'number' ? value < 0 || Object.is(value, -0) : value < 0n;
  const body = isFloat ? floatBody(floatOf(value, machine), spec) : intBody(value, spec, machine);
  const sign = negative ? '-' : spec.sign.replace('-', '');
  const prefix = spec.alternate && /^[box]$/i.test(spec.type) && !isFloat ? `0${spec.type}` : '';
  return pad(groupDigits(body, sign + prefix, spec), sign + prefix, spec);
}

function intBody(value: Numeric, spec: FormatSpec, machine: Machine): string {
  if (typeof value !== 'bigint')
    return machine.fail(`Unknown format code '${spec.type}' for object of type 'float'`);
  if (spec.precision !== undefined) machine.fail('Precision not allowed in integer format specifier');
  const size = value < 0n ? -value : value;
  if (spec.type === 'c') {
    const code = Number(value);
    return code >= 0 && code <= 0x10ffff
      ? String.fromCodePoint(code)
      : machine.fail('%c arg not in range(0x110000)');
  }
  const bases: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };
  const known = spec.type === '' || /^[bdoxXn]$/.test(spec.type);
  if (!known) machine.fail(`Unknown format code '${spec.type}' for object of type 'int'`);
  const text = size.toString(bases[spec.type] ?? 10);
  return spec.type === 'X' ? text.toUpperCase() : text;
}

function floatBody(value: number, spec: FormatSpec): string {
  const { type, precision = 6 } = spec;
  const upper = /^[EFG]$/.test(type);
  const text = finiteBody(value, spec, precision);
  return upper ? text.toUpperCase() : text;
}

function finiteBody(value: number, spec: FormatSpec, precision: number): string {
  const type = spec.type.toLowerCase();
  const mark = type === '%' ? '%' : '';
  if (!Number.isFinite(value)) return (Number.isNaN(value) ? 'nan' : 'inf') + mark;
  const point = spec.alternate ? '.' : '';
  if (type === '%') return `${withPoint(fixedDigits(value * 100, precision), point)}%`;
  if (type === 'f') return withPoint(fixedDigits(value, precision), point);
  if (type === 'e') return exponential(value, precision, point);
  if (type === '' && spec.precision === undefined) return floatRepr(Math.abs(value));
  return general(value, Math.max(1, precision), spec);
}

function withPoint(digits: string, point: string): string {
  return digits.includes('.') ? digits : digits + point;
}

function exponential(value: number, precision: number, point: string): string {
  const { digits, exponent } = significantDigits(value, precision + 1);
  const rest = digits.slice(1);
  return `${digits[0]}${rest === '' ? point : `.${rest}`}${power(exponent)}`;
}

function power(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** `g`, and a precision without a type: fixed or with a power of ten, by size; zeros at the end are left out. */
function general(value: number, precision: number, { type, alternate }: FormatSpec): string {
  const { digits, exponent } = significantDigits(value, precision);
  // Without a type a fixed number keeps one digit after its point.
  const isFixed = exponent >= -4 && exponent < (type === '' ? precision - 1 : precision);
  const trimmed = alternate ? digits : digits.replace(/(?<!0)0+$/, '') || '0';
  if (!isFixed) {
    const rest = trimmed.slice(1);
    return `${trimmed[0]}${rest === '' ? '' : `.${rest}`}${power(exponent)}`;
  }
  const fixed = fixedDigits(value, Math.max(0, precision - 1 - exponent));
  if (alternate) return fixed.includes('.') ? fixed : `${fixed}.`;
  const short = fixed.includes('.') ? fixed.replace(/(?<!0)0+$/, '').replace(/\.$/, '') : fixed;
  return type === '' && !short.includes('.') ? `${short}.0` : short;
}

/** Commas between thousands; zeros that fill a width are grouped too. */
function groupDigits(body: string, sign: string, { grouping, fill, align, width, type }: FormatSpec): string {
  if (grouping === '') return body;
  const [, whole = '', rest = ''] = /^([0-9a-fA-F]*)([\s\S]*)$/.exec(body) ?? [];
  const size = grouping === '_' && /^[boxX]$/.test(type) ? 4 : 3;
  const split = (digits: string) =>
    digits.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), grouping);
  let digits = whole;
  if (fill === '0' && align === '=')
    while (sign.length + split(digits).length + rest.length < width) digits = `0${digits}`;
  const text = split(digits) + rest;
  return text;
}

function pad(body: string, sign: string, { fill, align, width }: FormatSpec): string {
  const missing = Math.max(0, width - countCharacters(sign + body));
  if (align === '=') return sign + fill.repeat(missing) + body;
  const left = align === '>' ? missing : align === '^' ? Math.floor(missing / 2) : 0;
  return fill.repeat(left) + sign + body + fill.repeat(missing - left);
}
