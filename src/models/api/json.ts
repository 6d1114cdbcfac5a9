/** Servers may send any JSON where their protocol says otherwise: it must not break a parser, nor become part of a text. */

const NONE: readonly never[] = Object.freeze([]);

/** The value if it is a list, else an empty one. */
export function listIn(value: unknown): readonly any[] {
  return Array.isArray(value) ? value : NONE;
}

/** The value if it is a text, else none. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
