/** The built-in functions that configs may call, and why others may not be. */

import { floatOf } from '../python-data/arithmetic.ts';
import { collect, iterate, numeric, setOf, sizeOf } from './access.ts';
import { indexArgument, take, textArgument } from './arguments.ts';
import { fillDict } from './container-methods.ts';
import { divideHalfEven, fixedDigits, fractionOf } from './decimals.ts';
import { formatted } from './format-text.ts';
import { add, binary } from './operators.ts';
import { numberOf } from './parse-literals.ts';
import { ascii, repr, str } from './repr.ts';
import { extreme, sorted } from './sorting.ts';
import {
  Builtin,
  type Call,
  Dict,
  Items,
  isTrue,
  List,
  Range,
  Tuple,
  typeName,
  type Value,
} from './values.ts';

/** Names that Python has and a config must not use. */
export const FORBIDDEN: ReadonlySet<string> = new Set(
  (
    '__import__ open exec eval compile input getattr setattr delattr hasattr vars dir type object super property classmethod ' +
    'staticmethod memoryview bytearray bytes id hash help breakpoint exit quit complex callable issubclass aiter anext slice ' +
    '__build_class__ __loader__ __spec__ __builtins__'
  ).split(' '),
);

const FUNCTIONS: Readonly<Record<string, (call: Call) => Value>> = {
  dict: (call) => {
    const dict = new Dict(call.machine.place);
    fillDict(dict, call);
    return dict;
  },
  list: (call) => new List(optionalItems(call)),
  tuple: (call) => new Tuple(optionalItems(call)),
  set: (call) => setOf(optionalItems(call), call.machine),
  frozenset: (call) => setOf(optionalItems(call), call.machine, true),
  range: rangeOf,
  len: (call) => BigInt(sizeOf(take(call, 'obj')[0] as Value, call.machine)),
  str: (call) => {
    const [value = ''] = take(call, 'object?');
    return str(value, call.machine);
  },
  repr: (call) => repr(take(call, 'obj')[0] as Value, call.machine),
  ascii: (call) => ascii(take(call, 'obj')[0] as Value, call.machine),
  int: intOf,
  float: floatFrom,
  bool: (call) => isTrue(take(call, 'x?')[0] ?? null),
  abs: (call) => {
    const value = numberArgument(take(call, 'x')[0], call);
    return value < 0 || Object.is(value, -0) ? -value : value;
  },
  round: rounded,
  divmod: (call) => {
    const [a, b] = take(call, 'a', 'b') as Value[];
    return new Tuple(['//', '%'].map((operator) => binary(operator, a as Value, b as Value, call.machine)));
  },
  pow: (call) => {
    const [a, b] = take(call, 'base', 'exp') as Value[];
    return binary('**', a as Value, b as Value, call.machine);
  },
  sum: (call) => {
    const [items, start = 0n] = take(call, 'iterable', 'start?');
    let total = start;
    if (typeof start === 'string') call.machine.fail("sum() can't sum strings [use ''.join(seq) instead]");
    for (const item of iterate(items as Value, call.machine)) total = add(total, item, call.machine);
    return total;
  },
  min: (call) => extreme(call, '<'),
  max: (call) => extreme(call, '>'),
  any: (call) => {
    for (const item of iterate(take(call, 'iterable')[0] as Value, call.machine))
      if (isTrue(item)) return true;
    return false;
  },
  all: (call) => {
    for (const item of iterate(take(call, 'iterable')[0] as Value, call.machine))
      if (!isTrue(item)) return false;
    return true;
  },
  sorted: (call) => {
    const [items, key, reverse] = take(call, 'iterable', 'key?', 'reverse?');
    return new List(sorted(items as Value, { key, reverse }, call));
  },
  reversed: (call) => {
    const [value] = take(call, 'sequence');
    sizeOf(value as Value, call.machine);
    return new Items(
      collect(value as Value, call.machine)
        .reverse()
        .values(),
    );
  },
  enumerate: (call) => {
    const [items, start = 0n] = take(call, 'iterable', 'start?');
    return new Items(enumerated(items as Value, indexArgument(start, call), call));
  },
  zip: (call) => new Items(zipped(call)),
  map: (call) => new Items(mapped(call)),
  filter: (call) => new Items(filtered(call)),
  iter: (call) => new Items(iterate(take(call, 'iterable')[0] as Value, call.machine)),
  next: (call) => {
    const [items, fallback] = take(call, 'iterator', 'default?');
    if (!(items instanceof Items))
      return call.machine.fail(`'${typeName(items as Value)}' object is not an iterator`);
    const next = items.iterator.next();
    if (!next.done) return next.value;
    return fallback === undefined ? call.machine.fail('StopIteration') : fallback;
  },
  chr: (call) => {
    const code = indexArgument(take(call, 'i')[0], call);
    return code >= 0 && code <= 0x10ffff
      ? String.fromCodePoint(code)
      : call.machine.fail('chr() arg not in range(0x110000)');
  },
  ord: (call) => {
    const letters = [...textArgument(take(call, 'c')[0], call)];
    return letters.length === 1
      ? BigInt((letters[0] as string).codePointAt(0) as number)
      : call.machine.fail('ord() expected a character');
  },
  hex: (call) => inBase(call, 16, '0x'),
  oct: (call) => inBase(call, 8, '0o'),
  bin: (call) => inBase(call, 2, '0b'),
  format: (call) => {
    const [value, spec = ''] = take(call, 'value', 'format_spec?');
    return formatted(value as Value, textArgument(spec, call), call.machine);
  },
  isinstance: (call) => {
    const [value, types] = take(call, 'obj', 'class_or_tuple') as [Value, Value];
    return isInstance(value, types, call);
  },
  // What a config prints is nobody's to read.
  print: () => null,
};

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  Object.entries(FUNCTIONS).map(([name, call]) => [name, new Builtin(name, call)]),
);

