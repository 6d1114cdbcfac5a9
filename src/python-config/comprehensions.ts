import { iterate, keyOf, setItem } from './access.ts';
import type { Evaluator } from './evaluator.ts';
import type { Comprehension } from './syntax.ts';
import { Dict, Items, isTrue, List, PySet, type Scope, type Value } from './values.ts';

/** Its variables are its own; only the first iterable is evaluated outside, and at once. */
export function comprehend(syntax: Comprehension, outer: Scope, evaluator: Evaluator): Value {
  const { machine } = evaluator;
  const [first] = syntax.clauses;
  if (first === undefined) return machine.fail('invalid syntax');
  const start = iterate(evaluator.evaluate(first.iterable, outer), machine);
  const scope: Scope = { variables: new Dict(), outer, globals: outer.globals, isComprehension: true };
  const rounds = turns(syntax, { start, scope, evaluator });
  if (syntax.makes === 'generator') return new Items(elements(syntax, rounds, scope, evaluator));
  if (syntax.makes === 'dict') return dictOf(syntax, rounds, scope, evaluator);
  const made = [...elements(syntax, rounds, scope, evaluator)];
  if (syntax.makes === 'list') return new List(made);
  const items = new Map<string, Value>();
  for (const value of made) {
    const key = keyOf(value, machine);
    if (!items.has(key)) items.set(key, value);
  }
  return new PySet(items);
}

interface Setting {
  readonly start: Iterable<Value>;
  readonly scope: Scope;
  readonly evaluator: Evaluator;
}

/** Once for each element: the loop variables are set then. */
function* turns(
  { clauses }: Comprehension,
  { start, scope, evaluator }: Setting,
  depth = 0,
): Generator<void, void> {
  const clause = clauses[depth];
  if (clause === undefined) {
    yield;
    return;
  }
  const { machine } = evaluator;
  const items = depth === 0 ? start : iterate(evaluator.evaluate(clause.iterable, scope), machine);
  for (const item of items) {
    evaluator.assign(clause.target, item, scope);
    if (clause.conditions.every((test) => isTrue(evaluator.evaluate(test, scope))))
      yield* turns({ clauses } as Comprehension, { start, scope, evaluator }, depth + 1);
  }
}

function* elements(
  { element }: Comprehension,
  rounds: Iterator<void>,
  scope: Scope,
  { machine, evaluate }: Evaluator,
): Generator<Value, void> {
  const { source } = machine;
  for (;;) {
    // A generator may go on while another file is being evaluated.
    const { source: current, at } = machine;
    machine.source = source;
    if (rounds.next().done) return restore(current, at);
    const value = evaluate(element, scope);
    machine.allocate(16);
    restore(current, at);
    yield value;
  }
  function restore(current: typeof source, at: number): void {
    machine.source = current;
    machine.at = at;
  }
}

function dictOf(
  { key, element }: Comprehension,
  rounds: Iterator<void>,
  scope: Scope,
  evaluator: Evaluator,
): Dict {
  const { machine } = evaluator;
  const dict = new Dict(machine.place);
  while (!rounds.next().done) {
    if (key === undefined) return machine.fail('invalid syntax');
    const name = evaluator.evaluate(key, scope);
    setItem(dict, name, evaluator.evaluate(element, scope), machine);
  }
  return dict;
}
