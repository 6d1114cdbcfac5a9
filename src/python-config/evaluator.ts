import type { Machine, Place } from './machine.ts';
import type { Expression, ImportFrom, Statement } from './syntax.ts';
import type { Dict, Scope, Value } from './values.ts';

/** How a run of statements ended. */
export type Flow = 'next' | 'break' | 'continue' | { readonly returned: Value };

/** What the parts of the evaluation ask of each other. */
export interface Evaluator {
  readonly machine: Machine;
  evaluate(expression: Expression, scope: Scope): Value;
  execute(body: readonly Statement[], scope: Scope): Flow;
  assign(target: Expression, value: Value, scope: Scope): void;
  call(callee: Value, given: Given): Value;
  /** The variables of the config that a statement imports from; undefined where it imports from no config. */
  base(statement: ImportFrom): Dict | undefined;
}

export interface Given {
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  readonly places?: ReadonlyMap<string, Place>;
}
