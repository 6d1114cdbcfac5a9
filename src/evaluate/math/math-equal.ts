/**
 * Equality of math answers as what they mean (the rules `fixed`, and the `MATHEvaluator` that has no version). Integers, decimals
 * and fractions are compared exactly, everything else as complex doubles within `TOLERANCE` of `numeric.ts`: a rounded decimal is
 * not equal to a fraction or a root. Units, currency, degrees and spacing are form. Nothing here reads a clock: how long it
 * takes is bounded by the length of a text, the parts of a formula and the operations of a comparison.
 */
import { seededRandom } from '../../basics/random.ts';
import {
  binary,
  type Closing,
  contains,
  type Formula,
  isSame,
  type Opening,
  type RelationSign,
  variablesOf,
  withSign,
} from './formula.ts';
import { Budget, type ComplexValue, exactValue, isClose, isVague, type Point, valueAt } from './numeric.ts';
import { bareText, bareWords, cleanAnswer, readAnswer } from './read-answer.ts';
import { LONGEST_ANSWER, Unreadable } from './read-atom.ts';

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
function isSameExpression(a: Formula, b: Formula, budget: Budget): boolean {
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
function isMultiple(a: Formula, b: Formula, budget: Budget): boolean {
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

/** Undefined where one of them has no value, or none that can be determined. */
function areClose(a: ComplexValue, b: ComplexValue): boolean | undefined {
  return isVague(a) || isVague(b) ? undefined : isClose(a, b);
}

function* pointsOf(variables: readonly string[]): Generator<Point> {
  const random = seededRandom(SEED);
  const at = (draw: () => number): Point => new Map(variables.map((name) => [name, draw()]));
  for (let i = 0; i < REAL_POINTS; i++) yield at(() => (random() < 0.5 ? -1 : 1) * (0.3 + 2.5 * random()));
  for (let i = 0; i < POSITIVE_POINTS; i++) yield at(() => 0.2 + 3 * random());
  for (let i = 0; i < WHOLE_POINTS; i++) yield at(() => 1 + Math.floor(9 * random()));
}

/**
 * Whether two answers say the same. Sets and lists are compared in any order; points, intervals, matrices and unions part by
 * part, with their brackets; `x = 5` is 5; inequalities of one variable are intervals; an equation is equal to its multiples.
 */
function isSameAnswer(gold: Formula, answer: Formula, budget: Budget): boolean {
  budget.spend();
  if (shapeOf(gold) === shapeOf(answer)) return true;
  const [a, b] = [plain(gold), plain(answer)];
  if (a.kind === 'relation' && b.kind === 'relation') return isSameRelation(a, b, budget);
  if (a.kind === 'relation') return isEquation(a) && isSameAnswer(lastOf(a), b, budget);
  if (b.kind === 'relation') return isEquation(b) && isSameAnswer(a, lastOf(b), budget);
  if (a.kind === 'union' || b.kind === 'union')
    return isSameCollection(intervalsOf(a), intervalsOf(b), budget);
  const [itemsA, itemsB] = [itemsOf(a), itemsOf(b)];
  if (itemsA !== undefined || itemsB !== undefined)
    return isSameCollection(itemsA ?? [a], itemsB ?? [b], budget);
  if (a.kind === 'bracket' && b.kind === 'bracket') {
    return a.open === b.open && a.close === b.close && areAllSame(a.items, b.items, budget);
  }
  if (a.kind === 'matrix' && b.kind === 'matrix') {
    const isAligned =
      a.rows.length === b.rows.length && a.rows.every((row, i) => row.length === b.rows[i]!.length);
    return isAligned && areAllSame(a.rows.flat(), b.rows.flat(), budget);
  }
  return isScalar(a) && isScalar(b) && isSameNumber(a, b, budget);
}

/** A text that formulas share only where they are written alike. */
function shapeOf(formula: Formula): string {
  return JSON.stringify(formula, (_key, part) => (typeof part === 'bigint' ? String(part) : part));
}

function isScalar({ kind }: Formula): boolean {
  return !['bracket', 'matrix', 'words', 'list', 'union', 'relation'].includes(kind);
}

/** An answer with its `±` spelled out, inequalities as intervals, and what membership is of. */
function plain(formula: Formula): Formula {
  if (formula.kind === 'symbol' && formula.name === '\\mathbb{R}') return LINE;
  if (formula.kind === 'relation') return plainRelation(formula);
  if (!contains(formula, 'either')) return formula;
  if (formula.kind === 'list' || (formula.kind === 'bracket' && formula.open === '{')) {
    return { ...formula, items: formula.items.flatMap(bothOf) };
  }
  return { kind: 'list', items: bothOf(formula) };
}

function bothOf(formula: Formula): Formula[] {
  return contains(formula, 'either') ? [withSign(formula, 1), withSign(formula, -1)] : [formula];
}

type Relation = Extract<Formula, { kind: 'relation' }>;

function plainRelation(relation: Relation): Formula {
  const { signs, parts } = relation;
  const about = signs.indexOf('~');
  // `\sqrt2 ≈ 1.41` says the exact value first.
  if (about === 0) return plain(parts[0]!);
  if (about > 0)
    return plainRelation({ ...relation, signs: signs.slice(0, about), parts: parts.slice(0, about + 1) });
  if (signs.at(-1) === 'in') return plain(parts.at(-1)!);
  const interval = intervalOf(relation);
  if (interval !== undefined) return interval;
  if (!contains(relation, 'either')) return relation;
  return isEquation(relation) ? plain(lastOf(relation)) : relation;
}

const INFINITE: Formula = { kind: 'infinity' };
const MINUS_INFINITE: Formula = { kind: 'negative', of: INFINITE };
const LINE = interval('(', MINUS_INFINITE, INFINITE, ')');

function interval(open: Opening, low: Formula, high: Formula, close: Closing): Formula {
  return { kind: 'bracket', open, close, items: [low, high] };
}

/** Of `x < a`, `a <= x`, `a < x <= b` and `x != a`; undefined for other relations. */
function intervalOf({ signs, parts }: Relation): Formula | undefined {
  const [first, second, third] = parts;
  const [sign, next] = signs;
  if (first === undefined || second === undefined || sign === undefined) return undefined;
  if (signs.length === 1) {
    if (isVariable(first) && isConstant(second)) return halfLine(sign, second);
    return isVariable(second) && isConstant(first) ? halfLine(TURNED[sign], first) : undefined;
  }
  if (signs.length > 2 || third === undefined || next === undefined) return undefined;
  if (!isVariable(second) || !isConstant(first) || !isConstant(third)) return undefined;
  if (/^<=?$/.test(sign) && /^<=?$/.test(next)) {
    return interval(sign === '<' ? '(' : '[', first, third, next === '<' ? ')' : ']');
  }
  if (/^>=?$/.test(sign) && /^>=?$/.test(next)) {
    return interval(next === '>' ? '(' : '[', third, first, sign === '>' ? ')' : ']');
  }
  return undefined;
}

const TURNED: Readonly<Record<RelationSign, RelationSign>> = {
  ...{ '<': '>', '>': '<', '<=': '>=', '>=': '<=', '=': '=', '!=': '!=', '~': '~', in: 'in' },
};

function halfLine(sign: RelationSign, end: Formula): Formula | undefined {
  switch (sign) {
    case '<':
      return interval('(', MINUS_INFINITE, end, ')');
    case '<=':
      return interval('(', MINUS_INFINITE, end, ']');
    case '>':
      return interval('(', end, INFINITE, ')');
    case '>=':
      return interval('[', end, INFINITE, ')');
    case '!=':
      return {
        kind: 'union',
        parts: [interval('(', MINUS_INFINITE, end, ')'), interval('(', end, INFINITE, ')')],
      };
    default:
      return undefined;
  }
}

function isVariable(formula: Formula): boolean {
  return formula.kind === 'symbol' && variablesOf(formula).size === 1;
}

function isConstant(formula: Formula): boolean {
  return isScalar(formula) && variablesOf(formula).size === 0 && !contains(formula, 'either');
}

function isEquation({ signs }: Relation): boolean {
  return signs.every((sign) => sign === '=');
}

function lastOf({ parts }: Relation): Formula {
  return parts.at(-1)!;
}

function isSameRelation(a: Relation, b: Relation, budget: Budget): boolean {
  if (isEquation(a) && isEquation(b)) return isSameEquation(a, b, budget);
  const isAlike = (other: Relation) =>
    a.signs.join() === other.signs.join() && areAllSame(a.parts, other.parts, budget);
  const turned: Relation = {
    kind: 'relation',
    signs: b.signs.map((sign) => TURNED[sign]).reverse(),
    parts: [...b.parts].reverse(),
  };
  return isAlike(b) || isAlike(turned);
}

/** `y = 2x + 3` and `2x - y + 3 = 0`; `x = 5` and `n = 5`, whose letters are the answerer's choice. */
function isSameEquation(a: Relation, b: Relation, budget: Budget): boolean {
  const [leftA, leftB, rightA, rightB] = [a.parts[0]!, b.parts[0]!, lastOf(a), lastOf(b)];
  if (shapeOf(leftA) === shapeOf(leftB)) return isSameAnswer(rightA, rightB, budget);
  const isResult = isVariable(leftA) && isVariable(leftB);
  if (isResult && variablesOf(rightA).size === 0 && variablesOf(rightB).size === 0) {
    return isSameAnswer(rightA, rightB, budget);
  }
  if (![leftA, leftB, rightA, rightB].every(isScalar)) return false;
  return isMultiple(binary('-', leftA, rightA), binary('-', leftB, rightB), budget);
}

/** The items of what has no order: a list, a set. */
function itemsOf(formula: Formula): readonly Formula[] | undefined {
  if (formula.kind === 'list') return formula.items;
  return formula.kind === 'bracket' && formula.open === '{' ? formula.items : undefined;
}

/** The parts of a union, and of a list of intervals: `x < 1 or x > 3`. */
function intervalsOf(formula: Formula): readonly Formula[] {
  if (formula.kind === 'union') return formula.parts;
  return itemsOf(formula) ?? [formula];
}

function areAllSame(a: readonly Formula[], b: readonly Formula[], budget: Budget): boolean {
  return a.length === b.length && a.every((item, i) => isSameAnswer(item, b[i]!, budget));
}

/** The same items in any order, each as often as in the other. */
function isSameCollection(a: readonly Formula[], b: readonly Formula[], budget: Budget): boolean {
  if (a.length !== b.length) return false;
  const left = [...b];
  return a.every((item) => {
    const place = left.findIndex((other) => isSameAnswer(item, other, budget));
    if (place !== -1) left.splice(place, 1);
    return place !== -1;
  });
}

/**
 * Numbers and expressions. A percentage is equal to the number it is, and to the number without its sign: `50\%` to 0.5 and
 * to 50, as units are not compared either. Digits in a base are compared as digits.
 */
function isSameNumber(a: Formula, b: Formula, budget: Budget): boolean {
  if (a.kind === 'based' || b.kind === 'based') return false;
  const signs = [signOfInfinity(a), signOfInfinity(b)];
  if (signs[0] !== 0 || signs[1] !== 0) return signs[0] === signs[1];
  if (a.kind === 'percent' && b.kind !== 'percent') {
    return isSameExpression(a, b, budget) || isSameExpression(a.of, b, budget);
  }
  if (b.kind === 'percent' && a.kind !== 'percent') return isSameNumber(b, a, budget);
  return isSameExpression(a, b, budget);
}

function signOfInfinity(formula: Formula): number {
  if (formula.kind === 'negative') return -signOfInfinity(formula.of);
  return formula.kind === 'infinity' ? 1 : 0;
}

interface MathComparison {
  readonly isEqual: boolean;
  /** Why they were compared as texts, where they were. */
  readonly asTexts?: string;
}

/** Operations of one comparison. */
const OPERATIONS = 300_000;

/** Whether an answer is equal to the gold one. Never throws, for any two texts. */
export function compareMath(gold: string, answer: string): MathComparison {
  const tooLong = [gold, answer].find((text) => text.length > LONGEST_ANSWER);
  if (tooLong !== undefined)
    return { isEqual: gold === answer, asTexts: `longer than ${LONGEST_ANSWER} characters` };
  const [cleanGold, cleanAnswered] = [cleanAnswer(gold), cleanAnswer(answer)];
  if (cleanGold === cleanAnswered) return { isEqual: cleanGold !== '' || gold === answer };
  const [a, b] = [readOr('reference', gold), readOr('answer', answer)];
  if (isWords(a) || isWords(b))
    return { isEqual: isSameText(bareWords(gold), bareWords(answer)), asTexts: 'words' };
  if (typeof a === 'string') return asTexts(gold, answer, a);
  if (typeof b === 'string') return asTexts(gold, answer, b);
  try {
    return { isEqual: isSameAnswer(a, b, new Budget(OPERATIONS)) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return asTexts(gold, answer, error.message);
  }
}

function asTexts(gold: string, answer: string, why: string): MathComparison {
  return { isEqual: isSameText(bareText(gold), bareText(answer)), asTexts: why };
}

function isSameText(a: string, b: string): boolean {
  return a === b && a !== '';
}

function isWords(read: Formula | string): boolean {
  return typeof read !== 'string' && read.kind === 'words';
}

/** The formula, or why a text is none. */
function readOr(what: string, text: string): Formula | string {
  try {
    return readAnswer(text);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return `the ${what} is no formula that is read: ${error.message}`;
  }
}
