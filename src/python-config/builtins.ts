/** The built-in functions that configs may call, and why others may not be. */

import { floatOf } from '../python-data/arithmetic.ts';
import { ascii, collect, iterate, makeSet, measure, numeric, repr, str } from './access.ts';
import { fillDict, findExtreme, sortValues } from './container-methods.ts';
import { EXCEPTIONS, isKindOf } from './exception-types.ts';
import { divideHalfEven, fixedDigits, format, toFraction } from './format.ts';
import { addValues, applyBinary } from './operators.ts';
import { parseNumberText } from './reader.ts';
import refusedSyntax from './refused.json' with { type: 'json' };
import {
  Builtin,
  Dict,
  isTrue,
  List,
  type PyCall,
  PyException,
  PyIterator,
  type PyObject,
  Range,
  Tuple,
  take,
  toIndex,
  toText,
  typeName,
} from './values.ts';

/** Names that Python has and a config must not use. */
export const FORBIDDEN: ReadonlySet<string> = new Set(refusedSyntax.names);

const FUNCTIONS: Readonly<Record<string, (call: PyCall) => PyObject>> = {
  dict: (call) => {
    const dict = new Dict(call.machine.place);
    fillDict(dict, call);
    return dict;
  },
  list: (call) => new List(optionalItems(call)),
  tuple: (call) => new Tuple(optionalItems(call)),
  set: (call) => makeSet(optionalItems(call), call.machine),
  frozenset: (call) => makeSet(optionalItems(call), call.machine, true),
  range: makeRange,
  len: (call) => BigInt(measure(take(call, 'obj')[0] as PyObject, call.machine)),
  str: (call) => {
    const [value = ''] = take(call, 'object?');
    return str(value, call.machine);
  },
  repr: (call) => repr(take(call, 'obj')[0] as PyObject, call.machine),
  ascii: (call) => ascii(take(call, 'obj')[0] as PyObject, call.machine),
  int: toInt,
  float: toFloat,
  bool: (call) => isTrue(take(call, 'x?')[0] ?? null),
  abs: (call) => {
    const value = numberArgument(take(call, 'x')[0], call);
    return value < 0 || Object.is(value, -0) ? -value : value;
  },
  round: rounded,
  divmod: (call) => {
    const [a, b] = take(call, 'a', 'b') as PyObject[];
    return new Tuple(
      ['//', '%'].map((operator) => applyBinary(operator, a as PyObject, b as PyObject, call.machine)),
    );
  },
  pow: (call) => {
    const [a, b] = take(call, 'base', 'exp') as PyObject[];
    return applyBinary('**', a as PyObject, b as PyObject, call.machine);
  },
  sum: (call) => {
    const [items, start = 0n] = take(call, 'iterable', 'start?');
    let total = start;
    if (typeof start === 'string') call.machine.fail("sum() can't sum strings [use ''.join(seq) instead]");
    for (const item of iterate(items as PyObject, call.machine)) total = addValues(total, item, call.machine);
    return total;
  },
  min: (call) => findExtreme(call, '<'),
  max: (call) => findExtreme(call, '>'),
  any: (call) => {
    for (const item of iterate(take(call, 'iterable')[0] as PyObject, call.machine))
      if (isTrue(item)) return true;
    return false;
  },
  all: (call) => {
    for (const item of iterate(take(call, 'iterable')[0] as PyObject, call.machine))
      if (!isTrue(item)) return false;
    return true;
  },
  sorted: (call) => {
    const [items, key, reverse] = take(call, 'iterable', 'key?', 'reverse?');
    return new List(sortValues(items as PyObject, { key, reverse }, call));
  },
  reversed: (call) => {
    const [value] = take(call, 'sequence');
    measure(value as PyObject, call.machine);
    return new PyIterator(
      collect(value as PyObject, call.machine)
        .reverse()
        .values(),
    );
  },
  enumerate: (call) => {
    const [items, start = 0n] = take(call, 'iterable', 'start?');
    return new PyIterator(enumerated(items as PyObject, toIndex(start, call), call));
  },
  zip: (call) => new PyIterator(zipped(call)),
  map: (call) => new PyIterator(mapped(call)),
  filter: (call) => new PyIterator(filtered(call)),
  iter: (call) => new PyIterator(iterate(take(call, 'iterable')[0] as PyObject, call.machine)),
  next: (call) => {
    const [items, fallback] = take(call, 'iterator', 'default?');
    if (!(items instanceof PyIterator))
      return call.machine.fail(`'${typeName(items as PyObject)}' object is not an iterator`);
    const next = items.iterator.next();
    if (!next.done) return next.value;
    return fallback === undefined ? call.machine.fail('StopIteration', 'StopIteration', '') : fallback;
  },
  chr: (call) => {
    const code = toIndex(take(call, 'i')[0], call);
    return code >= 0 && code <= 0x10ffff
      ? String.fromCodePoint(code)
      : call.machine.fail('chr() arg not in range(0x110000)');
  },
  ord: (call) => {
    const letters = [...toText(take(call, 'c')[0], call)];
    return letters.length === 1
      ? BigInt((letters[0] as string).codePointAt(0) as number)
      : call.machine.fail('ord() expected a character');
  },
  hex: (call) => inBase(call, 16, '0x'),
  oct: (call) => inBase(call, 8, '0o'),
  bin: (call) => inBase(call, 2, '0b'),
  format: (call) => {
    const [value, spec = ''] = take(call, 'value', 'format_spec?');
    return format(value as PyObject, toText(spec, call), call.machine);
  },
  isinstance: (call) => {
    const [value, types] = take(call, 'obj', 'class_or_tuple') as [PyObject, PyObject];
    return isInstance(value, types, call);
  },
  // Output of a config is discarded.
  print: () => null,
};

