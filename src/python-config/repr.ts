import { escapeOf, floatRepr, textRepr } from '../python-data/repr.ts';
import { iterate } from './access.ts';
import type { Machine } from './machine.ts';
import {
  Builtin,
  Bytes,
  DefinedFunction,
  Dict,
  Imported,
  List,
  PySet,
  Range,
  Tuple,
  typeName,
  type Value,
  View,
} from './values.ts';

export function str(value: Value, machine: Machine): string {
  return typeof value === 'string' ? value : repr(value, machine);
}

export function repr(value: Value, machine: Machine): string {
  const text = machine.deeper(() => textOf(value, machine));
  machine.text(text.length);
  return text;
}

function textOf(value: Value, machine: Machine): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return floatRepr(value);
  if (typeof value === 'string') return quoted(value, machine);
  if (value instanceof Bytes) return `b${quoted(value.text, machine).replace(/[\x80-\xff]/g, hexByte)}`;
  const each = (items: Iterable<Value>) => [...items].map((item) => repr(item, machine)).join(', ');
  if (value instanceof List) return `[${each(iterate(value, machine))}]`;
  if (value instanceof Tuple) return `(${each(value.items)}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof Dict) {
    const entries = [...value.entries.values()];
    return `{${entries.map((one) => `${repr(one.key, machine)}: ${repr(one.value, machine)}`).join(', ')}}`;
  }
  if (value instanceof View) return `dict_${value.kind}([${each(iterate(value, machine))}])`;
  if (value instanceof PySet) return setText(value, each(value.items.values()));
  if (value instanceof Range) {
    const { start, stop, step } = value;
    return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
  }
  return objectText(value, machine);
}

function setText({ frozen, items }: PySet, inner: string): string {
  if (frozen) return items.size === 0 ? 'frozenset()' : `frozenset({${inner}})`;
  return items.size === 0 ? 'set()' : `{${inner}}`;
}

/** What Python shows with an address in memory has no text that a config could depend on. */
function objectText(value: Value, machine: Machine): string {
  if (value instanceof Imported && !value.isModule) return `<class '${value.dotted}'>`;
  if (value instanceof Builtin) return `<class '${value.name}'>`;
  const what = value instanceof DefinedFunction ? `function ${value.name}` : typeName(value);
  return machine.refuse(`a ${what} has no text`, 'name a value that is data');
}

const hexByte = (letter: string) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;

function quoted(text: string, machine: Machine): string {
  machine.text(text.length);
  return textRepr(text);
}

/** `ascii()`: what is not ASCII escaped too. */
export function ascii(value: Value, machine: Machine): string {
  return repr(value, machine).replace(/[^\0-\x7f]/gu, escapeOf);
}
