import { collect, hashKey, iterate, makeSet, numeric, setItem } from './access.ts';
import { convert, format } from './format.ts';
import { define, findHolder, GLOBALS, LOCALS, lookUp, type PyEvaluator, setName } from './functions.ts';
import type { SourcePlace } from './machine.ts';
import { getAttribute } from './modules.ts';
import { applyBinary, getIndexed, getSlice, testOperator } from './operators.ts';
import type { CallExpression, Comprehension, Expr, FormatPart } from './syntax.ts';
import {
  Bytes,
  Dict,
  ELLIPSIS,
  isTrue,
  List,
  PyIterator,
  type PyObject,
  type PyScope,
  PySet,
  Tuple,
  typeName,
} from './values.ts';

type ExpressionOf<K extends Expr['kind']> = Extract<Expr, { kind: K }>;

/** Evaluates one expression in a scope. */
export function evaluateExpression(expression: Expr, scope: PyScope, evaluator: PyEvaluator): PyObject {
  const { machine } = evaluator;
  machine.step();
  if (expression.kind === 'constant') return expression.value;
  machine.at = expression.at;
  if (expression.kind === 'name') return lookUp(expression.name, scope, machine);
  return machine.deeper(() => evaluateDeeper(expression, scope, evaluator));
}

function evaluateDeeper(expression: Expr, scope: PyScope, evaluator: PyEvaluator): PyObject {
  const { machine } = evaluator;
  const inner = (one: Expr) => evaluator.evaluate(one, scope);
  /** Back at this expression, after its parts. */
  const here = <T>(value: T): T => {
    machine.at = expression.at;
    return value;
  };
  switch (expression.kind) {
    case 'ellipsis':
      return ELLIPSIS;
    case 'bytes':
      return new Bytes(expression.value);
    case 'format':
      return formatAll(expression.parts, scope, evaluator);
    case 'list':
      return new List(evaluateItems(expression.items, scope, evaluator));
    case 'tuple':
      return new Tuple(evaluateItems(expression.items, scope, evaluator));
    case 'set':
      return makeSet(evaluateItems(expression.items, scope, evaluator), machine);
    case 'dict':
      return evaluateDict(expression, scope, evaluator);
    case 'comprehension':
      return comprehend(expression, scope, evaluator);
    case 'unary':
      return evaluateUnary(expression.operator, here(inner(expression.operand)), evaluator);
    case 'binary':
      return applyBinary(expression.operator, inner(expression.left), here(inner(expression.right)), machine);
    case 'logic': {
      const left = inner(expression.left);
      return isTrue(left) === (expression.operator === 'or') ? left : inner(expression.right);
    }
    case 'compare':
      return evaluateComparison(expression, scope, evaluator);
    case 'choice':
      return isTrue(inner(expression.test)) ? inner(expression.chosen) : inner(expression.otherwise);
    case 'lambda':
      return define({ ...expression, name: '<lambda>' }, scope, evaluator);
    case 'call':
      return evaluateCall(expression, scope, evaluator);
    case 'attribute':
      return getAttribute(here(inner(expression.object)), expression.name, machine);
    case 'item':
      return evaluateItem(expression, scope, evaluator);
    case 'named': {
      const value = inner(expression.value);
      setName(expression.name, value, findHolder(scope), here(machine).place);
      return value;
    }
    default:
      return machine.fail(
        expression.kind === 'starred'
          ? 'a starred expression needs a list, a tuple or a call around it'
          : 'invalid syntax',
      );
  }
}

/** Items of a display or arguments; starred ones are spread. */
function evaluateItems(items: readonly Expr[], scope: PyScope, evaluator: PyEvaluator): PyObject[] {
  const { machine } = evaluator;
  machine.items(items.length);
  return items.flatMap((one) => {
    if (one.kind !== 'starred') return [evaluator.evaluate(one, scope)];
    return collect(evaluator.evaluate(one.value, scope), machine);
  });
}

function evaluateDict(
  { entries, at }: ExpressionOf<'dict'>,
  scope: PyScope,
  { evaluate, machine }: PyEvaluator,
): Dict {
  const dict = new Dict(machine.place);
  for (const entry of entries) {
    const key = entry.key === undefined ? undefined : evaluate(entry.key, scope);
    const value = evaluate(entry.value, scope);
    machine.at = entry.at;
    if (key !== undefined) setItem(dict, key, value, machine);
    else if (value instanceof Dict)
      for (const { key: name, value: own, place } of value.entries.values())
        setItem(dict, name, own, machine, place);
    else machine.fail(`'${typeName(value)}' object is not a mapping`);
  }
  machine.at = at;
  return dict;
}

