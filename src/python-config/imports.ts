import { nearest } from '../basics/nearest.ts';
import type { Evaluator } from './evaluator.ts';
import { member } from './modules.ts';
import { setName } from './names.ts';
import type { ImportFrom, Statement } from './syntax.ts';
import type { Dict, Scope } from './values.ts';

/** `import a.b`: nothing is loaded; `a` stands for the module. */
export function runImport(
  modules: Extract<Statement, { kind: 'import' }>['modules'],
  scope: Scope,
  { machine }: Evaluator,
): undefined {
  for (const { path, as } of modules) {
    const whole = as === undefined ? path.slice(0, 1) : path;
    setName(as ?? String(path[0]), member(whole, machine, true), scope, machine.place);
  }
}

/** `from x import y`: the variables of another config, or names that stand for what is there. */
export function runImportFrom(statement: ImportFrom, scope: Scope, evaluator: Evaluator): undefined {
  const { machine } = evaluator;
  const { module, names, at } = statement;
  if (module[0] === '__future__') return;
  const base = evaluator.base(statement);
  machine.at = at;
  if (base !== undefined) return fromConfig(base, statement, scope, evaluator);
  if (names === undefined) {
    const dotted = module.join('.');
    return machine.refuse(
      `what "${dotted}" holds is not known: it is no config`,
      'import its names one by one',
    );
  }
  for (const { name, as, at: place } of names) {
    machine.at = place;
    setName(as, member([...module, name], machine), scope, machine.place);
  }
}

function fromConfig(
  base: Dict,
  { names, module }: ImportFrom,
  scope: Scope,
  { machine }: Evaluator,
): undefined {
  const there = [...base.entries.values()].map(({ key }) => String(key));
  const wanted =
    names ??
    there.filter((name) => !name.startsWith('_')).map((name) => ({ name, as: name, at: machine.at }));
  for (const { name, as, at } of wanted) {
    machine.at = at;
    const value = base.text(name);
    if (value === undefined) {
      const near = nearest(name, there);
      return machine.fail(
        `"${module.at(-1)}" defines no '${name}'${near === undefined ? '' : `; did you mean '${near}'?`}`,
      );
    }
    setName(as, value, scope, base.placeOf(name) ?? machine.place);
  }
}
