/** Format specifications: what stands after the colon of `{value:>8.2f}`. */

import { floatOf, type Numeric } from '../python-data/arithmetic.ts';
import { floatRepr } from '../python-data/repr.ts';
import { numeric } from './access.ts';
import { fixedDigits, significantDigits } from './decimals.ts';
import type { Machine } from './machine.ts';
import { lengthOf, typeName, type Value } from './values.ts';

export interface Spec {
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

/** Digits asked for, at most; more is a mistake or an attack. */
const MAX_PRECISION = 400;

function parseSpec(text: string, value: Value, machine: Machine): Spec {
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
export function formatValue(value: Value, text: string, plain: string, machine: Machine): string {
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
    return padded(cut, '', spec);
  }
  // A bool without a type is shown as its word only where nothing is asked for.
  return formatNumber(typeof value === 'boolean' ? (value ? 1n : 0n) : number, spec, machine);
}

export function formatNumber(value: Numeric, spec: Spec, machine: Machine): string {
  const isFloat = /^[eEfFgG%]$/.test(spec.type) || (typeof value === 'number' && /^n?$/.test(spec.type));
  const negative = typeof value === 'number' ? value < 0 || Object.is(value, -0) : value < 0n;
  const body = isFloat ? floatBody(floatOf(value, machine), spec) : intBody(value, spec, machine);
  const sign = negative ? '-' : spec.sign.replace('-', '');
  const prefix = spec.alternate && /^[box]$/i.test(spec.type) && !isFloat ? `0${spec.type}` : '';
  return padded(grouped(body, sign + prefix, spec), sign + prefix, spec);
}

function intBody(value: Numeric, spec: Spec, machine: Machine): string {
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

function floatBody(value: number, spec: Spec): string {
  const { type, precision = 6 } = spec;
  const upper = /^[EFG]$/.test(type);
  const text = finiteBody(value, spec, precision);
  return upper ? text.toUpperCase() : text;
}

function finiteBody(value: number, spec: Spec, precision: number): string {
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
function general(value: number, precision: number, { type, alternate }: Spec): string {
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
function grouped(body: string, sign: string, { grouping, fill, align, width, type }: Spec): string {
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

function padded(body: string, sign: string, { fill, align, width }: Spec): string {
  const missing = Math.max(0, width - lengthOf(sign + body));
  if (align === '=') return sign + fill.repeat(missing) + body;
  const left = align === '>' ? missing : align === '^' ? Math.floor(missing / 2) : 0;
  return fill.repeat(left) + sign + body + fill.repeat(missing - left);
}
