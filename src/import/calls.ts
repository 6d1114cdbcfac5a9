import type { CallRef } from '../contract/record.ts';
import type { TaskName } from './convert.ts';

interface Identified {
  readonly id: number;
  readonly uuid?: string | null | undefined;
  readonly turn_id?: number | null | undefined;
}

/**
 * Which request a row is. AISBench's `uuid` is one of a case: the turns of a dialogue share it. Repetitions of a row share its
 * `id` and have a `uuid` each. A first look at every row comes before the first call can be told.
 */
export class Calls {
  readonly #task: TaskName;
  readonly #rowsOfCase = new Map<string, number>();
  readonly #repetitions = new Map<string, number>();
  readonly #casesOfRow = new Map<number, number>();
  readonly #turns = new Map<string, number>();

  constructor(task: TaskName) {
    this.#task = task;
  }

  look(row: Identified): void {
    const key = caseOf(row);
    const rows = this.#rowsOfCase.get(key) ?? 0;
    this.#rowsOfCase.set(key, rows + 1);
    if (rows > 0) return;
    const repetition = this.#casesOfRow.get(row.id) ?? 0;
    this.#casesOfRow.set(row.id, repetition + 1);
    this.#repetitions.set(key, repetition);
  }

  /** Whether any row with this index was looked at. */
  knows(index: number): boolean {
    return this.#casesOfRow.has(index);
  }

  of(row: Identified): CallRef {
    const key = caseOf(row);
    const turns = this.#rowsOfCase.get(key) ?? 1;
    const turn = this.#turns.get(key) ?? 0;
    this.#turns.set(key, turn + 1);
    return {
      id: key,
      ...this.#task,
      index: row.id,
      repetition: this.#repetitions.get(key) ?? 0,
      ...(turns > 1 ? { turn: row.turn_id ?? turn, turns } : {}),
    };
  }
}

/** What AISBench lists as failed has no uuid. */
function caseOf({ id, uuid }: Identified): string {
  return uuid === undefined || uuid === null || uuid === '' ? `aisbench-row-${id}` : uuid;
}
