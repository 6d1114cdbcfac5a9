/** Gives what takes the place of a value that JSON cannot hold, or throws; `path` leads to the value. */
type Replace = (value: unknown, path: readonly string[]) => unknown;

/**
 * Copies data so that JSON holds all of it and gives back the same: fields without a value are left out, -0 is 0, and whatever is neither
 * text, finite number, truth value, null, list nor plain object is left to `replace`, as is an object that contains itself.
 */
export function plainData<T>(data: T, replace: Replace): T {
  const within = new Set<unknown>();
  const copy = (value: unknown, path: readonly string[]): unknown => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
    if (typeof value !== 'object' || within.has(value) || !(Array.isArray(value) || isPlain(value)))
      return replace(value, path);
    within.add(value);
    const copied = Array.isArray(value)
      ? Array.from(value, (item, index) => (item === undefined ? null : copy(item, [...path, String(index)])))
      : Object.fromEntries(
          Object.entries(value)
            .filter(([, inner]) => inner !== undefined)
            .map(([key, inner]) => [key, copy(inner, [...path, key])]),
        );
    within.delete(value);
    return copied;
  };
  return copy(data, []) as T;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
