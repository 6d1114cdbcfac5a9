/**
 * What a value would lose on its way through JSON: the first such place, as `body.a[2] is NaN`; undefined when it would
 * come back the same. Fields that are undefined are left out by JSON and so are no loss.
 */
export function jsonLoss(value: unknown, path = 'body'): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (Array.isArray(value)) return firstOf(value.map((item, i) => [`${path}[${i}]`, item]));
  if (typeof value !== 'object') return `${path} is a ${typeof value}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${path} is a ${value.constructor.name}`;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return firstOf(fields.map(([name, field]) => [`${path}.${name}`, field]));
}

function firstOf(places: readonly (readonly [string, unknown])[]): string | undefined {
  for (const [path, value] of places) {
    const loss = jsonLoss(value, path);
    if (loss !== undefined) return loss;
  }
  return undefined;
}

/** Whether a value stands anywhere in plain data. */
export function holds(data: unknown, wanted: string | number): boolean {
  if (data === wanted) return true;
  return (
    typeof data === 'object' && data !== null && Object.values(data).some((inner) => holds(inner, wanted))
  );
}
