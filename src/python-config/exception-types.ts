/** Python's classes of exceptions that configs name, and which is a kind of which. */
import { repr, str } from './access.ts';
import { Builtin, type PyCall, PyException, type PyObject, Tuple } from './values.ts';

/** Class → the class that it is a kind of. */
const PARENTS: Readonly<Record<string, string>> = {
  Exception: 'BaseException',
  ArithmeticError: 'Exception',
  AssertionError: 'Exception',
  AttributeError: 'Exception',
  ImportError: 'Exception',
  LookupError: 'Exception',
  NameError: 'Exception',
  OSError: 'Exception',
  RuntimeError: 'Exception',
  StopIteration: 'Exception',
  TypeError: 'Exception',
  ValueError: 'Exception',
  Warning: 'Exception',
  ZeroDivisionError: 'ArithmeticError',
  OverflowError: 'ArithmeticError',
  ModuleNotFoundError: 'ImportError',
  IndexError: 'LookupError',
  KeyError: 'LookupError',
  UnboundLocalError: 'NameError',
  FileNotFoundError: 'OSError',
  PermissionError: 'OSError',
  NotImplementedError: 'RuntimeError',
  RecursionError: 'RuntimeError',
  UnicodeError: 'ValueError',
  UserWarning: 'Warning',
  DeprecationWarning: 'Warning',
};

const NAMES = ['BaseException', ...Object.keys(PARENTS)];

/** The classes by name; a call makes an exception. */
export const EXCEPTIONS: ReadonlyMap<string, Builtin> = new Map(
  NAMES.map((name) => [name, new Builtin(name, (call) => makeException(call))]),
);

function makeException(call: PyCall): PyException {
  const { name, args, keywords, machine } = call;
  const [key] = keywords.keys();
  if (key !== undefined) machine.fail(`${name}() takes no keyword arguments`, 'TypeError');
  return new PyException(name, args, textOf(call));
}

/** `str()` of an exception: its only argument, or all of them as a tuple. */
function textOf({ name, args, machine }: PyCall): string {
  const [only] = args;
  if (args.length === 0) return '';
  if (args.length > 1) return repr(new Tuple(args), machine);
  return name === 'KeyError' ? repr(only as PyObject, machine) : str(only as PyObject, machine);
}

/** Whether a class of exceptions is another one, or below it. */
export function isKindOf(kind: string, type: string): boolean {
  for (let at: string | undefined = kind; at !== undefined; at = PARENTS[at]) if (at === type) return true;
  return false;
}

/** Whether a value is one of the classes. */
export function isExceptionType(value: PyObject): value is Builtin {
  return value instanceof Builtin && EXCEPTIONS.get(value.name) === value;
}