/** The built-in functions by name. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map([
  ...Object.entries(FUNCTIONS).map(([name, call]): [string, Builtin] => [name, new Builtin(name, call)]),
  ...EXCEPTIONS,
]);

function optionalItems(call: PyCall): PyObject[] {
  const [items] = take(call, 'iterable?');
  return items === undefined ? [] : collect(items, call.machine);
}

function makeRange(call: PyCall): Range {
  const [first, second, third = 1n] = take(call, 'start', 'stop?', 'step?');
  const bound = (value: PyObject | undefined) => toIndex(value, call);
  const step = bound(third);
  if (step === 0) call.machine.fail('range() arg 3 must not be zero');
  return second === undefined ? new Range(0, bound(first), 1) : new Range(bound(first), bound(second), step);
}

function numberArgument(value: PyObject | undefined, call: PyCall): bigint | number {
  const number = value === undefined ? undefined : numeric(value);
  return number ?? call.machine.fail(`${call.name}() needs a number, not '${typeName(value as PyObject)}'`);
}

function toInt(call: PyCall): bigint {
  const [value = 0n, base] = take(call, 'x?', 'base?');
  const { machine } = call;
  if (typeof value === 'string')
    return intFromText(value, base === undefined ? 10 : toIndex(base, call), call);
  const number = numberArgument(value, call);
  if (typeof number === 'bigint') return number;
  if (!Number.isFinite(number)) return machine.fail('cannot convert float infinity or NaN to integer');
  return BigInt(Math.trunc(number));
}

function intFromText(text: string, base: number, call: PyCall): bigint {
  const fail = () =>
    valueError(`invalid literal for int() with base ${base}: ${repr(text, call.machine)}`, call);
  const [, sign = '', digits = ''] = /^\s*([+-]?)(\w+)\s*$/.exec(text) ?? [];
  if (digits.length > 1200 || base < 2 || base > 36)
    return digits.length > 1200
      ? call.machine.refuse('a number of so many digits', 'write a smaller number')
      : fail();
  const prefix = { 16: /^0x/i, 8: /^0o/i, 2: /^0b/i }[base] ?? /^$/;
  const plain = digits.replace(prefix, '');
  if (plain === '' || /^_|__|_$/.test(digits)) return fail();
  let value = 0n;
  for (const digit of plain.replaceAll('_', '')) {
    const one = Number.parseInt(digit, 36);
    if (Number.isNaN(one) || one >= base) return fail();
    value = value * BigInt(base) + BigInt(one);
  }
  return sign === '-' ? -value : value;
}

function toFloat(call: PyCall): number {
  const [value = 0n] = take(call, 'x?');
  if (typeof value !== 'string') return floatOf(numberArgument(value, call), call.machine);
  const [, sign = '', body = ''] = /^\s*([+-]?)(\S+)\s*$/.exec(value) ?? [];
  const words: Readonly<Record<string, number>> = { inf: Infinity, infinity: Infinity, nan: Number.NaN };
  const word = body.toLowerCase();
  const number = Object.hasOwn(words, word) ? words[word] : parseNumberText(body.replace(/^0+(?=\d)/, ''));
  if (number === undefined || /^0[xob]/i.test(body))
    return valueError(`could not convert string to float: ${repr(value, call.machine)}`, call);
  return (sign === '-' ? -1 : 1) * Number(number);
}

function valueError(message: string, { machine }: PyCall): never {
  return machine.fail(message, 'ValueError', message);
}

/** Half to even, by the exact value of a float. */
function rounded(call: PyCall): PyObject {
  const [value, digits = null] = take(call, 'number', 'ndigits?');
  const number = numberArgument(value, call);
  const places = digits === null ? 0 : toIndex(digits, call);
  if (Math.abs(places) > 400) return call.machine.refuse(`rounding to ${places} digits`, 'round to fewer');
  if (typeof number === 'bigint') {
    const unit = places < 0 ? 10n ** BigInt(-places) : 1n;
    const size = divideHalfEven(number < 0n ? -number : number, unit) * unit;
    return number < 0n ? -size : size;
  }
  if (digits === null) {
    if (!Number.isFinite(number)) return call.machine.fail('cannot convert float infinity or NaN to integer');
    const whole = divideHalfEven(...toFraction(number));
    return number < 0 ? -whole : whole;
  }
  if (!Number.isFinite(number)) return number;
  const size = places >= 0 ? Number(fixedDigits(number, places)) : Number(roundedWhole(number, -places));
  return number < 0 || Object.is(number, -0) ? -size : size;
}

