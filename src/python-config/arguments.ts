import type { Call, Value } from './values.ts';
import { typeName } from './values.ts';

/**
 * The arguments of a built-in by its parameters' names, `name?` for one that may be left out; undefined where it was.
 * Fails as Python does for too many, too few or unknown ones.
 */
export function take(call: Call, ...names: readonly string[]): (Value | undefined)[] {
  const { args, keywords, machine } = call;
  const plain = names.map((name) => name.replace('?', ''));
  if (args.length > names.length)
    machine.fail(`${call.name}() takes at most ${names.length} arguments (${args.length} given)`);
  for (const key of keywords.keys()) {
    const index = plain.indexOf(key);
    if (index < 0) machine.fail(`${call.name}() got an unexpected keyword argument '${key}'`);
    if (index < args.length) machine.fail(`${call.name}() got several values for '${key}'`);
  }
  return names.map((name, index) => {
    const value = index < args.length ? args[index] : keywords.get(plain[index] as string);
    if (value === undefined && !name.endsWith('?'))
      machine.fail(`${call.name}() lacks its argument '${plain[index]}'`);
    return value;
  });
}

export function textArgument(value: Value | undefined, call: Call): string {
  return typeof value === 'string'
    ? value
    : call.machine.fail(`${call.name}() needs a str, not '${typeOf(value)}'`);
}

/** A whole number within JavaScript's exact range. */
export function indexArgument(value: Value | undefined, call: Call): number {
  const int = typeof value === 'boolean' ? BigInt(value) : value;
  if (typeof int !== 'bigint')
    return call.machine.fail(`${call.name}() needs an int, not '${typeOf(value)}'`);
  const number = Number(int);
  return Number.isSafeInteger(number)
    ? number
    : call.machine.refuse(`${call.name}() was given ${int}`, 'write a smaller number');
}

function typeOf(value: Value | undefined): string {
  return value === undefined ? 'nothing' : typeName(value);
}
