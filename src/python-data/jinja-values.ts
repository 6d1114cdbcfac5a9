/** The values of a running template as Python has them: how they print, compare and iterate; filters, tests and methods. */
import { pyRepr } from './repr.ts';
import { PyDict, PyOpaque, PyTuple, type PyValue, pyEqual, pyTypeName } from './value.ts';

/** What is wrong with a template: no Jinja, Jinja that is not supported, or an error while it runs. */
export class JinjaError extends Error {
  override readonly name = 'JinjaError';
}

/** A value of the running template. The library does not export its classes. */
export interface JinjaValue {
  readonly type: string;
  readonly value: any;
  readonly builtins: ReadonlyMap<string, JinjaValue>;
  __bool__(): { readonly value: boolean };
}
/** A dict's key. The library knows texts only; a number stands for an int. */
type Key = string | number;
/** What a filter, test or method is given beside the value. */
export interface FilterArguments {
  readonly list: readonly JinjaValue[];
  readonly named: ReadonlyMap<string, JinjaValue>;
}

function toPython({ type, value }: JinjaValue): PyValue {
  if (type === 'ArrayValue') return (value as JinjaValue[]).map(toPython);
  if (type === 'TupleValue') return new PyTuple((value as JinjaValue[]).map(toPython));
  if (type === 'IntegerValue') return BigInt(value);
  if (value instanceof Map)
    return new PyDict(
      [...(value as Map<Key, JinjaValue>)].map(([key, one]) => [
        typeof key === 'number' ? BigInt(key) : key,
        toPython(one),
      ]),
    );
  if (type === 'NullValue') return null;
  if (type === 'UndefinedValue') return new PyOpaque('Undefined', 'Undefined');
  if (type === 'FunctionValue') throw new JinjaError('a function is printed or compared');
  return value as PyValue;
}

/** `str(value)`; an undefined name is empty. */
export function textOf(value: JinjaValue): string {
  if (value.type === 'StringValue') return value.value as string;
  return value.type === 'UndefinedValue' ? '' : pyRepr(toPython(value));
}

function isEqual(a: JinjaValue, b: JinjaValue): boolean {
  if (a.type === 'StringValue' && b.type === 'StringValue') return a.value === b.value;
  return pyEqual(toPython(a), toPython(b));
}

/** What Python iterates over: a list's values, a text's characters, a dict's keys, nothing of an undefined name. */
export function itemsOf(iterable: JinjaValue): readonly (JinjaValue | Key)[] {
  const { type, value } = iterable;
  if (type === 'ArrayValue' || type === 'TupleValue') return value as JinjaValue[];
  if (type === 'StringValue') return [...(value as string)];
  if (value instanceof Map) return [...(value as Map<Key, JinjaValue>).keys()];
  if (type === 'UndefinedValue') return [];
  throw new JinjaError(`'${typeName(iterable)}' object is not iterable`);
}

/** The items that `map`, `select` and `reject` work on: they take anything that is false for an empty list. */
export const itemsOrNone = (value: JinjaValue) => (value.__bool__().value ? itemsOf(value) : []);

/** A member by its dotted path, as `map` and `selectattr` name it. */
export function attributeOf(item: JinjaValue, path: string): JinjaValue | undefined {
  let value: JinjaValue | undefined = item;
  for (const part of path.split('.')) {
    if (value?.value instanceof Map) value = (value.value as Map<string, JinjaValue>).get(part);
    else value = Array.isArray(value?.value) ? (value.value as JinjaValue[])[Number(part)] : undefined;
  }
  return value;
}

/** What an operator gives where the library has it otherwise than Python; undefined where it has it alike. */
export function calculate(operator: string, a: JinjaValue, b: JinjaValue): unknown {
  const texts = [a, b].filter(({ type }) => type === 'StringValue').length;
  const integers = a.type === 'IntegerValue' && b.type === 'IntegerValue';
  switch (operator) {
    case '==':
      return isEqual(a, b);
    case '!=':
      return !isEqual(a, b);
    case '~':
      return textOf(a) + textOf(b);
    case 'in':
      return contains(b, a);
    case 'not in':
      return !contains(b, a);
    case '+':
      if (texts === 1) throw new JinjaError(`+ between '${typeName(a)}' and '${typeName(b)}'`);
      return undefined;
    case '*':
      return a.type === 'StringValue' && b.type === 'IntegerValue'
        ? a.value.repeat(Math.max(0, b.value))
        : undefined;
    case '%':
      return integers && b.value !== 0 ? a.value - b.value * Math.floor(a.value / b.value) : undefined;
    default:
      return texts === 2 ? compareTexts(operator, a.value, b.value) : undefined;
  }
}

