import { nearest } from '../basics/nearest.ts';
import { collect, getItem, hashKey, iterate, setItem, str } from './access.ts';
import { executeTry, raise } from './exceptions.ts';
import { define, deleteName, type Flow, lookUp, type PyEvaluator, setName } from './functions.ts';
import { MAY_COMPUTE } from './machine.ts';
import { findMember } from './modules.ts';
import { applyBinary, type Bounds, getIndexed, indexWithin, positions } from './operators.ts';
import type { Expr, ForSyntax, ImportFrom, Stmt } from './syntax.ts';
import { Dict, isTrue, List, type PyObject, type PyScope, PySet, typeName } from './values.ts';

type StatementOf<K extends Stmt['kind']> = Extract<Stmt, { kind: K }>;

/** Executes statements in order, until one of them leaves the list. */
export function executeAll(body: readonly Stmt[], scope: PyScope, evaluator: PyEvaluator): Flow {
  const { machine } = evaluator;
  for (const statement of body) {
    machine.step();
    machine.at = statement.at;
    const flow = machine.deeper(() => executeOne(statement, scope, evaluator));
    if (flow !== 'next') return flow;
  }
  return 'next';
}

function executeOne(statement: Stmt, scope: PyScope, evaluator: PyEvaluator): Flow {
  const { machine } = evaluator;
  switch (statement.kind) {
    case 'expression':
      evaluator.evaluate(statement.value, scope);
      return 'next';
    case 'assign':
      return assignAll(statement, scope, evaluator);
    case 'update':
      updateTarget(statement, scope, evaluator);
      return 'next';
    case 'if':
      return executeIf(statement, scope, evaluator);
    case 'for':
      return executeFor(statement, scope, evaluator);
    case 'while':
      return executeWhile(statement, scope, evaluator);
    case 'break':
    case 'continue':
      return statement.kind;
    case 'delete':
      for (const target of statement.targets) removeTarget(target, scope, evaluator);
      return 'next';
    case 'def':
      setName(statement.name, define(statement, scope, evaluator), scope, machine.place);
      return 'next';
    case 'return':
      return { returned: statement.value === undefined ? null : evaluator.evaluate(statement.value, scope) };
    case 'import':
      runImport(statement.modules, scope, evaluator);
      return 'next';
    case 'from':
      runImportFrom(statement, scope, evaluator);
      return 'next';
    case 'bases':
      return evaluator.execute(statement.body, scope);
    case 'assert':
      return executeAssert(statement, scope, evaluator);
    case 'raise':
      return raise(statement.value, scope, evaluator);
    case 'try':
      return executeTry(statement, scope, evaluator);
    case 'refused':
      return machine.refuse(statement.what, MAY_COMPUTE);
    default:
      return 'next';
  }
}

function assignAll(
  { targets, value, at }: StatementOf<'assign'>,
  scope: PyScope,
  evaluator: PyEvaluator,
): Flow {
  const given = evaluator.evaluate(value, scope);
  for (const target of targets) {
    evaluator.machine.at = at;
    evaluator.assign(target, given, scope);
  }
  return 'next';
}

function executeIf({ branches, otherwise }: StatementOf<'if'>, scope: PyScope, evaluator: PyEvaluator): Flow {
  const taken = branches.find(({ test }) => isTrue(evaluator.evaluate(test, scope)));
  return evaluator.execute(taken === undefined ? otherwise : taken.body, scope);
}

function executeFor(
  { target, iterable, body, otherwise, at }: ForSyntax,
  scope: PyScope,
  evaluator: PyEvaluator,
): Flow {
  const { machine } = evaluator;
  for (const item of iterate(evaluator.evaluate(iterable, scope), machine)) {
    machine.at = at;
    evaluator.assign(target, item, scope);
    const flow = evaluator.execute(body, scope);
    if (flow === 'break') return 'next';
    if (typeof flow === 'object') return flow;
    machine.at = at;
  }
  return evaluator.execute(otherwise, scope);
}

function executeWhile(
  { test, body, otherwise }: StatementOf<'while'>,
  scope: PyScope,
  evaluator: PyEvaluator,
): Flow {
  while (isTrue(evaluator.evaluate(test, scope))) {
    const flow = evaluator.execute(body, scope);
    if (flow === 'break') return 'next';
    if (typeof flow === 'object') return flow;
  }
  return evaluator.execute(otherwise, scope);
}

function executeAssert(
  { test, message, at }: StatementOf<'assert'>,
  scope: PyScope,
  evaluator: PyEvaluator,
): Flow {
  if (isTrue(evaluator.evaluate(test, scope))) return 'next';
  const text = message === undefined ? '' : `: ${str(evaluator.evaluate(message, scope), evaluator.machine)}`;
  evaluator.machine.at = at;
  return evaluator.machine.fail(`AssertionError${text}`, 'AssertionError', text.slice(2));
}

