/** A table as data, made once from a summary or score card and drawn by every surface. */
export interface Table {
  readonly title: string;
  /** What to know before the numbers: between title and table, the first line marked. */
  readonly headlines?: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences below the table. */
  readonly footnotes: readonly string[];
}

export interface Column {
  readonly head: string;
  /** Right for numbers. Left columns may be wrapped when the table is too wide. */
  readonly align: 'left' | 'right';
  /** Of datasets, models and the like: never broken, so that it can be copied. */
  readonly isName?: boolean;
}

/** What a cell shows when there is no value; a footnote says why. */
export const NO_VALUE = 'n/a';

export function left(head: string): Column {
  return { head, align: 'left' };
}

/** A column of names. */
export function nameColumn(head: string): Column {
  return { head, align: 'left', isName: true };
}

export function right(head: string): Column {
  return { head, align: 'right' };
}

/** One footnote a reason, naming everything that has it: `TTFT, TPOT: not streamed`. */
export function reasonNotes(
  entries: Iterable<{ readonly name: string; readonly reason?: string }>,
): string[] {
  const names = new Map<string, string[]>();
  for (const { name, reason } of entries) {
    if (reason !== undefined) names.set(reason, [...(names.get(reason) ?? []), name]);
  }
  return [...names].map(([reason, having]) => `${having.join(', ')}: ${reason}`);
}