function evaluateUnary(operator: string, value: PyObject, { machine }: PyEvaluator): PyObject {
  if (operator === 'not') return !isTrue(value);
  const number = numeric(value);
  if (number === undefined || (operator === '~' && typeof number !== 'bigint'))
    return machine.fail(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  if (operator === '~') return ~(number as bigint);
  return operator === '-' ? -number : number;
}

/** `a < b < c`: each operand once, and no further than the first that does not hold. */
function evaluateComparison(
  { first, rest }: ExpressionOf<'compare'>,
  scope: PyScope,
  { evaluate, machine }: PyEvaluator,
): PyObject {
  let left = evaluate(first, scope);
  for (const { operator, operand, at } of rest) {
    const right = evaluate(operand, scope);
    machine.at = at;
    if (!testOperator(operator, left, right, machine)) return false;
    left = right;
  }
  return true;
}

function evaluateItem(
  { object, index, at }: ExpressionOf<'item'>,
  scope: PyScope,
  { evaluate, machine }: PyEvaluator,
): PyObject {
  const value = evaluate(object, scope);
  if (index.kind !== 'slice') {
    const key = evaluate(index, scope);
    machine.at = at;
    return getIndexed(value, key, machine);
  }
  const bound = (one: Expr | undefined) => (one === undefined ? null : evaluate(one, scope));
  const bounds = { start: bound(index.start), stop: bound(index.stop), step: bound(index.step) };
  machine.at = at;
  return getSlice(value, bounds, machine);
}

function evaluateCall(expression: CallExpression, scope: PyScope, evaluator: PyEvaluator): PyObject {
  const { machine } = evaluator;
  const callee = evaluator.evaluate(expression.callee, scope);
  const args = evaluateItems(expression.args, scope, evaluator);
  const keywords = new Map<string, PyObject>();
  const places = new Map<string, SourcePlace>();
  const give = (name: PyObject, value: PyObject, place: SourcePlace) => {
    if (typeof name !== 'string') return machine.fail('keywords must be strings');
    if (keywords.has(name)) machine.fail(`got multiple values for keyword argument '${name}'`);
    machine.items(3);
    keywords.set(name, value);
    places.set(name, place);
  };
  for (const { name, value, at } of expression.keywords) {
    const given = evaluator.evaluate(value, scope);
    machine.at = at;
    if (name !== undefined) give(name, given, machine.place);
    else if (!(given instanceof Dict))
      machine.fail(`argument after ** must be a mapping, not ${typeName(given)}`);
    else for (const one of given.entries.values()) give(one.key, one.value, one.place ?? machine.place);
  }
  machine.at = expression.at;
  if (callee === GLOBALS) return scope.globals;
  if (callee === LOCALS)
    return scope.variables === scope.globals ? scope.globals : snapshot(scope, evaluator);
  return evaluator.call(callee, { args, keywords, places });
}

/** The variables of a function, as they are now. */
function snapshot({ variables }: PyScope, { machine }: PyEvaluator): Dict {
  const dict = new Dict(machine.place);
  for (const { key, value } of variables.entries.values()) setItem(dict, key, value, machine);
  return dict;
}

function formatAll(parts: readonly FormatPart[], scope: PyScope, evaluator: PyEvaluator): string {
  const { machine } = evaluator;
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      const value = evaluator.evaluate(part.value, scope);
      const spec = part.spec === undefined ? '' : formatAll(part.spec, scope, evaluator);
      machine.at = part.at;
      // `{x=}` shows the repr where nothing else is said.
      const isBare = part.label !== undefined && part.conversion === undefined && part.spec === undefined;
      text +=
        (part.label ?? '') + format(convert(value, isBare ? 'r' : part.conversion, machine), spec, machine);
    }
    machine.text(text.length);
  }
  return text;
}

/** Its variables are its own; only the first iterable is evaluated outside, and at once. */
function comprehend(syntax: Comprehension, outer: PyScope, evaluator: PyEvaluator): PyObject {
  const { machine } = evaluator;
  const [first] = syntax.clauses;
  if (first === undefined) return machine.fail('invalid syntax');
  const start = iterate(evaluator.evaluate(first.iterable, outer), machine);
  const scope: PyScope = { variables: new Dict(), outer, globals: outer.globals, isComprehension: true };
  const rounds = turns(syntax, { start, scope, evaluator });
  if (syntax.makes === 'generator') return new PyIterator(elements(syntax, rounds, scope, evaluator));
  if (syntax.makes === 'dict') return comprehendDict(syntax, rounds, scope, evaluator);
  const made = [...elements(syntax, rounds, scope, evaluator)];
  if (syntax.makes === 'list') return new List(made);
  const items = new Map<string, PyObject>();
  for (const value of made) {
    const key = hashKey(value, machine);
    if (!items.has(key)) items.set(key, value);
  }
  return new PySet(items);
}

interface LoopScope {
  readonly start: Iterable<PyObject>;
  readonly scope: PyScope;
  readonly evaluator: PyEvaluator;
}

/** Once for each element: the loop variables are set then. */
function* turns(
  { clauses }: Comprehension,
  { start, scope, evaluator }: LoopScope,
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
  scope: PyScope,
  { machine, evaluate }: PyEvaluator,
): Generator<PyObject, void> {
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

function comprehendDict(
  { key, element }: Comprehension,
  rounds: Iterator<void>,
  scope: PyScope,
  evaluator: PyEvaluator,
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
