/** What an answer says, as it was read: a number, an expression, or something made of those. */
import type { Rational } from './rational.ts';

export type Formula =
  | { readonly kind: 'number'; readonly value: Rational }
  /** A variable, or `pi`, `e`, `i`. */
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'infinity' }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Formula; readonly right: Formula }
  | { readonly kind: 'negative'; readonly of: Formula }
  /** `left ± right`, or `±right`; `upper` is the sign of the upper case, -1 for `∓`. */
  | { readonly kind: 'either'; readonly upper: 1 | -1; readonly left?: Formula; readonly right: Formula }
  /** A function of one or two arguments: `sqrt`, `root` (order first), `log` (base first), `sin`, `abs`, `factorial`, … */
  | { readonly kind: 'call'; readonly name: string; readonly of: readonly Formula[] }
  /** Digits in a base, as they stand: `52_8`. */
  | { readonly kind: 'based'; readonly digits: string; readonly base: number }
  | { readonly kind: 'degrees' | 'percent'; readonly of: Formula }
  /** A point or an interval, by its brackets; `{` and `}` make a set. */
  | {
      readonly kind: 'bracket';
      readonly open: Opening;
      readonly close: Closing;
      readonly items: readonly Formula[];
    }
  /** Several answers, in no order. */
  | { readonly kind: 'list'; readonly items: readonly Formula[] }
  | { readonly kind: 'union'; readonly parts: readonly Formula[] }
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly Formula[])[] }
  /** `a = b < c`: one more part than signs. */
  | { readonly kind: 'relation'; readonly signs: readonly RelationSign[]; readonly parts: readonly Formula[] }
  | { readonly kind: 'words'; readonly text: string };

type BinaryOp = '+' | '-' | '*' | '/' | '^';
export type Opening = '(' | '[' | '{';
export type Closing = ')' | ']' | '}';
export type RelationSign = '=' | '<' | '>' | '<=' | '>=' | '!=' | '~' | 'in';

export function binary(op: BinaryOp, left: Formula, right: Formula): Formula {
  return { kind: 'binary', op, left, right };
}

export function call(name: string, ...of: readonly Formula[]): Formula {
  return { kind: 'call', name, of };
}

const KNOWN = new Set(['pi', 'e', 'i']);

/** The formulas that a formula is made of. */
function partsOf(formula: Formula): readonly Formula[] {
  switch (formula.kind) {
    case 'binary':
      return [formula.left, formula.right];
    case 'either':
      return formula.left === undefined ? [formula.right] : [formula.left, formula.right];
    case 'negative':
    case 'degrees':
    case 'percent':
      return [formula.of];
    case 'call':
      return formula.of;
    case 'bracket':
    case 'list':
      return formula.items;
    case 'union':
    case 'relation':
      return formula.parts;
    case 'matrix':
      return formula.rows.flat();
    default:
      return [];
  }
}

/** Names of the variables in a formula. */
export function variablesOf(formula: Formula): Set<string> {
  if (formula.kind === 'symbol') return new Set(KNOWN.has(formula.name) ? [] : [formula.name]);
  return new Set(partsOf(formula).flatMap((part) => [...variablesOf(part)]));
}

/** Whether there is such a formula in it, itself included. */
export function contains(formula: Formula, kind: Formula['kind']): boolean {
  return formula.kind === kind || partsOf(formula).some((part) => contains(part, kind));
}

/** The formula with its `±` as `+` (`sign` 1) or `-`, and its `∓` the other way. */
export function withSign(formula: Formula, sign: 1 | -1): Formula {
  const inner = (part: Formula): Formula => withSign(part, sign);
  switch (formula.kind) {
    case 'either': {
      const right = inner(formula.right);
      const isPlus = formula.upper * sign === 1;
      if (formula.left === undefined) return isPlus ? right : { kind: 'negative', of: right };
      return binary(isPlus ? '+' : '-', inner(formula.left), right);
    }
    case 'binary':
      return binary(formula.op, inner(formula.left), inner(formula.right));
    case 'negative':
    case 'degrees':
    case 'percent':
      return { ...formula, of: inner(formula.of) };
    case 'call':
      return { ...formula, of: formula.of.map(inner) };
    case 'bracket':
    case 'list':
      return { ...formula, items: formula.items.map(inner) };
    case 'union':
    case 'relation':
      return { ...formula, parts: formula.parts.map(inner) };
    case 'matrix':
      return { ...formula, rows: formula.rows.map((row) => row.map(inner)) };
    default:
      return formula;
  }
}