/** Runs `import a.b`: loads nothing; `a` becomes a placeholder for the module. */
function runImport(
  modules: Extract<Stmt, { kind: 'import' }>['modules'],
  scope: PyScope,
  { machine }: PyEvaluator,
): undefined {
  for (const { path, as } of modules) {
    const whole = as === undefined ? path.slice(0, 1) : path;
    setName(as ?? String(path[0]), findMember(whole, machine, true), scope, machine.place);
  }
}

/** Runs `from x import y`: takes the variables of another config, or placeholders for names of a module. */
function runImportFrom(statement: ImportFrom, scope: PyScope, evaluator: PyEvaluator): undefined {
  const { machine } = evaluator;
  const { module, names, at } = statement;
  if (module[0] === '__future__') return;
  const base = evaluator.base(statement);
  machine.at = at;
  if (base !== undefined) return fromConfig(base, statement, scope, evaluator);
  if (names === undefined) {
    const dotted = module.join('.');
    return machine.refuse(
      `what "${dotted}" holds is not known: it is no config`,
      'import its names one by one',
    );
  }
  for (const { name, as, at: place } of names) {
    machine.at = place;
    setName(as, findMember([...module, name], machine), scope, machine.place);
  }
}

function fromConfig(
  base: Dict,
  { names, module }: ImportFrom,
  scope: PyScope,
  { machine }: PyEvaluator,
): undefined {
  const there = [...base.entries.values()].map(({ key }) => String(key));
  const wanted =
    names ??
    there.filter((name) => !name.startsWith('_')).map((name) => ({ name, as: name, at: machine.at }));
  for (const { name, as, at } of wanted) {
    machine.at = at;
    const value = base.text(name);
    if (value === undefined) {
      const near = nearest(name, there);
      return machine.fail(
        `"${module.at(-1)}" defines no '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
        'ImportError',
      );
    }
    setName(as, value, scope, base.placeOf(name) ?? machine.place);
  }
}

/** `target = value` */
export function assignTo(target: Expr, value: PyObject, scope: PyScope, evaluator: PyEvaluator): undefined {
  const { machine } = evaluator;
  machine.step();
  if (target.kind === 'name') setName(target.name, value, scope, machine.place);
  else if (target.kind === 'tuple' || target.kind === 'list') unpack(target.items, value, scope, evaluator);
  else if (target.kind === 'item') setAt(target, value, scope, evaluator);
  else {
    machine.at = target.at;
    const what = target.kind === 'attribute' ? `attribute '${target.name}'` : target.kind;
    machine.refuse(`nothing can be assigned to a ${what}`, 'assign to a name or an item, e.g. x["key"]');
  }
}

function unpack(
  targets: readonly Expr[],
  value: PyObject,
  scope: PyScope,
  evaluator: PyEvaluator,
): undefined {
  const { machine } = evaluator;
  const items = collect(value, machine);
  const star = targets.findIndex(({ kind }) => kind === 'starred');
  const fits = star < 0 ? items.length === targets.length : items.length >= targets.length - 1;
  if (!fits) machine.fail(`${items.length} values cannot be unpacked into ${targets.length} names`);
  const after = star < 0 ? 0 : targets.length - star - 1;
  targets.forEach((target, index) => {
    if (target.kind === 'starred') {
      const rest = items.slice(star, items.length - after);
      evaluator.assign(target.value, new List(rest), scope);
    } else {
      const from = star >= 0 && index > star ? items.length - (targets.length - index) : index;
      evaluator.assign(target, items[from] as PyObject, scope);
    }
  });
}

function setAt(
  { object, index, at }: Extract<Expr, { kind: 'item' }>,
  value: PyObject,
  scope: PyScope,
  evaluator: PyEvaluator,
): undefined {
  const { machine } = evaluator;
  const holder = evaluator.evaluate(object, scope);
  if (index.kind === 'slice')
    return setSlice(holder, evaluateBounds(index, scope, evaluator), value, evaluator);
  const key = evaluator.evaluate(index, scope);
  machine.at = at;
  if (holder instanceof Dict) setItem(holder, key, value, machine);
  else if (!(holder instanceof List))
    machine.fail(`'${typeName(holder)}' object does not support item assignment`);
  else holder.items[listIndex(holder, key, evaluator)] = value;
}

function listIndex(list: List, key: PyObject, { machine }: PyEvaluator): number {
  const index = typeof key === 'boolean' ? BigInt(key) : key;
  if (typeof index !== 'bigint') return machine.fail(`list indices must be integers, not '${typeName(key)}'`);
  return indexWithin(list, Number(index), machine);
}

function evaluateBounds(
  index: Extract<Expr, { kind: 'slice' }>,
  scope: PyScope,
  { evaluate }: PyEvaluator,
): Bounds {
  const bound = (one: Expr | undefined) => (one === undefined ? null : evaluate(one, scope));
  return { start: bound(index.start), stop: bound(index.stop), step: bound(index.step) };
}

function setSlice(
  holder: PyObject,
  bounds: Bounds,
  value: PyObject | undefined,
  { machine }: PyEvaluator,
): undefined {
  if (!(holder instanceof List))
    return machine.fail(`'${typeName(holder)}' object does not support slices here`);
  const fresh = value === undefined ? [] : collect(value, machine);
  const { start, stop, step } = positions(holder.items.length, bounds, machine);
  machine.step(Math.ceil(holder.items.length / 16));
  if (step === 1) {
    const tail = holder.items.slice(Math.max(start, stop));
    holder.items = [...holder.items.slice(0, start), ...fresh, ...tail];
    return;
  }
  const picked: number[] = [];
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) picked.push(at);
  if (value === undefined) holder.items = holder.items.filter((_, at) => !new Set(picked).has(at));
  else if (picked.length !== fresh.length)
    machine.fail(`${fresh.length} values cannot take the place of ${picked.length}`);
  else
    picked.forEach((at, index) => {
      holder.items[at] = fresh[index] as PyObject;
    });
}

/** `x += y`: a list, dict or set is changed in its place, as in Python. */
function updateTarget(
  { target, operator, value, at }: Extract<Stmt, { kind: 'update' }>,
  scope: PyScope,
  evaluator: PyEvaluator,
): undefined {
  const { machine } = evaluator;
  if (target.kind === 'name') {
    const old = lookUp(target.name, scope, machine);
    const fresh = evaluator.evaluate(value, scope);
    machine.at = at;
    setName(target.name, applyUpdate(old, operator, fresh, evaluator), scope, machine.place);
    return;
  }
  if (target.kind !== 'item' || target.index.kind === 'slice')
    return machine.refuse(`nothing can be changed in place in a ${target.kind}`, 'change a name or an item');
  const holder = evaluator.evaluate(target.object, scope);
  const key = evaluator.evaluate(target.index, scope);
  machine.at = at;
  const old = getIndexed(holder, key, machine);
  const fresh = evaluator.evaluate(value, scope);
  machine.at = at;
  const result = applyUpdate(old, operator, fresh, evaluator);
  if (holder instanceof Dict) setItem(holder, key, result, machine);
  else if (holder instanceof List) holder.items[listIndex(holder, key, evaluator)] = result;
  else machine.fail(`'${typeName(holder)}' object does not support item assignment`);
}

function applyUpdate(old: PyObject, operator: string, fresh: PyObject, { machine }: PyEvaluator): PyObject {
  if (old instanceof List && operator === '+') {
    for (const item of collect(fresh, machine)) old.items.push(item);
    return old;
  }
  const result = applyBinary(operator, old, fresh, machine);
  if (old instanceof List && result instanceof List) old.items = result.items;
  else if (old instanceof Dict && result instanceof Dict)
    for (const [hash, entry] of result.entries) old.entries.set(hash, entry);
  else if (old instanceof PySet && result instanceof PySet && !old.frozen) {
    old.items.clear();
    for (const [hash, item] of result.items) old.items.set(hash, item);
  } else return result;
  return old;
}

function removeTarget(target: Expr, scope: PyScope, evaluator: PyEvaluator): undefined {
  const { machine } = evaluator;
  if (target.kind === 'name') return deleteName(target.name, scope, machine);
  if (target.kind === 'tuple' || target.kind === 'list') {
    for (const one of target.items) removeTarget(one, scope, evaluator);
    return;
  }
  if (target.kind !== 'item')
    return machine.refuse(`a ${target.kind} cannot be deleted`, 'delete a name or an item');
  const holder = evaluator.evaluate(target.object, scope);
  if (target.index.kind === 'slice')
    return setSlice(holder, evaluateBounds(target.index, scope, evaluator), undefined, evaluator);
  const key = evaluator.evaluate(target.index, scope);
  machine.at = target.at;
  if (holder instanceof Dict) {
    if (getItem(holder, key, machine) === undefined) getIndexed(holder, key, machine);
    holder.entries.delete(hashKey(key, machine));
  } else if (holder instanceof List) holder.items.splice(listIndex(holder, key, evaluator), 1);
  else machine.fail(`'${typeName(holder)}' object doesn't support item deletion`);
}
