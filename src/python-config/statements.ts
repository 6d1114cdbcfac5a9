import { iterate } from './access.ts';
import { removeTarget, updateTarget } from './assignments.ts';
import type { Evaluator, Flow } from './evaluator.ts';
import { define } from './functions.ts';
import { runImport, runImportFrom } from './imports.ts';
import { setName } from './names.ts';
import { str } from './repr.ts';
import type { ForSyntax, Statement } from './syntax.ts';
import { isTrue, type Scope } from './values.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

export function executeAll(body: readonly Statement[], scope: Scope, evaluator: Evaluator): Flow {
  const { machine } = evaluator;
  for (const statement of body) {
    machine.step();
    machine.at = statement.at;
    const flow = machine.deeper(() => executeOne(statement, scope, evaluator));
    if (flow !== 'next') return flow;
  }
  return 'next';
}

function executeOne(statement: Statement, scope: Scope, evaluator: Evaluator): Flow {
  const { machine } = evaluator;
  switch (statement.kind) {
    case 'expression':
      evaluator.evaluate(statement.value, scope);
      return 'next';
    case 'assign':
      return assignAll(statement, scope, evaluator);
    case 'update':
      updateTarget(statement, scope, evaluator);
      return 'next';
    case 'if':
      return choose(statement, scope, evaluator);
    case 'for':
      return loop(statement, scope, evaluator);
    case 'while':
      return repeat(statement, scope, evaluator);
    case 'break':
    case 'continue':
      return statement.kind;
    case 'delete':
      for (const target of statement.targets) removeTarget(target, scope, evaluator);
      return 'next';
    case 'def':
      setName(statement.name, define(statement, scope, evaluator), scope, machine.place);
      return 'next';
    case 'return':
      return { returned: statement.value === undefined ? null : evaluator.evaluate(statement.value, scope) };
    case 'import':
      runImport(statement.modules, scope, evaluator);
      return 'next';
    case 'from':
      runImportFrom(statement, scope, evaluator);
      return 'next';
    case 'bases':
      return evaluator.execute(statement.body, scope);
    case 'assert':
      return check(statement, scope, evaluator);
    default:
      return 'next';
  }
}

function assignAll({ targets, value, at }: Of<'assign'>, scope: Scope, evaluator: Evaluator): Flow {
  const given = evaluator.evaluate(value, scope);
  for (const target of targets) {
    evaluator.machine.at = at;
    evaluator.assign(target, given, scope);
  }
  return 'next';
}

function choose({ branches, otherwise }: Of<'if'>, scope: Scope, evaluator: Evaluator): Flow {
  const taken = branches.find(({ test }) => isTrue(evaluator.evaluate(test, scope)));
  return evaluator.execute(taken === undefined ? otherwise : taken.body, scope);
}

function loop(
  { target, iterable, body, otherwise, at }: ForSyntax,
  scope: Scope,
  evaluator: Evaluator,
): Flow {
  const { machine } = evaluator;
  for (const item of iterate(evaluator.evaluate(iterable, scope), machine)) {
    machine.at = at;
    evaluator.assign(target, item, scope);
    const flow = evaluator.execute(body, scope);
    if (flow === 'break') return 'next';
    if (typeof flow === 'object') return flow;
    machine.at = at;
  }
  return evaluator.execute(otherwise, scope);
}

function repeat({ test, body, otherwise }: Of<'while'>, scope: Scope, evaluator: Evaluator): Flow {
  while (isTrue(evaluator.evaluate(test, scope))) {
    const flow = evaluator.execute(body, scope);
    if (flow === 'break') return 'next';
    if (typeof flow === 'object') return flow;
  }
  return evaluator.execute(otherwise, scope);
}

function check({ test, message, at }: Of<'assert'>, scope: Scope, evaluator: Evaluator): Flow {
  if (isTrue(evaluator.evaluate(test, scope))) return 'next';
  const text = message === undefined ? '' : `: ${str(evaluator.evaluate(message, scope), evaluator.machine)}`;
  evaluator.machine.at = at;
  return evaluator.machine.fail(`AssertionError${text}`);
}
