/** Types as annotations write them: `dict[str, int]`, `int | None`, `typing.Optional[str]`. */
import { isExceptionType } from './exception-types.ts';
import { Builtin, GenericAlias, PyImport, type PyObject, TypeExpression } from './values.ts';

const GENERIC = new Set(['dict', 'list', 'tuple', 'set', 'frozenset']);
const PLAIN = new Set(['str', 'int', 'float', 'bool']);

/** Built-in types that only annotations use here. */
export const TYPES: ReadonlyMap<string, TypeExpression> = new Map(
  ['type', 'object'].map((name) => [name, new TypeExpression(name)]),
);

/** Modules whose names are types and nothing else. */
const TYPE_MODULES = new Set(['typing', 'typing_extensions', 'collections.abc']);

/** `value[index]` where the value is a type; undefined where it is none that takes parameters. */
export function parametrised(value: PyObject): PyObject | undefined {
  if (value instanceof Builtin && GENERIC.has(value.name)) return new GenericAlias(value.name, value.call);
  if (value instanceof PyImport && TYPE_MODULES.has(value.path.slice(0, -1).join('.')))
    return new TypeExpression(value.dotted);
  return value === TYPES.get('type') ? value : undefined;
}

/** `a | b` of types; undefined where they are none. */
export function typeUnion(a: PyObject, b: PyObject): TypeExpression | undefined {
  if (!(isType(a) || a === null) || !(isType(b) || b === null) || a === b) return undefined;
  // What is imported may be anything: two of them are no types for sure.
  if (a instanceof PyImport && b instanceof PyImport) return undefined;
  return new TypeExpression('types.UnionType');
}

function isType(value: PyObject): boolean {
  if (value instanceof TypeExpression || value instanceof PyImport) return true;
  if (!(value instanceof Builtin)) return false;
  return GENERIC.has(value.name) || PLAIN.has(value.name) || isExceptionType(value);
}
