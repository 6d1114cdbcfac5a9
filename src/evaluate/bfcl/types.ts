import type { PyDict, PyValue } from '../../python-data/value.ts';
import { asciiDigits, pythonFloat, pythonInt } from '../python-number.ts';

// Numbers as Python reads them from a text, for values written in Java and JavaScript.

/** `int(text)`, else `float(text)`, else the text. */
export function numberOrText(text: string): PyValue {
  return integerIn(text) ?? pythonFloat(text) ?? text;
}

/** `int(text)`; undefined where Python raises. */
export function integerIn(text: string): bigint | undefined {
  if (pythonInt(text) === undefined) return undefined;
  return BigInt(asciiDigits(text.trim()).replaceAll('_', '').replace(/^\+/, ''));
}

export function isQuoted(text: string, quotes: readonly string[]): boolean {
  return quotes.some((quote) => text.startsWith(quote) && text.endsWith(quote));
}

/** Elements between commas, without the blanks around them. */
export function elementsOf(text: string): string[] {
  return text.split(',').map((element) => element.trim());
}

/** Whose literals arguments are written in. */
export type BfclLanguage = 'python' | 'java' | 'javascript';

/** What checking needs of a function's description. */
export interface FunctionSpec {
  readonly name: string;
  readonly required: readonly string[];
  readonly parameters: readonly ParameterSpec[];
}

export interface ParameterSpec {
  readonly name: string;
  /** BFCL's word: `integer`, `float`, `string`, `array`, `dict`, `any`, `HashMap`, … */
  readonly type: string;
  /** The type of its items, where the description gives one. */
  readonly items?: string;
}

/** One call that is expected: for each parameter the values that are right; `""` among them: it may be left out. */
export interface ExpectedCall {
  readonly name: string;
  readonly values: PyDict;
}

/** Why a call is not right: bfcl-eval's `error_type`, and words of ours. */
export interface CallFault {
  readonly type: string;
  readonly message: string;
}

/** A parameter's value as it is compared, and Python's name of the type that it should have. */
export interface TypedValue {
  readonly value: PyValue;
  readonly type: string;
  /** Of the items of an array or tuple. */
  readonly itemType?: string | undefined;
}
