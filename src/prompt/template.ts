import { editDistance } from '../basics/nearest.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';

/** `{name}`; the text in LaTeX's `\command{…}` is no place that we would miss a column for. */
const PLACE = /\{([^{}]*)\}/g;
const NAMED_PLACE = /(?<!\\[A-Za-z]+)\{([\p{L}_][\p{L}\p{N}_]*)\}/gu;

/**
 * Puts the row's columns in the place of `{column}`, once: braces inside a column's text stay as they are, and so do
 * places that name no column. `blank` is the column that is left empty.
 */
export function fillColumns(text: string, row: Row, blank?: string | null): string {
  return text.replace(PLACE, (whole, name: string) => {
    if (name === blank) return '';
    return hasColumn(row, name) ? textOf(row[name]) : whole;
  });
}

export interface ColumnCheck {
  /** Places of the template that look like column names. */
  readonly places: readonly string[];
  /** Columns that the reader config promises. */
  readonly declared: readonly string[];
  readonly blank?: string | null | undefined;
  /** Which template, for errors. */
  readonly where: string;
}

/** Names in braces that could be columns. */
export function placesIn(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(NAMED_PLACE)].map((match) => match[1]!)))];
}

/**
 * Throws ICLR-TYPE-001 when a template asks for a column that the row lacks. Braces may also be meant as they are
 * (code, LaTeX, JSON), so a name is taken for a missing column only when the config declares it, when it is nearly a
 * column's name, or when the template names no column at all.
 */
export function assertColumns(row: Row, { places, declared, blank, where }: ColumnCheck): void {
  const isKnown = (name: string) => name === blank || hasColumn(row, name);
  const unknown = places.filter((name) => !isKnown(name));
  if (unknown.length === 0) return;
  const columns = Object.keys(row);
  const noneIsKnown = unknown.length === places.length;
  for (const name of unknown) {
    const { column, isNear } = nearestColumn(name, columns);
    if (noneIsKnown || isNear || declared.includes(name)) throw missingColumn(name, column, columns, where);
  }
}

function missingColumn(name: string, nearest: string | undefined, columns: readonly string[], where: string) {
  return new AisBenchError(
    'ICLR-TYPE-001',
    `the template names a column '${name}' that the dataset has not`,
    {
      where,
      cure:
        nearest === undefined
          ? 'correct the template: the dataset has no columns'
          : `did you mean {${nearest}}? The columns are ${columns.join(', ')}`,
    },
  );
}

function hasColumn(row: Row, name: string): boolean {
  return Object.hasOwn(row, name) && row[name] !== undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function nearestColumn(name: string, columns: readonly string[]) {
  let column: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of columns) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [column, least] = [candidate, distance];
  }
  return { column, isNear: least <= Math.floor(name.length / 3) };
}