function roundedWhole(number: number, places: number): bigint {
  const [numerator, denominator] = toFraction(number);
  const unit = 10n ** BigInt(places);
  return divideHalfEven(numerator, denominator * unit) * unit;
}

function* enumerated(items: PyObject, start: number, { machine }: PyCall): Generator<PyObject, void> {
  let index = BigInt(start);
  for (const item of iterate(items, machine)) yield new Tuple([index++, item]);
}

function* zipped(call: PyCall): Generator<PyObject, void> {
  const { machine, args, keywords } = call;
  for (const name of keywords.keys())
    if (name !== 'strict') machine.fail(`zip() got an unexpected keyword argument '${name}'`);
  const sources = args.map((one) => iterate(one, machine));
  while (sources.length > 0) {
    const row: PyObject[] = [];
    for (const source of sources) {
      const next = source.next();
      if (next.done) return;
      row.push(next.value);
    }
    machine.items(row.length);
    yield new Tuple(row);
  }
}

function* mapped({ machine, args, invoke }: PyCall): Generator<PyObject, void> {
  const [callee, ...lists] = args;
  if (callee === undefined || lists.length === 0) machine.fail('map() must have at least two arguments.');
  const sources = lists.map((one) => iterate(one, machine));
  for (;;) {
    const row = sources.map((source) => source.next());
    if (row.some(({ done }) => done)) return;
    yield invoke(
      callee as PyObject,
      row.map(({ value }) => value as PyObject),
    );
  }
}

function* filtered(call: PyCall): Generator<PyObject, void> {
  const [test, items] = take(call, 'function', 'iterable') as [PyObject, PyObject];
  for (const item of iterate(items, call.machine))
    if (isTrue(test === null ? item : call.invoke(test, [item]))) yield item;
}

function inBase(call: PyCall, base: number, prefix: string): string {
  const [value] = take(call, 'number');
  const number = value === undefined ? undefined : numeric(value);
  if (typeof number !== 'bigint') return call.machine.fail(`${call.name}() needs an int`);
  return `${number < 0n ? '-' : ''}${prefix}${(number < 0n ? -number : number).toString(base)}`;
}

/** Names of built-in types that a value is an instance of. */
function isInstance(value: PyObject, types: PyObject, call: PyCall): boolean {
  if (types instanceof Tuple) return types.items.some((one) => isInstance(value, one, call));
  if (!(types instanceof Builtin))
    return call.machine.refuse('isinstance() of what is no built-in type', 'compare values instead');
  const own = typeName(value);
  if (value instanceof PyException) return isKindOf(own, types.name);
  return own === types.name || (own === 'bool' && types.name === 'int');
}
