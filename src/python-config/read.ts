/** Reads a config in Python without running Python: a small interpreter of what configs use. */
import { basename } from 'node:path';
import { assignTo } from './assignments.ts';
import { Converter, type NameOf, toValue, whereIs } from './data.ts';
import type { Evaluator } from './evaluator.ts';
import { evaluateExpression } from './expressions.ts';
import { type ConfigFiles, type Gathered, gather } from './files.ts';
import { callValue } from './functions.ts';
import { LIMITS, Machine, unreadable } from './machine.ts';
import { executeAll } from './statements.ts';
import type { ImportFrom } from './syntax.ts';
import { Dict } from './values.ts';

export interface ReadConfig {
  readonly values: Readonly<Record<string, unknown>>;
  /** `file:line` of a key. */
  where(keys: readonly (string | number)[]): string;
}

/**
 * The variables of a Python config as plain data. `path` is absolute and without links. Throws TMAN-CFG-001 with file,
 * line and column for anything that is no Python, that Python would fail at, or that a config may not do (`LIMITS`).
 */
export async function readPython(path: string, files: ConfigFiles, nameOf: NameOf): Promise<ReadConfig> {
  const gathered = await gather(path, files);
  const source = gathered.python.get(path)?.source ?? { path, text: '' };
  const machine = new Machine(source);
  try {
    const globals = new Evaluation(gathered, machine).run(path);
    const converter = new Converter(machine, nameOf);
    const values = converter.variables(globals);
    return { values, where: (keys) => whereIs(keys, { values, path }, converter.places) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unreadable(machine.place, 'it nests too deeply', `keep below ${LIMITS.depth} levels`);
  }
}

/** One config with all that it imports; each file is evaluated once. */
class Evaluation implements Evaluator {
  readonly machine: Machine;
  readonly #gathered: Gathered;
  readonly #done = new Map<string, Dict | 'running'>();

  constructor(gathered: Gathered, machine: Machine) {
    this.#gathered = gathered;
    this.machine = machine;
  }

  readonly evaluate: Evaluator['evaluate'] = (expression, scope) =>
    evaluateExpression(expression, scope, this);
  readonly execute: Evaluator['execute'] = (body, scope) => executeAll(body, scope, this);
  readonly assign: Evaluator['assign'] = (target, value, scope) => assignTo(target, value, scope, this);
  readonly call: Evaluator['call'] = (callee, given) => callValue(callee, given, this);

  base(statement: ImportFrom): Dict | undefined {
    const found = this.#gathered.imports.get(statement);
    if (found === undefined) return undefined;
    this.machine.at = statement.at;
    return 'path' in found ? this.run(found.path) : this.machine.fail(found.problem);
  }

  run(path: string): Dict {
    const { machine } = this;
    const before = this.#done.get(path);
    if (before === 'running') machine.fail(`"${path}" imports itself`);
    if (before !== undefined) return before as Dict;
    const { source, at } = machine;
    this.#done.set(path, 'running');
    const globals = machine.deeper(() => this.#evaluated(path));
    this.#done.set(path, globals);
    machine.source = source;
    machine.at = at;
    return globals;
  }

  #evaluated(path: string): Dict {
    const { machine } = this;
    const other = this.#gathered.others.get(path);
    if (other !== undefined) return toValue(other, machine) as Dict;
    const file = this.#gathered.python.get(path);
    if (file === undefined) return machine.fail(`"${path}" was not read`);
    machine.source = file.source;
    const globals = new Dict();
    globals.setText('__name__', basename(path, '.py'));
    globals.setText('__file__', path);
    const flow = this.execute(file.statements, { variables: globals, outer: undefined, globals });
    if (flow !== 'next')
      machine.fail(`'${typeof flow === 'string' ? flow : 'return'}' stands outside of what it ends`);
    return globals;
  }
}
