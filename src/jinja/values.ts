/** What Jinja values can do: Python's truth, methods of texts and tables, filters and tests. */
import { JinjaError } from './lex.ts';

export type Value = unknown;
/** A function of the template or of ours; named arguments come last, as a table. */
export type Callable = (args: readonly Value[], named: Readonly<Record<string, Value>>) => Value;

export type Table = Record<string, Value>;

export function isTable(value: Value): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isTable(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}

export function textOf(value: Value): string {
  if (value === undefined) return '';
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') throw new JinjaError('a list or table is printed as it is');
  return String(value);
}

export function listOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [...value];
  if (isTable(value)) return Object.keys(value);
  if (value === undefined || value === null) return [];
  throw new JinjaError('something is looped over that is no list');
}

export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') return container.includes(textOf(item));
  if (isTable(container)) return Object.hasOwn(container, textOf(item));
  return listOf(container).some((one) => isEqual(one, item));
}

export function isEqual(a: Value, b: Value): boolean {
  if (typeof a === 'object' && a !== null) return JSON.stringify(a) === JSON.stringify(b);
  return (
    a === b || (typeof a === 'boolean' && Number(a) === b) || (typeof b === 'boolean' && a === Number(b))
  );
}

/** Python's `json.dumps` with `ensure_ascii=False`: a blank behind `,` and `:`. */
function toJson(value: Value, indent: Value): string {
  if (typeof indent === 'number') return JSON.stringify(value, null, indent);
  if (Array.isArray(value)) return `[${value.map((one) => toJson(one, undefined)).join(', ')}]`;
  if (!isTable(value)) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).map(
    ([key, one]) => `${JSON.stringify(key)}: ${toJson(one, undefined)}`,
  );
  return `{${entries.join(', ')}}`;
}

function stripped(text: string, signs: Value, ends: 'both' | 'left' | 'right'): string {
  const isOff = (sign: string) => (typeof signs === 'string' ? signs.includes(sign) : /\s/.test(sign));
  let [start, end] = [0, text.length];
  while (ends !== 'right' && start < end && isOff(text[start]!)) start++;
  while (ends !== 'left' && end > start && isOff(text[end - 1]!)) end--;
  return text.slice(start, end);
}

function split(text: string, at: Value): string[] {
  if (typeof at === 'string') return text.split(at);
  return text.split(/\s+/).filter((word) => word !== '');
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

const TEXT_METHODS: Readonly<Record<string, (text: string, args: readonly Value[]) => Value>> = {
  startswith: (text, [start]) => text.startsWith(textOf(start)),
  endswith: (text, [end]) => text.endsWith(textOf(end)),
  strip: (text, [signs]) => stripped(text, signs, 'both'),
  lstrip: (text, [signs]) => stripped(text, signs, 'left'),
  rstrip: (text, [signs]) => stripped(text, signs, 'right'),
  split: (text, [at]) => split(text, at),
  replace: (text, [from, to]) => text.replaceAll(textOf(from), textOf(to)),
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  capitalize: capitalized,
  title: (text) => text.replace(/\p{L}+/gu, capitalized),
  join: (text, [items]) => listOf(items).map(textOf).join(text),
};

const TABLE_METHODS: Readonly<Record<string, (table: Table, args: readonly Value[]) => Value>> = {
  items: (table) => Object.entries(table),
  keys: (table) => Object.keys(table),
  values: (table) => Object.values(table),
  get: (table, [key, fallback = null]) => (Object.hasOwn(table, textOf(key)) ? table[textOf(key)] : fallback),
};

/** A method of a value, ready to be called; undefined where it has none of that name. */
export function methodOf(value: Value, name: string): Callable | undefined {
  if (typeof value === 'string' && Object.hasOwn(TEXT_METHODS, name))
    return (args) => TEXT_METHODS[name]!(value, args);
  if (isTable(value) && Object.hasOwn(TABLE_METHODS, name))
    return (args) => TABLE_METHODS[name]!(value, args);
  if (Array.isArray(value) && name === 'append') return ([item]) => void value.push(item);
  return undefined;
}

const itemAt = (list: readonly Value[], name: Value) =>
  list.map((one) => (isTable(one) ? one[textOf(name)] : undefined));

export const FILTERS: Readonly<
  Record<string, (value: Value, args: readonly Value[], named: Table) => Value>
> = {
  trim: (value) => textOf(value).trim(),
  length: (value) => (typeof value === 'string' ? value.length : listOf(value).length),
  count: (value) => listOf(value).length,
  tojson: (value, [indent], named) => toJson(value, indent ?? named['indent']),
  join: (value, [between = '']) => listOf(value).map(textOf).join(textOf(between)),
  first: (value) => listOf(value)[0],
  last: (value) => listOf(value).at(-1),
  list: (value) => [...listOf(value)],
  reverse: (value) => [...listOf(value)].reverse(),
  items: (value) => (isTable(value) ? Object.entries(value) : []),
  default: (value, [fallback = '', evenIfFalse]) =>
    value === undefined || (isTrue(evenIfFalse) && !isTrue(value)) ? fallback : value,
  string: textOf,
  safe: (value) => value,
  int: (value) => Math.trunc(Number(value)) || 0,
  upper: (value) => textOf(value).toUpperCase(),
  lower: (value) => textOf(value).toLowerCase(),
  capitalize: (value) => capitalized(textOf(value)),
  replace: (value, [from, to]) => textOf(value).replaceAll(textOf(from), textOf(to)),
  map: (value, _args, { attribute }) => itemAt(listOf(value), attribute),
  selectattr: (value, [name, test = 'true', than]) => attributes(value, name, test, than, true),
  rejectattr: (value, [name, test = 'true', than]) => attributes(value, name, test, than, false),
};

function attributes(value: Value, name: Value, test: Value, than: Value, wanted: boolean): Value[] {
  const asked = textOf(test);
  const has = (Object.hasOwn(TESTS, asked) ? TESTS[asked] : undefined) ?? isTrue;
  const list = listOf(value);
  const found = itemAt(list, name);
  return list.filter((_, i) => (test === 'true' ? isTrue(found[i]) : has(found[i], [than])) === wanted);
}

const equals = (value: Value, [other]: readonly Value[]) => isEqual(value, other);

export const TESTS: Readonly<Record<string, (value: Value, args: readonly Value[]) => boolean>> = {
  defined: (value) => value !== undefined,
  undefined: (value) => value === undefined,
  none: (value) => value === null,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  mapping: isTable,
  iterable: (value) => typeof value === 'object' || typeof value === 'string',
  sequence: (value) => Array.isArray(value) || typeof value === 'string',
  true: (value) => value === true,
  false: (value) => value === false,
  equalto: equals,
  eq: equals,
  in: (value, [container]) => contains(container, value),
  odd: (value) => Math.abs(Number(value)) % 2 === 1,
  even: (value) => Number(value) % 2 === 0,
};
