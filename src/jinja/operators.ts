/** What Jinja's operators make of values. */
import { JinjaError } from './lex.ts';
import { contains, isEqual, isTable, listOf, methodOf, textOf, type Value } from './values.ts';

export function memberOf(value: Value, key: Value): Value {
  if (Array.isArray(value) && typeof key === 'number') return value.at(key);
  if (typeof value === 'string' && typeof key === 'number') return value.at(key);
  if (isTable(value) && Object.hasOwn(value, textOf(key))) return value[textOf(key)];
  return typeof key === 'string' ? methodOf(value, key) : undefined;
}

export function slice(value: Value, [start, stop, step]: readonly Value[]): Value {
  const items = [...listOf(value)];
  const by = typeof step === 'number' ? step : 1;
  const asked = (bound: Value) => (typeof bound === 'number' ? bound : undefined);
  if (by < 0 && (start !== undefined || stop !== undefined))
    throw new JinjaError('a slice backwards with bounds');
  const taken = items.slice(asked(start), asked(stop));
  if (by < 0) taken.reverse();
  const stepped = taken.filter((_, i) => i % Math.abs(by) === 0);
  return typeof value === 'string' ? stepped.join('') : stepped;
}

export function compare(sign: string, a: any, b: any): boolean {
  if (sign === 'in') return contains(b, a);
  if (sign === '==') return isEqual(a, b);
  if (sign === '!=') return !isEqual(a, b);
  if (sign === '<') return a < b;
  if (sign === '>') return a > b;
  return sign === '<=' ? a <= b : a >= b;
}

export function calculate(sign: string, a: Value, b: Value): Value {
  if (sign === '~') return textOf(a) + textOf(b);
  if (sign === '+') {
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  }
  const [x, y] = [a, b];
  if (typeof x !== 'number' || typeof y !== 'number')
    throw new JinjaError(`${sign} between a ${typeof a} and a ${typeof b}`);
  if (sign === '+') return x + y;
  if (sign === '-') return x - y;
  if (sign === '*') return x * y;
  if (sign === '/') return x / y;
  return sign === '//' ? Math.floor(x / y) : x - y * Math.floor(x / y);
}
