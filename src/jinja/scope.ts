import type { Table, Value } from './values.ts';

/** Names and their values; an inner scope sees the outer one. */
export class Scope {
  readonly #values = new Map<string, Value>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope, values: Table = {}) {
    this.#outer = outer;
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  get(name: string): Value {
    return this.#values.has(name) ? this.#values.get(name) : this.#outer?.get(name);
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }
}
