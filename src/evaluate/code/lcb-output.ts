/** Whether what a program of LiveCodeBench printed, or a function returned, is right. */
import { parsePyJson } from '../../python-data/json.ts';
import { isPyList, PyDict, PyTuple, type PyValue, pyEqual } from '../../python-data/value.ts';
import { asciiDigits, pythonFloat } from '../python-number.ts';
import { pythonSplit, pythonStrip } from '../python-text.ts';
import type { RuleSet } from '../types.ts';

/** What is right and what came, under a rule set. */
type Same = (printed: string, expected: string) => boolean;

/**
 * `fixed` is the benchmark's own rule of today: as many lines, each the same or the same decimal numbers, exactly. `compat` is AISBench's,
 * the authors' of before: lines that are equal but for blanks at their ends and empty lines, or one number a line, close by.
 */
export const samePrinted: Readonly<Record<RuleSet, Same>> = {
  fixed(printed, expected) {
    const [own, right] = [strippedLines(printed), strippedLines(expected)];
    return (
      own.length === right.length && own.every((line, n) => line === right[n] || sameNumbers(line, right[n]!))
    );
  },
  compat(printed, expected) {
    const lines = pythonLines(printed);
    const right = pythonStrip(expected);
    if (pythonStrip(lines.join('\n')) === right) return true;
    if (pythonStrip(lines.map(pythonStrip).join('\n')) === right) return true;
    const wanted = expected.split('\n').filter((line) => line !== '');
    const stripped = wanted.map(pythonStrip);
    const own = lines.filter((line) => line !== '');
    if (sameTexts(lines, stripped) || sameTexts(own, stripped)) return true;
    return !areWhole(own, stripped) && areClose(own, stripped);
  },
};

/**
 * Python's equality with what the test says as JSON. `compat` also takes the first element of a right list for right, and tuples in a
 * list where the right list holds one list of lists. Throws SyntaxError where `expected` is no JSON.
 */
export const sameReturned: Readonly<Record<RuleSet, Same>> = {
  fixed: (value, expected) => pyEqual(valueIn(value), parsePyJson(expected)),
  compat(value, expected) {
    const [own, right] = [valueIn(value), parsePyJson(expected)];
    if (pyEqual(own, right)) return true;
    if (!isPyList(right) || right.length === 0) return false;
    if (pyEqual(own, right[0]!)) return true;
    const areTuples = isPyList(own) && own[0] instanceof PyTuple;
    return (
      areTuples &&
      pyEqual(
        own.map((one) => (one instanceof PyTuple ? one.items : one)),
        right[0]!,
      )
    );
  },
};

/** A value as `plain` of `python/ais_bench_sandbox/cases.py` writes it. What JSON has no form for is equal to nothing. */
function valueIn(text: string): PyValue {
  return toValue(JSON.parse(text));
}

function toValue(plain: unknown): PyValue {
  if (plain === null || typeof plain === 'boolean' || typeof plain === 'string') return plain;
  if (Array.isArray(plain)) return plain.map(toValue);
  const { int, float, tuple, dict } = plain as {
    readonly int?: string;
    readonly float?: string;
    readonly tuple?: readonly unknown[];
    readonly dict?: readonly (readonly [unknown, unknown])[];
  };
  if (int !== undefined) return int.startsWith('-') ? -BigInt(int.slice(1)) : BigInt(int);
  if (float !== undefined) return pythonFloat(float) ?? Number.NaN;
  if (tuple !== undefined) return new PyTuple(tuple.map(toValue));
  if (dict !== undefined) return new PyDict(dict.map(([key, value]) => [toValue(key), toValue(value)]));
  return Number.NaN;
}

function strippedLines(text: string): string[] {
  return pythonStrip(text).split('\n').map(pythonStrip);
}

function sameNumbers(line: string, right: string): boolean {
  const [own, wanted] = [pythonSplit(line).map(decimalIn), pythonSplit(right).map(decimalIn)];
  return own.length === wanted.length && own.every((one, n) => one !== undefined && one === wanted[n]);
}

const DECIMAL = /^([-+]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i;

/**
 * The number that Python's `Decimal` makes of a word, in a form that equal numbers share; undefined for what is none, and for NaN, which
 * equals nothing.
 */
function decimalIn(word: string): string | undefined {
  const infinite = /^([-+]?)inf(?:inity)?$/i.exec(word);
  if (infinite !== null) return infinite[1] === '-' ? '-inf' : 'inf';
  const [, sign, whole = '', part = '', exponent = '0'] =
    DECIMAL.exec(asciiDigits(word).replaceAll('_', '')) ?? [];
  if (sign === undefined) return undefined;
  const digits = `${whole}${part}`.replace(/^0+/, '');
  // A pattern for them would try each run of zeros from each of its own.
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  const significant = digits.slice(0, end);
  if (significant === '') return '0';
  const power = BigInt(exponent) - BigInt(part.length) + BigInt(digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

/** `text.splitlines()`. */
function pythonLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, n) => line === b[n]);
}

/** Whether every pair of lines, as far as there are pairs, is of digits. */
function areWhole(own: readonly string[], right: readonly string[]): boolean {
  const pairs = Math.min(own.length, right.length);
  return [...own.slice(0, pairs), ...right.slice(0, pairs)].every((line) => /^[\p{Nd}\p{No}]+$/u.test(line));
}

/** numpy's `allclose` of a number a line. */
function areClose(own: readonly string[], right: readonly string[]): boolean {
  if (own.length !== right.length) return false;
  return own.every((line, n) => {
    const [a, b] = [pythonFloat(line), pythonFloat(right[n]!)];
    if (a === undefined || b === undefined) return false;
    if (!Number.isFinite(a) || !Number.isFinite(b)) return a === b;
    return Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
  });
}
