import { iterate, setItem } from './access.ts';
import { take } from './arguments.ts';
import { DICT_METHODS, LIST_METHODS, SET_METHODS, TUPLE_METHODS } from './container-methods.ts';
import type { Machine } from './machine.ts';
import { member } from './modules.ts';
import { BYTES_METHODS, type Method, TEXT_METHODS } from './text-methods.ts';
import { Builtin, type Call, Dict, Imported, typeName, type Value } from './values.ts';

const TABLES: ReadonlyMap<string, ReadonlyMap<string, Method<never>>> = new Map(
  Object.entries({
    str: TEXT_METHODS,
    bytes: BYTES_METHODS,
    list: LIST_METHODS,
    tuple: TUPLE_METHODS,
    dict: DICT_METHODS,
    set: SET_METHODS,
    frozenset: SET_METHODS,
  }).map(([type, methods]) => [type, new Map(Object.entries(methods as Record<string, Method<never>>))]),
);

/** `value.name`: a method of data, or a part of an imported module. Nothing else has attributes that may be seen. */
export function attributeOf(value: Value, name: string, machine: Machine): Value {
  if (name.startsWith('__'))
    machine.refuse(`the attribute '${name}' may not be used in it`, 'keep to data and its methods');
  if (value instanceof Imported) return partOf(value, name, machine);
  const method = TABLES.get(typeName(value))?.get(name);
  if (method !== undefined) return new Builtin(name, (call) => method(value as never, call));
  if (value instanceof Builtin) {
    if (value.name === 'dict' && name === 'fromkeys') return new Builtin(name, fromKeys);
    const unbound = TABLES.get(value.name)?.get(name);
    if (unbound !== undefined) return new Builtin(name, (call) => callUnbound(unbound, value.name, call));
  }
  const cure = value instanceof Dict ? `write ["${name}"]` : 'keep to data and its methods';
  return machine.refuse(`'${typeName(value)}' object has no attribute '${name}'`, cure);
}

/** A name that begins with a small letter may be a module; of a class nothing can be known. */
function partOf({ path, isModule, dotted }: Imported, name: string, machine: Machine): Value {
  if (!isModule && !/^[a-z_]/.test(path.at(-1) ?? ''))
    machine.refuse(`${dotted} is imported, not run: ${name} has no value here`, 'write the value itself');
  return member([...path, name], machine, /^[a-z_]/.test(name));
}

/** `str.upper(text)` */
function callUnbound(method: Method<never>, type: string, call: Call): Value {
  const [self, ...args] = call.args;
  if (self === undefined || typeName(self) !== type)
    return call.machine.fail(`${type}.${call.name}() needs a '${type}'`);
  return method(self as never, { ...call, args });
}

function fromKeys(call: Call): Dict {
  const [keys, value = null] = take(call, 'iterable', 'value?');
  const dict = new Dict(call.machine.place);
  for (const key of iterate(keys as Value, call.machine)) setItem(dict, key, value, call.machine);
  return dict;
}