function compareTexts(operator: string, a: string, b: string): boolean | undefined {
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  if (operator === '<=') return a <= b;
  return operator === '>=' ? a >= b : undefined;
}

function contains(container: JinjaValue, item: JinjaValue): boolean {
  const { type, value } = container;
  if (type === 'StringValue' && item.type === 'StringValue') return value.includes(item.value);
  if (type === 'StringValue')
    throw new JinjaError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  if (value instanceof Map) return isKey(item) && value.has(item.value);
  return itemsOf(container).some((one) => isEqual(one as JinjaValue, item));
}

export const isKey = ({ type }: JinjaValue) => type === 'StringValue' || type === 'IntegerValue';
export const typeName = (value: JinjaValue) => pyTypeName(toPython(value));

export const TESTS: Readonly<Record<string, (value: JinjaValue, args: readonly JinjaValue[]) => boolean>> = {
  eq: (value, [other]) => isEqual(value, other!),
  equalto: (value, [other]) => isEqual(value, other!),
  ne: (value, [other]) => !isEqual(value, other!),
  sameas: (value, [other]) => value.type === other!.type && value.value === other!.value,
  in: (value, [container]) => contains(container!, value),
  divisibleby: (value, [by]) => value.value % by!.value === 0,
  gt: (value, [other]) => value.value > other!.value,
  ge: (value, [other]) => value.value >= other!.value,
  lt: (value, [other]) => value.value < other!.value,
  le: (value, [other]) => value.value <= other!.value,
  float: ({ type }) => type === 'FloatValue',
  number: ({ type }) => ['IntegerValue', 'FloatValue', 'BooleanValue'].includes(type),
  iterable: ({ type, value }) =>
    Array.isArray(value) || value instanceof Map || type === 'StringValue' || type === 'UndefinedValue',
};

export const FILTERS: Readonly<Record<string, (value: JinjaValue, args: FilterArguments) => unknown>> = {
  string: textOf,
  trim: (value, { list: [signs] }) => strip(textOf(value), signs),
  upper: (value) => textOf(value).toUpperCase(),
  lower: (value) => textOf(value).toLowerCase(),
  capitalize: (value) => capitalize(textOf(value)),
  title: (value) => title(textOf(value)),
  replace: (value, { list: [from, to, count] }) =>
    replace(textOf(value), textOf(from!), textOf(to!), count?.value),
  length: (value) => itemsOf(value).length,
  count: (value) => itemsOf(value).length,
  list: itemsOf,
  first: (value) => itemsOf(value)[0],
  last: (value) => itemsOf(value).at(-1),
  min: (value) => least(itemsOf(value), 1),
  max: (value) => least(itemsOf(value), -1),
  items: ({ value }) => (value instanceof Map ? [...value] : []),
  join: (value, { list: [between, attribute], named }) => {
    const path = attribute ?? named.get('attribute');
    const text = (item: JinjaValue | Key | undefined) =>
      item === undefined ? '' : typeof item === 'object' ? textOf(item) : String(item);
    const items = itemsOf(value).map((item) =>
      text(path === undefined || typeof item !== 'object' ? item : attributeOf(item, textOf(path))),
    );
    const separator = between ?? named.get('d');
    return items.join(separator === undefined ? '' : textOf(separator));
  },
  map: (value, { named }) => {
    const path = named.get('attribute');
    if (path === undefined) throw new JinjaError('map needs an attribute or the name of a filter');
    return itemsOrNone(value).map((item) =>
      typeof item !== 'object' ? undefined : (attributeOf(item, textOf(path)) ?? named.get('default')),
    );
  },
  dictsort: (value, { list: [caseSensitive, by, reverse], named }) => {
    if (!(value.value instanceof Map)) throw new JinjaError(`a ${typeName(value)} has no dictsort`);
    const byValue = (by ?? named.get('by'))?.value === 'value';
    const folds = (caseSensitive ?? named.get('case_sensitive'))?.value !== true;
    const worth = ([key, one]: readonly [Key, JinjaValue]) => {
      const given = byValue ? one.value : key;
      return folds && typeof given === 'string' ? given.toLowerCase() : given;
    };
    const sign = (reverse ?? named.get('reverse'))?.value === true ? -1 : 1;
    const entries = [...(value.value as Map<Key, JinjaValue>)];
    return entries.sort((a, b) => sign * (worth(a) < worth(b) ? -1 : Number(worth(a) > worth(b))));
  },
  int: (value, { list, named }) => {
    const number = value.type === 'StringValue' ? readNumber(value.value) : Number(value.value ?? Number.NaN);
    return Number.isFinite(number) ? Math.trunc(number) : (list[0] ?? named.get('default') ?? 0);
  },
  d: (value, { list, named }) => orDefault(value, list, named),
  default: (value, { list, named }) => orDefault(value, list, named),
};

