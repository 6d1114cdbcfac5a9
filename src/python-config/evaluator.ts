import type { Machine, SourcePlace } from './machine.ts';
import type { ImportFrom, PyExpression, PyStatement } from './syntax.ts';
import type { Dict, PyScope, PyValue } from './values.ts';

/** How a list of statements ended. */
export type Flow = 'next' | 'break' | 'continue' | { readonly returned: PyValue };

/** Connects the parts of the evaluation. */
export interface PyEvaluator {
  readonly machine: Machine;
  evaluate(expression: PyExpression, scope: PyScope): PyValue;
  execute(body: readonly PyStatement[], scope: PyScope): Flow;
  assign(target: PyExpression, value: PyValue, scope: PyScope): void;
  call(callee: PyValue, given: CallArguments): PyValue;
  /** The variables of the config that a statement imports from; undefined where it imports from no config. */
  base(statement: ImportFrom): Dict | undefined;
}

export interface CallArguments {
  readonly args: readonly PyValue[];
  readonly keywords: ReadonlyMap<string, PyValue>;
  readonly places?: ReadonlyMap<string, SourcePlace>;
}
