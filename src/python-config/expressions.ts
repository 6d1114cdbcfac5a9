import { collect, numeric, setItem, setOf } from './access.ts';
import { attributeOf } from './attributes.ts';
import { comprehend } from './comprehensions.ts';
import type { Evaluator } from './evaluator.ts';
import { converted, formatted } from './format-text.ts';
import { define } from './functions.ts';
import type { Place } from './machine.ts';
import { GLOBALS, holderOf, LOCALS, lookUp, setName } from './names.ts';
import { binary, itemOf, sliceOf, test } from './operators.ts';
import type { CallSyntax, Expression, FormatPart } from './syntax.ts';
import { Bytes, Dict, isTrue, List, type Scope, Tuple, typeName, type Value } from './values.ts';

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

export function evaluateExpression(expression: Expression, scope: Scope, evaluator: Evaluator): Value {
  const { machine } = evaluator;
  machine.step();
  if (expression.kind === 'constant') return expression.value;
  machine.at = expression.at;
  if (expression.kind === 'name') return lookUp(expression.name, scope, machine);
  return machine.deeper(() => evaluateDeeper(expression, scope, evaluator));
}

function evaluateDeeper(expression: Expression, scope: Scope, evaluator: Evaluator): Value {
  const { machine } = evaluator;
  const inner = (one: Expression) => evaluator.evaluate(one, scope);
  /** Back at this expression, after its parts. */
  const here = <T>(value: T): T => {
    machine.at = expression.at;
    return value;
  };
  switch (expression.kind) {
    case 'bytes':
      return new Bytes(expression.value);
    case 'format':
      return formatAll(expression.parts, scope, evaluator);
    case 'list':
      return new List(itemsOf(expression.items, scope, evaluator));
    case 'tuple':
      return new Tuple(itemsOf(expression.items, scope, evaluator));
    case 'set':
      return setOf(itemsOf(expression.items, scope, evaluator), machine);
    case 'dict':
      return dictOf(expression, scope, evaluator);
    case 'comprehension':
      return comprehend(expression, scope, evaluator);
    case 'unary':
      return unary(expression.operator, here(inner(expression.operand)), evaluator);
    case 'binary':
      return binary(expression.operator, inner(expression.left), here(inner(expression.right)), machine);
    case 'logic': {
      const left = inner(expression.left);
      return isTrue(left) === (expression.operator === 'or') ? left : inner(expression.right);
    }
    case 'compare':
      return comparison(expression, scope, evaluator);
    case 'choice':
      return isTrue(inner(expression.test)) ? inner(expression.chosen) : inner(expression.otherwise);
    case 'lambda':
      return define({ ...expression, name: '<lambda>' }, scope, evaluator);
    case 'call':
      return call(expression, scope, evaluator);
    case 'attribute':
      return attributeOf(here(inner(expression.object)), expression.name, machine);
    case 'item':
      return item(expression, scope, evaluator);
    case 'named': {
      const value = inner(expression.value);
      setName(expression.name, value, holderOf(scope), here(machine).place);
      return value;
    }
    default:
      return machine.fail(
        expression.kind === 'starred' ? 'a starred expression stands alone' : 'invalid syntax',
      );
  }
}

/** Items of a display or arguments; starred ones are spread. */
function itemsOf(items: readonly Expression[], scope: Scope, evaluator: Evaluator): Value[] {
  const { machine } = evaluator;
  machine.items(items.length);
  return items.flatMap((one) => {
    if (one.kind !== 'starred') return [evaluator.evaluate(one, scope)];
    return collect(evaluator.evaluate(one.value, scope), machine);
  });
}

function dictOf({ entries, at }: Of<'dict'>, scope: Scope, { evaluate, machine }: Evaluator): Dict {
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

function unary(operator: string, value: Value, { machine }: Evaluator): Value {
  if (operator === 'not') return !isTrue(value);
  const number = numeric(value);
  if (number === undefined || (operator === '~' && typeof number !== 'bigint'))
    return machine.fail(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  if (operator === '~') return ~(number as bigint);
  return operator === '-' ? -number : number;
}

/** `a < b < c`: each operand once, and no further than the first that does not hold. */
function comparison({ first, rest }: Of<'compare'>, scope: Scope, { evaluate, machine }: Evaluator): Value {
  let left = evaluate(first, scope);
  for (const { operator, operand, at } of rest) {
    const right = evaluate(operand, scope);
    machine.at = at;
    if (!test(operator, left, right, machine)) return false;
    left = right;
  }
  return true;
}

function item({ object, index, at }: Of<'item'>, scope: Scope, { evaluate, machine }: Evaluator): Value {
  const value = evaluate(object, scope);
  if (index.kind !== 'slice') {
    const key = evaluate(index, scope);
    machine.at = at;
    return itemOf(value, key, machine);
  }
  const bound = (one: Expression | undefined) => (one === undefined ? null : evaluate(one, scope));
  const bounds = { start: bound(index.start), stop: bound(index.stop), step: bound(index.step) };
  machine.at = at;
  return sliceOf(value, bounds, machine);
}

function call(expression: CallSyntax, scope: Scope, evaluator: Evaluator): Value {
  const { machine } = evaluator;
  const callee = evaluator.evaluate(expression.callee, scope);
  const args = itemsOf(expression.args, scope, evaluator);
  const keywords = new Map<string, Value>();
  const places = new Map<string, Place>();
  const give = (name: Value, value: Value, place: Place) => {
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
function snapshot({ variables }: Scope, { machine }: Evaluator): Dict {
  const dict = new Dict(machine.place);
  for (const { key, value } of variables.entries.values()) setItem(dict, key, value, machine);
  return dict;
}

function formatAll(parts: readonly FormatPart[], scope: Scope, evaluator: Evaluator): string {
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
        (part.label ?? '') +
        formatted(converted(value, isBare ? 'r' : part.conversion, machine), spec, machine);
    }
    machine.text(text.length);
  }
  return text;
}
