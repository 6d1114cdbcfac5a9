/**
 * A number with its noun, for people: `1 request`, `2 requests`. A verb may go along: `plural(n, 'case was', 'cases were')`.
 * `many` is `one` with an s where it is not given.
 */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
