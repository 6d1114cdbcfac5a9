/** Calls: of functions that a config defines, and of built-in ones. */

import { setItem } from './access.ts';
import type { Evaluator, Given } from './evaluator.ts';
import { declaredIn, setName } from './names.ts';
import type { Expression, Parameter, Statement } from './syntax.ts';
import {
  Builtin,
  DefinedFunction,
  Dict,
  Imported,
  type Scope,
  Tuple,
  typeName,
  type Value,
} from './values.ts';

const NO_NAMES = { own: new Set<string>(), shared: new Map<string, 'global' | 'nonlocal'>() };

interface Definition {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[] | Expression;
}

/** Defaults are evaluated where the function is defined, once. */
export function define(
  { name, parameters, body }: Definition,
  scope: Scope,
  evaluator: Evaluator,
): DefinedFunction {
  const { machine } = evaluator;
  const declared = 'kind' in body ? NO_NAMES : declaredIn(body);
  return new DefinedFunction({
    name,
    parameters: parameters.map((one) => ({
      ...one,
      value: one.fallback === undefined ? undefined : evaluator.evaluate(one.fallback, scope),
    })),
    body,
    scope,
    place: machine.place,
    own: new Set([...declared.own, ...parameters.map((one) => one.name)]),
    shared: declared.shared,
  });
}

export function callValue(callee: Value, given: Given, evaluator: Evaluator): Value {
  const { machine } = evaluator;
  if (callee instanceof Builtin) {
    const invoke = (inner: Value, args: readonly Value[]) =>
      callValue(inner, { args, keywords: new Map() }, evaluator);
    return callee.call({ ...given, machine, name: callee.name, invoke });
  }
  if (callee instanceof DefinedFunction) return machine.deeper(() => callFunction(callee, given, evaluator));
  if (callee instanceof Imported) {
    return machine.refuse(
      `${callee.dotted} is imported, not run`,
      'a config may name it, e.g. type=X, and not call it: write the value out, or use a TypeScript config',
    );
  }
  return machine.fail(`'${typeName(callee)}' object is not callable`);
}

function callFunction(callee: DefinedFunction, given: Given, evaluator: Evaluator): Value {
  const { machine } = evaluator;
  const { source, at } = machine;
  const { own, shared, scope: outer, body } = callee;
  const scope: Scope = { variables: new Dict(), outer, globals: outer.globals, own, shared };
  machine.items(3);
  bind(callee, given, scope, evaluator);
  machine.source = callee.place.source;
  const ended =
    'kind' in body ? { returned: evaluator.evaluate(body, scope) } : evaluator.execute(body, scope);
  machine.source = source;
  machine.at = at;
  return typeof ended === 'object' ? ended.returned : null;
}

function bind(
  callee: DefinedFunction,
  { args, keywords }: Given,
  scope: Scope,
  { machine }: Evaluator,
): void {
  const set = (name: string, value: Value) =>
    setName(name, value, { ...scope, shared: new Map() }, machine.place);
  const positional = callee.parameters.filter(({ form }) => form === 'plain' || form === 'positional');
  const rest = callee.parameters.find(({ form }) => form === 'rest');
  const more = callee.parameters.find(({ form }) => form === 'keywords');
  const fail = (why: string) => machine.fail(`${callee.name}() ${why}`);
  if (args.length > positional.length && rest === undefined)
    fail(`takes ${positional.length} positional arguments but ${args.length} were given`);
  for (const [index, { name }] of positional.slice(0, args.length).entries()) set(name, args[index] as Value);
  if (rest !== undefined) set(rest.name, new Tuple(args.slice(positional.length)));
  const others = new Dict();
  for (const [name, value] of keywords) {
    const taken = callee.parameters.find(
      (one) => one.name === name && (one.form === 'plain' || one.form === 'keyword'),
    );
    if (taken !== undefined && scope.variables.text(name) !== undefined)
      fail(`got multiple values for argument '${name}'`);
    if (taken !== undefined) set(name, value);
    else if (more === undefined) fail(`got an unexpected keyword argument '${name}'`);
    else setItem(others, name, value, machine);
  }
  if (more !== undefined) set(more.name, others);
  for (const { name, value, form } of callee.parameters) {
    if (form === 'rest' || form === 'keywords' || scope.variables.text(name) !== undefined) continue;
    set(name, value === undefined ? fail(`lacks its argument '${name}'`) : value);
  }
}
