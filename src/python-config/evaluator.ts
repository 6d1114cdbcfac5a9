import type { Machine, SourcePlace } from './machine.ts';
import type { Expr, ImportFrom, Stmt } from './syntax.ts';
import type { Dict, PyObject, PyScope } from './values.ts';

/** How a list of statements ended. */
export type Flow = 'next' | 'break' | 'continue' | { readonly returned: PyObject };

/** Connects the parts of the evaluation. */
export interface PyEvaluator {
  readonly machine: Machine;
  evaluate(expression: Expr, scope: PyScope): PyObject;
  execute(body: readonly Stmt[], scope: PyScope): Flow;
  assign(target: Expr, value: PyObject, scope: PyScope): void;
  call(callee: PyObject, given: CallArguments): PyObject;
  /** The variables of the config that a statement imports from; undefined where it imports from no config. */
  base(statement: ImportFrom): Dict | undefined;
}

/** The arguments of a call. */
export interface CallArguments {
  readonly args: readonly PyObject[];
  readonly keywords: ReadonlyMap<string, PyObject>;
  readonly places?: ReadonlyMap<string, SourcePlace>;
}
