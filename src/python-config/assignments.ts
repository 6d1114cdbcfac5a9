/** Assignment, change in place and deletion of names and items. */
import { collect, getItem, keyOf, setItem } from './access.ts';
import type { Evaluator } from './evaluator.ts';
import { deleteName, lookUp, setName } from './names.ts';
import { type Bounds, binary, indexWithin, itemOf, positions } from './operators.ts';
import type { Expression, Statement } from './syntax.ts';
import { Dict, List, PySet, type Scope, typeName, type Value } from './values.ts';

/** `target = value` */
export function assignTo(target: Expression, value: Value, scope: Scope, evaluator: Evaluator): undefined {
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

function unpack(targets: readonly Expression[], value: Value, scope: Scope, evaluator: Evaluator): undefined {
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
      evaluator.assign(target, items[from] as Value, scope);
    }
  });
}

function setAt(
  { object, index, at }: Extract<Expression, { kind: 'item' }>,
  value: Value,
  scope: Scope,
  evaluator: Evaluator,
): undefined {
  const { machine } = evaluator;
  const holder = evaluator.evaluate(object, scope);
  if (index.kind === 'slice') return setSlice(holder, boundsOf(index, scope, evaluator), value, evaluator);
  const key = evaluator.evaluate(index, scope);
  machine.at = at;
  if (holder instanceof Dict) setItem(holder, key, value, machine);
  else if (!(holder instanceof List))
    machine.fail(`'${typeName(holder)}' object does not support item assignment`);
  else holder.items[listIndex(holder, key, evaluator)] = value;
}

function listIndex(list: List, key: Value, { machine }: Evaluator): number {
  const index = typeof key === 'boolean' ? BigInt(key) : key;
  if (typeof index !== 'bigint') return machine.fail(`list indices must be integers, not '${typeName(key)}'`);
  return indexWithin(list, Number(index), machine);
}

function boundsOf(
  index: Extract<Expression, { kind: 'slice' }>,
  scope: Scope,
  { evaluate }: Evaluator,
): Bounds {
  const bound = (one: Expression | undefined) => (one === undefined ? null : evaluate(one, scope));
  return { start: bound(index.start), stop: bound(index.stop), step: bound(index.step) };
}

function setSlice(
  holder: Value,
  bounds: Bounds,
  value: Value | undefined,
  { machine }: Evaluator,
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
      holder.items[at] = fresh[index] as Value;
    });
}

/** `x += y`: a list, dict or set is changed in its place, as in Python. */
export function updateTarget(
  { target, operator, value, at }: Extract<Statement, { kind: 'update' }>,
  scope: Scope,
  evaluator: Evaluator,
): undefined {
  const { machine } = evaluator;
  if (target.kind === 'name') {
    const old = lookUp(target.name, scope, machine);
    const fresh = evaluator.evaluate(value, scope);
    machine.at = at;
    setName(target.name, changed(old, operator, fresh, evaluator), scope, machine.place);
    return;
  }
  if (target.kind !== 'item' || target.index.kind === 'slice')
    return machine.refuse(`nothing can be changed in place in a ${target.kind}`, 'change a name or an item');
  const holder = evaluator.evaluate(target.object, scope);
  const key = evaluator.evaluate(target.index, scope);
  machine.at = at;
  const old = itemOf(holder, key, machine);
  const fresh = evaluator.evaluate(value, scope);
  machine.at = at;
  const result = changed(old, operator, fresh, evaluator);
  if (holder instanceof Dict) setItem(holder, key, result, machine);
  else if (holder instanceof List) holder.items[listIndex(holder, key, evaluator)] = result;
  else machine.fail(`'${typeName(holder)}' object does not support item assignment`);
}

function changed(old: Value, operator: string, fresh: Value, { machine }: Evaluator): Value {
  if (old instanceof List && operator === '+') {
    for (const item of collect(fresh, machine)) old.items.push(item);
    return old;
  }
  const result = binary(operator, old, fresh, machine);
  if (old instanceof List && result instanceof List) old.items = result.items;
  else if (old instanceof Dict && result instanceof Dict)
    for (const [hash, entry] of result.entries) old.entries.set(hash, entry);
  else if (old instanceof PySet && result instanceof PySet && !old.frozen) {
    old.items.clear();
    for (const [hash, item] of result.items) old.items.set(hash, item);
  } else return result;
  return old;
}

export function removeTarget(target: Expression, scope: Scope, evaluator: Evaluator): undefined {
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
    return setSlice(holder, boundsOf(target.index, scope, evaluator), undefined, evaluator);
  const key = evaluator.evaluate(target.index, scope);
  machine.at = target.at;
  if (holder instanceof Dict) {
    if (getItem(holder, key, machine) === undefined) itemOf(holder, key, machine);
    holder.entries.delete(keyOf(key, machine));
  } else if (holder instanceof List) holder.items.splice(listIndex(holder, key, evaluator), 1);
  else machine.fail(`'${typeName(holder)}' object doesn't support item deletion`);
}
