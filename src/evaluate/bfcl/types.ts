import type { PyDict, PyValue } from '../../python-data/value.ts';

/** Whose literals arguments are written in. */
export type Language = 'python' | 'java' | 'javascript';

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
export interface Fault {
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