function optionalItems(call: Call): Value[] {
  const [items] = take(call, 'iterable?');
  return items === undefined ? [] : collect(items, call.machine);
}

function rangeOf(call: Call): Range {
  const [first, second, third = 1n] = take(call, 'start', 'stop?', 'step?');
  const bound = (value: Value | undefined) => indexArgument(value, call);
  const step = bound(third);
  if (step === 0) call.machine.fail('range() arg 3 must not be zero');
  return second === undefined ? new Range(0, bound(first), 1) : new Range(bound(first), bound(second), step);
}

function numberArgument(value: Value | undefined, call: Call): bigint | number {
  const number = value === undefined ? undefined : numeric(value);
  return number ?? call.machine.fail(`${call.name}() needs a number, not '${typeName(value as Value)}'`);
}

function intOf(call: Call): bigint {
  const [value = 0n, base] = take(call, 'x?', 'base?');
  const { machine } = call;
  if (typeof value === 'string')
    return intFromText(value, base === undefined ? 10 : indexArgument(base, call), call);
  const number = numberArgument(value, call);
  if (typeof number === 'bigint') return number;
  if (!Number.isFinite(number)) return machine.fail('cannot convert float infinity or NaN to integer');
  return BigInt(Math.trunc(number));
}

function intFromText(text: string, base: number, call: Call): bigint {
  const fail = () =>
    call.machine.fail(`invalid literal for int() with base ${base}: ${repr(text, call.machine)}`);
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

function floatFrom(call: Call): number {
  const [value = 0n] = take(call, 'x?');
  if (typeof value !== 'string') return floatOf(numberArgument(value, call), call.machine);
  const [, sign = '', body = ''] = /^\s*([+-]?)(\S+)\s*$/.exec(value) ?? [];
  const words: Readonly<Record<string, number>> = { inf: Infinity, infinity: Infinity, nan: Number.NaN };
  const word = body.toLowerCase();
  const number = Object.hasOwn(words, word) ? words[word] : numberOf(body.replace(/^0+(?=\d)/, ''));
  if (number === undefined || /^0[xob]/i.test(body))
    return call.machine.fail(`could not convert string to float: ${repr(value, call.machine)}`);
  return (sign === '-' ? -1 : 1) * Number(number);
}

/** Half to even, by the exact value of a float. */
function rounded(call: Call): Value {
  const [value, digits = null] = take(call, 'number', 'ndigits?');
  const number = numberArgument(value, call);
  const places = digits === null ? 0 : indexArgument(digits, call);
  if (Math.abs(places) > 400) return call.machine.refuse(`rounding to ${places} digits`, 'round to fewer');
  if (typeof number === 'bigint') {
    const unit = places < 0 ? 10n ** BigInt(-places) : 1n;
    const size = divideHalfEven(number < 0n ? -number : number, unit) * unit;
    return number < 0n ? -size : size;
  }
  if (digits === null) {
    if (!Number.isFinite(number)) return call.machine.fail('cannot convert float infinity or NaN to integer');
    const whole = divideHalfEven(...fractionOf(number));
    return number < 0 ? -whole : whole;
  }
  if (!Number.isFinite(number)) return number;
  const size = places >= 0 ? Number(fixedDigits(number, places)) : Number(roundedWhole(number, -places));
  return number < 0 || Object.is(number, -0) ? -size : size;
}

function roundedWhole(number: number, places: number): bigint {
  const [numerator, denominator] = fractionOf(number);
  const unit = 10n ** BigInt(places);
  return divideHalfEven(numerator, denominator * unit) * unit;
}

function* enumerated(items: Value, start: number, { machine }: Call): Generator<Value, void> {
  let index = BigInt(start);
  for (const item of iterate(items, machine)) yield new Tuple([index++, item]);
}

function* zipped(call: Call): Generator<Value, void> {
  const { machine, args, keywords } = call;
  for (const name of keywords.keys())
    if (name !== 'strict') machine.fail(`zip() got an unexpected keyword argument '${name}'`);
  const sources = args.map((one) => iterate(one, machine));
  while (sources.length > 0) {
    const row: Value[] = [];
    for (const source of sources) {
      const next = source.next();
      if (next.done) return;
      row.push(next.value);
    }
    machine.items(row.length);
    yield new Tuple(row);
  }
}

function* mapped({ machine, args, invoke }: Call): Generator<Value, void> {
  const [callee, ...lists] = args;
  if (callee === undefined || lists.length === 0) machine.fail('map() must have at least two arguments.');
  const sources = lists.map((one) => iterate(one, machine));
  for (;;) {
    const row = sources.map((source) => source.next());
    if (row.some(({ done }) => done)) return;
    yield invoke(
      callee as Value,
      row.map(({ value }) => value as Value),
    );
  }
}

function* filtered(call: Call): Generator<Value, void> {
  const [test, items] = take(call, 'function', 'iterable') as [Value, Value];
  for (const item of iterate(items, call.machine))
    if (isTrue(test === null ? item : call.invoke(test, [item]))) yield item;
}

function inBase(call: Call, base: number, prefix: string): string {
  const [value] = take(call, 'number');
  const number = value === undefined ? undefined : numeric(value);
  if (typeof number !== 'bigint') return call.machine.fail(`${call.name}() needs an int`);
  return `${number < 0n ? '-' : ''}${prefix}${(number < 0n ? -number : number).toString(base)}`;
}

/** Names of built-in types that a value is an instance of. */
function isInstance(value: Value, types: Value, call: Call): boolean {
  if (types instanceof Tuple) return types.items.some((one) => isInstance(value, one, call));
  if (!(types instanceof Builtin))
    return call.machine.refuse('isinstance() of what is no built-in type', 'compare values instead');
  const own = typeName(value);
  return own === types.name || (own === 'bool' && types.name === 'int');
}
