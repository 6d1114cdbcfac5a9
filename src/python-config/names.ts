/** Variables: where a name is looked up and where it is set. */
import { nearest } from '../basics/nearest.ts';
import { BUILTINS, FORBIDDEN } from './builtins.ts';
import type { Machine, Place } from './machine.ts';
import type { Expression, Statement } from './syntax.ts';
import { Builtin, type Dict, type Scope, type Value } from './values.ts';

/** They need to know where they are called; the evaluator answers them. */
export const GLOBALS = new Builtin('globals', () => null);
export const LOCALS = new Builtin('locals', () => null);

export function lookUp(name: string, scope: Scope, machine: Machine): Value {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const isGlobal = at.shared?.get(name) === 'global';
    const value = (isGlobal ? scope.globals : at.variables).text(name);
    if (value !== undefined) return value;
    if (isGlobal) break;
    if (at.own?.has(name)) machine.fail(`local variable '${name}' is used before it has a value`);
  }
  if (name === 'globals') return GLOBALS;
  if (name === 'locals') return LOCALS;
  return BUILTINS.get(name) ?? unknownName(name, scope, machine);
}

function unknownName(name: string, { globals }: Scope, machine: Machine): never {
  if (FORBIDDEN.has(name)) {
    const cure =
      'a Python config is read, not run: keep to data, or use a TypeScript config, which may compute';
    machine.refuse(`'${name}' may not be used in it`, cure);
  }
  const known = [...globals.entries.values()].map(({ key }) => String(key));
  const near = nearest(name, [...known, ...BUILTINS.keys()]);
  return machine.fail(
    `name '${name}' is not defined${near === undefined ? '' : `; did you mean '${near}'?`}`,
  );
}

export function setName(name: string, value: Value, scope: Scope, place: Place): undefined {
  variablesOf(name, scope).setText(name, value, place);
}

export function deleteName(name: string, scope: Scope, machine: Machine): undefined {
  if (!variablesOf(name, scope).deleteText(name)) machine.fail(`name '${name}' is not defined`);
}

function variablesOf(name: string, scope: Scope): Dict {
  const shared = scope.shared?.get(name);
  if (shared === 'global') return scope.globals;
  if (shared === undefined) return scope.variables;
  let outer = scope.outer;
  while (outer !== undefined && !outer.own?.has(name)) outer = outer.outer;
  return (outer ?? scope).variables;
}

/** The scope that `:=` sets its name in. */
export function holderOf(scope: Scope): Scope {
  let at = scope;
  while (at.isComprehension && at.outer !== undefined) at = at.outer;
  return at;
}

interface Declared {
  readonly own: Set<string>;
  readonly shared: Map<string, 'global' | 'nonlocal'>;
}

/** Names that the statements of a function set, and those that it shares with what is around it. */
export function declaredIn(body: readonly Statement[]): Declared {
  const declared: Declared = { own: new Set(), shared: new Map() };
  collectNames(body, declared);
  for (const name of declared.shared.keys()) declared.own.delete(name);
  return declared;
}

function collectNames(body: readonly Statement[], into: Declared): undefined {
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
    } else if (one.kind === 'bases') collectNames(one.body, into);
  }
}

function addTarget(target: Expression, names: Set<string>): undefined {
  if (target.kind === 'name') names.add(target.name);
  else if (target.kind === 'tuple' || target.kind === 'list')
    for (const item of target.items) addTarget(item, names);
  else if (target.kind === 'starred') addTarget(target.value, names);
}
