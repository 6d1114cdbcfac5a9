/** The fields of a request's body, with their types; a protocol says in its own words what is wrong with one. */
import type { HttpError } from './http-error.ts';

export type Body = Readonly<Record<string, unknown>>;

export type FieldType = 'number' | 'integer' | 'boolean' | 'string' | 'list of texts' | 'object';

/** Makes the reply for a field that is not what it must be. `name` is its path, e.g. `parameters.seed`. */
export type Complain = (name: string, expected: FieldType, value: unknown) => HttpError;

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a JSON text holds; undefined when it is none. */
export function parseObject(text: string): Body | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export class Fields {
  readonly #values: Body;
  readonly #prefix: string;
  readonly #complain: Complain;

  constructor(values: Body, complain: Complain, prefix = '') {
    this.#values = values;
    this.#complain = complain;
    this.#prefix = prefix;
  }

  /** A field that is absent or null is undefined, here and below. */
  number(name: string): number | undefined {
    return this.#typed(name, 'number', (value): value is number => typeof value === 'number');
  }

  integer(name: string): number | undefined {
    return this.#typed(name, 'integer', (value): value is number => Number.isInteger(value));
  }

  string(name: string): string | undefined {
    return this.#typed(name, 'string', (value): value is string => typeof value === 'string');
  }

  boolean(name: string): boolean | undefined {
    return this.#typed(name, 'boolean', (value): value is boolean => typeof value === 'boolean');
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined && this.#values[name] !== null;
  }

  /** One text stands for a list of one. */
  texts(name: string): readonly string[] {
    const value = this.#values[name];
    if (typeof value === 'string') return [value];
    const isTexts = (list: unknown): list is readonly string[] =>
      Array.isArray(list) && list.every((item) => typeof item === 'string');
    return this.#typed(name, 'list of texts', isTexts) ?? [];
  }

  /** The fields of an object within; none when it is absent. */
  within(name: string): Fields {
    const values = this.#typed(name, 'object', isObject) ?? {};
    return new Fields(values, this.#complain, `${this.#prefix}${name}.`);
  }

  #typed<T>(name: string, type: FieldType, is: (value: unknown) => value is T): T | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    if (is(value)) return value;
    throw this.#complain(this.#prefix + name, type, value);
  }
}
