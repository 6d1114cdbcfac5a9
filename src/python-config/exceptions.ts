/** `raise` and `try`. Only errors that Python would raise too are caught; what a config may not do stays refused. */
import { str } from './access.ts';
import { isExceptionType, isKindOf } from './exception-types.ts';
import { deleteName, type Flow, type PyEvaluator, setName } from './functions.ts';
import { PythonFailure, type SourcePlace } from './machine.ts';
import type { Expr, HandlerSyntax, TrySyntax } from './syntax.ts';
import { Builtin, PyException, PyImport, type PyObject, type PyScope, Tuple, typeName } from './values.ts';

/** The error that a config's own exception becomes. */
class RaisedFailure extends PythonFailure {
  readonly exception: PyException;

  constructor(place: SourcePlace, why: string, exception: PyException) {
    super(place, why, exception.kind, exception.text);
    this.exception = exception;
  }
}

/** Executes `raise`. Its message is the config's own. */
export function raise(value: Expr | undefined, scope: PyScope, evaluator: PyEvaluator): never {
  const { machine } = evaluator;
  const { place } = machine;
  if (value === undefined) {
    throw (
      machine.handled.at(-1) ??
      new PythonFailure(place, 'No active exception to reraise', 'RuntimeError', undefined)
    );
  }
  const made = raised(value, scope, evaluator);
  if (!(made instanceof PyException))
    return machine.fail(`exceptions must derive from BaseException, not '${typeName(made)}'`, 'TypeError');
  const shown = made.text ?? made.args.map((one) => str(one, machine)).join(', ');
  const why = shown === '' ? made.kind : `${made.kind}: ${shown}`;
  throw new RaisedFailure(place, why, made);
}

/** A class stands for an exception of it without arguments; one that is imported is known by its name alone. */
function raised(value: Expr, scope: PyScope, evaluator: PyEvaluator): PyObject {
  if (value.kind === 'call') {
    const callee = evaluator.evaluate(value.callee, scope);
    if (callee instanceof PyImport) {
      const args = value.args.map((one) => evaluator.evaluate(one, scope));
      return new PyException(callee.path.at(-1) ?? 'Exception', args, undefined);
    }
  }
  const made = evaluator.evaluate(value, scope);
  if (made instanceof PyImport) return new PyException(made.path.at(-1) ?? 'Exception', [], '');
  return isExceptionType(made) ? evaluator.call(made, { args: [], keywords: new Map() }) : made;
}

/** Steps that an error costs which is caught: making one takes long. */
const CAUGHT = 200;

/** Executes `try` with its handlers. */
export function executeTry(statement: TrySyntax, scope: PyScope, evaluator: PyEvaluator): Flow {
  const { machine, execute } = evaluator;
  const mark = machine.mark();
  let flow: Flow;
  try {
    flow = handle(statement, scope, evaluator);
  } catch (error) {
    if (!(error instanceof PythonFailure) || statement.final.length === 0) throw error;
    machine.goOnFrom(mark);
    // What leaves `finally` takes the place of the error.
    const final = execute(statement.final, scope);
    if (final !== 'next') return final;
    throw error;
  }
  const final = execute(statement.final, scope);
  return final === 'next' ? flow : final;
}

function handle({ body, handlers, otherwise }: TrySyntax, scope: PyScope, evaluator: PyEvaluator): Flow {
  const { machine, execute } = evaluator;
  const mark = machine.mark();
  let flow: Flow;
  try {
    flow = execute(body, scope);
  } catch (error) {
    if (!(error instanceof PythonFailure)) throw error;
    machine.goOnFrom(mark);
    machine.step(CAUGHT);
    const handler = handlers.find((one) => takes(one, error, scope, evaluator));
    if (handler === undefined) throw error;
    return recover(handler, error, scope, evaluator);
  }
  return flow === 'next' ? execute(otherwise, scope) : flow;
}

/** Refuses to guess where a class is named and that of the error is not known. */
function takes(
  { type, at }: HandlerSyntax,
  error: PythonFailure,
  scope: PyScope,
  evaluator: PyEvaluator,
): boolean {
  const { machine } = evaluator;
  if (type === undefined) return true;
  machine.at = at;
  const given = evaluator.evaluate(type, scope);
  const types = given instanceof Tuple ? given.items : [given];
  return types.some((one) => {
    if (one instanceof Builtin && /^(Base)?Exception$/.test(one.name)) return true;
    const name = one instanceof PyImport ? one.path.at(-1) : isExceptionType(one) ? one.name : undefined;
    if (name === undefined)
      return machine.fail(`catching '${typeName(one)}' is not allowed: it is no exception`, 'TypeError');
    if (error.kind !== undefined) return isKindOf(error.kind, name);
    return machine.refuse(
      `whether '${name}' is what this raises is not known: ${error.why}`,
      'write "except Exception", or the config without `try`',
    );
  });
}

function recover(
  { name, body }: HandlerSyntax,
  error: PythonFailure,
  scope: PyScope,
  evaluator: PyEvaluator,
): Flow {
  const { machine } = evaluator;
  machine.handled.push(error);
  try {
    if (name === undefined) return evaluator.execute(body, scope);
    const caught =
      error instanceof RaisedFailure
        ? error.exception
        : new PyException(error.kind ?? 'Exception', [], error.text);
    setName(name, caught, scope, machine.place);
    const flow = evaluator.execute(body, scope);
    // Python deletes the name behind its handler, be it deleted already.
    if (scope.variables.text(name) !== undefined) deleteName(name, scope, machine);
    return flow;
  } finally {
    machine.handled.pop();
  }
}
