import { seededRandom } from '../../basics/random.ts';
import { exactValue } from './exact.ts';
import { binary, type Formula, variablesOf } from './formula.ts';
import { type Budget, type Point, valueAt } from './numeric.ts';
import { isSame } from './rational.ts';
import { isClose, isVague, type Value } from './value.ts';

const SEED = 20_250_101;
/** Points of real coordinates, of positive ones, and of whole ones; how many must tell, and from how many on one may say equal. */
const REAL_POINTS = 8;
const POSITIVE_POINTS = 8;
const WHOLE_POINTS = 8;
const ENOUGH = 4;

/**
 * Whether two expressions have the same value: fractions exactly, other constants as doubles within `TOLERANCE`, expressions in
 * variables at the same points of a fixed seed. A point where either has no value says nothing; with less than four that
 * do, the expressions are not called equal.
 */
export function isSameExpression(a: Formula, b: Formula, budget: Budget): boolean {
  const [exactA, exactB] = [exactValue(a), exactValue(b)];
  budget.spend(100);
  if (exactA !== undefined && exactB !== undefined) return isSame(exactA, exactB);
  const variables = namesOf(a, b);
  if (variables.length === 0)
    return areClose(valueAt(a, NOWHERE, budget), valueAt(b, NOWHERE, budget)) === true;
  let told = 0;
  for (const point of pointsOf(variables)) {
    const equal = areClose(valueAt(a, point, budget), valueAt(b, point, budget));
    if (equal === false) return false;
    if (equal === true) told++;
  }
  return told >= ENOUGH;
}

/**
 * Whether `a = 0` and `b = 0` say the same: one is a constant multiple of the other, and neither is nothing but zero or
 * without variables.
 */
export function isMultiple(a: Formula, b: Formula, budget: Budget): boolean {
  const variables = namesOf(a, b);
  if (variablesOf(a).size !== variables.length || variablesOf(b).size !== variables.length) return false;
  const ratio = binary('/', a, b);
  const ratios = [...pointsOf(variables)]
    .map((point) => valueAt(ratio, point, budget))
    .filter((at) => !isVague(at));
  const [first] = ratios;
  if (first === undefined || variables.length === 0 || Math.hypot(first.re, first.im) < 1e-9) return false;
  return ratios.length >= ENOUGH && ratios.every((at) => areClose(first, at) === true);
}

const NOWHERE: Point = new Map();

function namesOf(a: Formula, b: Formula): string[] {
  return [...new Set([...variablesOf(a), ...variablesOf(b)])].sort();
}

/** Undefined where one of them has no value, or none that can be told. */
function areClose(a: Value, b: Value): boolean | undefined {
  return isVague(a) || isVague(b) ? undefined : isClose(a, b);
}

function* pointsOf(variables: readonly string[]): Generator<Point> {
  const random = seededRandom(SEED);
  const at = (draw: () => number): Point => new Map(variables.map((name) => [name, draw()]));
  for (let i = 0; i < REAL_POINTS; i++) yield at(() => (random() < 0.5 ? -1 : 1) * (0.3 + 2.5 * random()));
  for (let i = 0; i < POSITIVE_POINTS; i++) yield at(() => 0.2 + 3 * random());
  for (let i = 0; i < WHOLE_POINTS; i++) yield at(() => 1 + Math.floor(9 * random()));
}
