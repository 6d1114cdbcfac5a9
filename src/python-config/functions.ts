/** Functions and their calls, and the variables that they look up and set. */

import { nearest } from '../basics/nearest.ts';
import { setItem } from './access.ts';
import { BUILTINS, FORBIDDEN } from './builtins.ts';
import { MAY_COMPUTE, type Machine, type SourcePlace } from './machine.ts';
import type { Expr, ImportFrom, ParameterSyntax, Stmt } from './syntax.ts';
import { TYPES } from './type-expressions.ts';
import {
  Builtin,
  DefinedFunction,
  Dict,
  PyImport,
  type PyObject,
  type PyScope,
  Tuple,
  TypeExpression,
  typeName,
} from './values.ts';

const NO_NAMES = { own: new Set<string>(), shared: new Map<string, 'global' | 'nonlocal'>() };

interface Definition {
  readonly name: string;
  readonly parameters: readonly ParameterSyntax[];
  readonly body: readonly Stmt[] | Expr;
}

/** Defaults are evaluated where the function is defined, once. */
export function define(
  { name, parameters, body }: Definition,
  scope: PyScope,
  evaluator: PyEvaluator,
): DefinedFunction {
  const { machine } = evaluator;
  const declared = 'kind' in body ? NO_NAMES : listDeclared(body);
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

/** Calls a function. Refuses to call what was imported. */
export function callValue(callee: PyObject, given: CallArguments, evaluator: PyEvaluator): PyObject {
  const { machine } = evaluator;
  if (callee instanceof Builtin) {
    const invoke = (inner: PyObject, args: readonly PyObject[]) =>
      callValue(inner, { args, keywords: new Map() }, evaluator);
    return callee.call({ ...given, machine, name: callee.name, invoke });
  }
  if (callee instanceof TypeExpression)
    return machine.refuse(`'${callee.text}' may not be called in it`, MAY_COMPUTE);
  if (callee instanceof DefinedFunction) return machine.deeper(() => callFunction(callee, given, evaluator));
  if (callee instanceof PyImport) {
    return machine.refuse(
      `${callee.dotted} is imported, not run`,
      'a config may name it, e.g. type=X, and not call it: write the value out, or use a TypeScript config',
    );
  }
  return machine.fail(`'${typeName(callee)}' object is not callable`);
}

function callFunction(callee: DefinedFunction, given: CallArguments, evaluator: PyEvaluator): PyObject {
  const { machine } = evaluator;
  const { source, at } = machine;
  const { own, shared, scope: outer, body } = callee;
  const scope: PyScope = { variables: new Dict(), outer, globals: outer.globals, own, shared };
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
  { args, keywords }: CallArguments,
  scope: PyScope,
  { machine }: PyEvaluator,
): void {
  const set = (name: string, value: PyObject) =>
    setName(name, value, { ...scope, shared: new Map() }, machine.place);
  const positional = callee.parameters.filter(({ form }) => form === 'plain' || form === 'positional');
  const rest = callee.parameters.find(({ form }) => form === 'rest');
  const more = callee.parameters.find(({ form }) => form === 'keywords');
  const fail = (why: string) => machine.fail(`${callee.name}() ${why}`);
  if (args.length > positional.length && rest === undefined)
    fail(`takes ${positional.length} positional arguments but ${args.length} were given`);
  for (const [index, { name }] of positional.slice(0, args.length).entries())
    set(name, args[index] as PyObject);
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

/** They depend on where they are called; the evaluator handles them. */
export const GLOBALS = new Builtin('globals', () => null);
export const LOCALS = new Builtin('locals', () => null);

/** Returns a variable's value, from the innermost scope that has it. */
export function lookUp(name: string, scope: PyScope, machine: Machine): PyObject {
  for (let at: PyScope | undefined = scope; at !== undefined; at = at.outer) {
    const isGlobal = at.shared?.get(name) === 'global';
    const value = (isGlobal ? scope.globals : at.variables).text(name);
    if (value !== undefined) return value;
    if (isGlobal) break;
    if (at.own?.has(name))
      machine.fail(`local variable '${name}' is used before it has a value`, 'UnboundLocalError');
  }
  if (name === 'globals') return GLOBALS;
  if (name === 'locals') return LOCALS;
  return BUILTINS.get(name) ?? TYPES.get(name) ?? unknownName(name, scope, machine);
}

function unknownName(name: string, { globals }: PyScope, machine: Machine): never {
  if (FORBIDDEN.has(name)) {
    machine.refuse(`'${name}' may not be used in it`, MAY_COMPUTE);
  }
  const known = [...globals.entries.values()].map(({ key }) => String(key));
  const near = nearest(name, [...known, ...BUILTINS.keys()]);
  return machine.fail(
    `name '${name}' is not defined${near === undefined ? '' : `; did you mean '${near}'?`}`,
    'NameError',
    `name '${name}' is not defined`,
  );
}

/** Sets a variable in the scope that owns its name. */
export function setName(name: string, value: PyObject, scope: PyScope, place: SourcePlace): undefined {
  findVariables(name, scope).setText(name, value, place);
}

/** Deletes a variable. */
export function deleteName(name: string, scope: PyScope, machine: Machine): undefined {
  if (!findVariables(name, scope).deleteText(name)) machine.fail(`name '${name}' is not defined`);
}

function findVariables(name: string, scope: PyScope): Dict {
  const shared = scope.shared?.get(name);
  if (shared === 'global') return scope.globals;
  if (shared === undefined) return scope.variables;
  let outer = scope.outer;
  while (outer !== undefined && !outer.own?.has(name)) outer = outer.outer;
  return (outer ?? scope).variables;
}

/** The scope that `:=` sets its name in. */
export function findHolder(scope: PyScope): PyScope {
  let at = scope;
  while (at.isComprehension && at.outer !== undefined) at = at.outer;
  return at;
}

interface Declared {
  readonly own: Set<string>;
  readonly shared: Map<string, 'global' | 'nonlocal'>;
}

/** Names that the statements of a function set, and those that it shares with what is around it. */
function listDeclared(body: readonly Stmt[]): Declared {
  const declared: Declared = { own: new Set(), shared: new Map() };
  collectNames(body, declared);
  for (const name of declared.shared.keys()) declared.own.delete(name);
  return declared;
}

function collectNames(body: readonly Stmt[], into: Declared): undefined {
  for (const one of body) {
    if (one.kind === 'assign') for (const target of one.targets) addTarget(target, into.own);
    else if (one.kind === 'update') addTarget(one.target, into.own);
    else if (one.kind === 'def') into.own.add(one.name);
    else if (one.kind === 'scope') for (const name of one.names) into.shared.set(name, one.which);
    else if (one.kind === 'from') for (const { as } of one.names ?? []) into.own.add(as);
    else if (one.kind === 'import')
      for (const { path, as } of one.modules) into.own.add(as ?? String(path[0]));
    else if (one.kind === 'if') {
      for (const branch of one.branches) collectNames(branch.body, into);
      collectNames(one.otherwise, into);
    } else if (one.kind === 'for' || one.kind === 'while') {
      if (one.kind === 'for') addTarget(one.target, into.own);
      collectNames(one.body, into);
      collectNames(one.otherwise, into);
    } else if (one.kind === 'try') {
      for (const { name, body: handler } of one.handlers) {
        if (name !== undefined) into.own.add(name);
        collectNames(handler, into);
      }
      for (const part of [one.body, one.otherwise, one.final]) collectNames(part, into);
    } else if (one.kind === 'bases') collectNames(one.body, into);
  }
}

function addTarget(target: Expr, names: Set<string>): undefined {
  if (target.kind === 'name') names.add(target.name);
  else if (target.kind === 'tuple' || target.kind === 'list')
    for (const item of target.items) addTarget(item, names);
  else if (target.kind === 'starred') addTarget(target.value, names);
}

/** How a list of statements ended. */
export type Flow = 'next' | 'break' | 'continue' | { readonly returned: PyObject };

/** Connects the parts of the evaluation. */
export interface PyEvaluator {
  readonly machine: Machine;
  evaluate(expression: Expr, scope: PyScope): PyObject;
  execute(body: readonly Stmt[], scope: PyScope): Flow;
  assign(target: Expr, value: PyObject, scope: PyScope): void;
  call(callee: PyObject, given: CallArguments): PyObject;
  /** The variables of the config that a statement imports from; undefined where it imports from no config. */
  base(statement: ImportFrom): Dict | undefined;
}

/** The arguments of a call. */
interface CallArguments {
  readonly args: readonly PyObject[];
  readonly keywords: ReadonlyMap<string, PyObject>;
  readonly places?: ReadonlyMap<string, SourcePlace>;
}