function orDefault(
  value: JinjaValue,
  list: readonly JinjaValue[],
  options: FilterArguments['named'],
): unknown {
  const evenIfFalse = list[1] ?? options.get('boolean');
  const isMissing =
    value.type === 'UndefinedValue' || (evenIfFalse?.value === true && !value.__bool__().value);
  return isMissing ? (list[0] ?? options.get('default_value') ?? '') : value;
}

/** Methods by the type of their object. */
export const METHODS: Readonly<
  Record<string, Readonly<Record<string, (object: JinjaValue, args: readonly JinjaValue[]) => unknown>>>
> = {
  StringValue: {
    strip: ({ value }, [signs]) => strip(value, signs),
    lstrip: ({ value }, [signs]) => strip(value, signs, 'left'),
    rstrip: ({ value }, [signs]) => strip(value, signs, 'right'),
    capitalize: ({ value }) => capitalize(value),
    title: ({ value }) => title(value),
    join: ({ value }, [items]) =>
      itemsOf(items!)
        .map((item) => (typeof item === 'object' ? textOf(item) : item))
        .join(value),
    find: ({ value }, [part]) => value.indexOf(textOf(part!)),
    format: ({ value }, args) => format(value, args),
    index: ({ value }, [part]) => {
      const at = value.indexOf(textOf(part!));
      if (at < 0) throw new JinjaError('substring not found');
      return at;
    },
    rsplit: ({ value }, [between, most]) => rsplit(value, between!.value, most?.value),
  },
  ObjectValue: {
    items: ({ value }) => [...value],
    keys: ({ value }) => [...value.keys()],
  },
  ArrayValue: {
    append: ({ value }, [item]) => {
      value.push(item);
      return null;
    },
  },
};

/** Blanks of `str.strip`: JavaScript's but for the byte order mark, and four separators more. */
const isBlank = (sign: string) => /[\s\x1c-\x1f\x85]/.test(sign) && sign !== '\ufeff';

function strip(text: string, signs: JinjaValue | undefined, side?: 'left' | 'right'): string {
  const isOff = (sign: string) =>
    signs?.type === 'StringValue' ? signs.value.includes(sign) : isBlank(sign);
  let [start, end] = [0, text.length];
  while (side !== 'right' && start < end && isOff(text[start]!)) start++;
  while (side !== 'left' && end > start && isOff(text[end - 1]!)) end--;
  return text.slice(start, end);
}

const capitalize = (text: string) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
const title = (text: string) => text.replace(/\p{L}+/gu, capitalize);

function replace(text: string, from: string, to: string, most?: number): string {
  if (most === undefined || most < 0) return text.replaceAll(from, () => to);
  const parts = text.split(from);
  return [parts.slice(0, most + 1).join(to), ...parts.slice(most + 1)].join(from);
}

function rsplit(text: string, between: string, most = -1): string[] {
  const parts = text.split(between);
  if (most < 0 || parts.length <= most + 1) return parts;
  const start = parts.length - most;
  return [parts.slice(0, start).join(between), ...parts.slice(start)];
}

/** `str.format` with `{}` and `{0}`, and no formats in them. */
function format(text: string, args: readonly JinjaValue[]): string {
  let next = 0;
  return text.replace(/\{\{|\}\}|\{(\d*)\}/g, (whole, place: string | undefined) => {
    if (place === undefined) return whole[0]!;
    const value = args[place === '' ? next++ : Number(place)];
    if (value === undefined) throw new JinjaError('format has fewer arguments than places');
    return textOf(value);
  });
}

function readNumber(text: string): number {
  return /^\s*[-+]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*$/.test(text)
    ? Number(text.replaceAll('_', ''))
    : Number.NaN;
}

function least(items: readonly (JinjaValue | Key)[], sign: 1 | -1): JinjaValue | Key | undefined {
  const worth = (item: JinjaValue | Key) => (typeof item === 'object' ? item.value : item);
  return items.reduce<JinjaValue | Key | undefined>(
    (best, item) => (best === undefined || worth(item) < worth(best) === (sign === 1) ? item : best),
    undefined,
  );
}

/** What a table itself holds: `__proto__` and its like are no names in it. */
export function ownOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
