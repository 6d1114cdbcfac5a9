import type { TextLanguage } from '../contract/finding-entry.ts';
import { type Stats, USUAL_STATISTICS } from '../metrics/stats.ts';
import { phrase } from './phrase.ts';
import { oneLine } from './text.ts';
import { say, type Text } from './words.ts';

/** A table as data, made once from a summary or score card and drawn by every surface, in the reader's language. */
export interface Table {
  readonly title: Text;
  /** What to know before the numbers: between title and table, the first line marked. */
  readonly headlines?: readonly Text[];
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (readonly Text[])[];
  /** Sentences below the table. */
  readonly footnotes: readonly Text[];
}

export interface ReportColumn<Head extends Text = Text> {
  readonly head: Head;
  /** Right for numbers. Left columns may be wrapped when the table is too wide. */
  readonly align: 'left' | 'right';
  /** Of datasets, models and the like: never broken, so that it can be copied. */
  readonly isName?: boolean;
}

/** A table in one language. */
export interface PlainTable extends Table {
  readonly title: string;
  readonly headlines?: readonly string[];
  readonly columns: readonly ReportColumn<string>[];
  readonly rows: readonly (readonly string[])[];
  readonly footnotes: readonly string[];
}

/** Puts a table into words, English unless another language is named. */
export function plainTable(table: Table, language: TextLanguage = 'en'): PlainTable {
  // What a service or a name brings into a sentence must not break a line.
  const sayOne = (text: Text) => (typeof text === 'string' ? text : oneLine(say(text, language)));
  const sayAll = (texts: readonly Text[]) => texts.map(sayOne);
  const { title, headlines, columns, rows, footnotes } = table;
  return {
    title: sayOne(title),
    ...(headlines && { headlines: sayAll(headlines) }),
    columns: columns.map((column) => ({ ...column, head: sayOne(column.head) })),
    rows: rows.map(sayAll),
    footnotes: sayAll(footnotes),
  };
}

/** What a cell shows when there is no value; a footnote says why. */
export const NO_VALUE = 'n/a';

/** A column of texts. */
export function left(head: Text): ReportColumn {
  return { head, align: 'left' };
}

/** A column of names. */
export function nameColumn(head: Text): ReportColumn {
  return { head, align: 'left', isName: true };
}

/** A column of numbers. */
export function right(head: Text): ReportColumn {
  return { head, align: 'right' };
}

/** Makes one footnote a reason, naming everything that has it: `TTFT, TPOT: not streamed`. */
export function reasonNotes(
  entries: Iterable<{ readonly name: Text; readonly reason?: Text | undefined }>,
): Text[] {
  const byReason = new Map<string, { readonly reason: Text; readonly names: Text[] }>();
  for (const { name, reason } of entries) {
    if (reason === undefined) continue;
    const key = JSON.stringify(reason);
    const known = byReason.get(key) ?? { reason, names: [] };
    known.names.push(name);
    byReason.set(key, known);
  }
  return [...byReason.values()].map(({ names, reason }) => phrase('{names}: {reason}', { names, reason }));
}

/** A column of statistics. */
export interface Statistic {
  readonly head: string;
  of(stats: Stats): number | undefined;
}

/** The columns that a list of names asks for. */
export function statistics(names: readonly string[] = USUAL_STATISTICS): Statistic[] {
  return names.map((head) => ({
    head,
    of: (stats) => {
      const usual = stats[head.toLowerCase() as keyof Stats];
      return typeof usual === 'number' ? usual : stats.others?.[head];
    },
  }));
}
