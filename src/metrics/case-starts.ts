import type { CallRef } from '../contract/record.ts';

/**
 * Tells the request that begins a case, whose time the pacer set, from the ones that follow when it has ended. The requests
 * of a case are recorded in their order.
 */
export class CaseStarts {
  readonly #choices = new Set<string>();

  isFirst({ id, turn, label }: CallRef): boolean {
    if (label === undefined) return turn === undefined || turn === 0;
    const isNew = !this.#choices.has(id);
    this.#choices.add(id);
    return isNew;
  }
}
