import { parse } from 'csv-parse/sync';
import type { Row } from '../contract/dataset.ts';
import { badRow, readText, type ToRow } from './read.ts';

/**
 * Reads a CSV file by its fields' places, for files whose first line names no columns. Line breaks inside of fields are LF, as
 * Python's text files have them. Throws as `readCsv` does.
 */
export async function readCsvRecords(file: string): Promise<CsvRecord[]> {
  return recordsOf((await readText(file)).replace(/\r\n?/g, '\n'), file);
}

/** Reads a CSV file whose first line names the columns. Throws DSET-FILE-001, DSET-DATA-002 with the line. */
export async function readCsv<T>(file: string, toRow: ToRow<T>): Promise<T[]> {
  return parseCsv(await readText(file), file, toRow);
}

/**
 * The rows of a CSV text (RFC 4180): fields may stand in double quotes and then hold commas, line breaks and doubled
 * quotes; lines end with LF, CRLF or CR, blank lines are left out. All values are texts. Throws DSET-DATA-002 with the line that a
 * row begins in.
 */
export function parseCsv<T = Row>(text: string, file: string, toRow: ToRow<T> = (row) => row as T): T[] {
  const [head, ...lines] = recordsOf(text, file);
  if (head === undefined) return [];
  const columns = head.fields.map((name) => name.trim());
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw badRow(`${file}:${head.line}`, `two columns are named '${twice}'`);
  return lines.map(({ fields, line }) => {
    const where = `${file}:${line}`;
    if (fields.length !== columns.length) {
      throw badRow(where, `it has ${fields.length} fields, and the header names ${columns.length} columns`);
    }
    return toRow(Object.fromEntries(columns.map((name, i) => [name, fields[i]!])), where);
  });
}

interface CsvRecord {
  readonly fields: readonly string[];
  /** Where it begins, from 1. */
  readonly line: number;
}

function recordsOf(text: string, file: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let next = 1;
  // The library counts CRLF inside a field as two lines.
  let surplus = 0;
  const take = (one: unknown, { lines }: { readonly lines: number }) => {
    const { record: fields, raw } = one as { record: string[]; raw: string };
    const signs = countOf(/[\r\n]/g, fields);
    next = lines - surplus - signs;
    // With relax_quotes, which allows them inside plain fields, text behind a quoted field is no error of the library's.
    if (fields.some((field) => field.startsWith('"') && !raw.includes(`"${field.replaceAll('"', '""')}"`)))
      throw new Error('text behind a quoted field');
    const isBlank = fields.length === 1 && fields[0] === '' && !raw.includes('"');
    if (!isBlank) records.push({ fields, line: next });
    surplus += signs - countOf(/\r\n|\r|\n/g, fields);
    next = lines - surplus + 1;
    return null;
  };
  try {
    parse(text, {
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      raw: true,
      on_record: take,
    });
  } catch (cause) {
    throw badRow(`${file}:${next}`, 'a quoted field is not closed, or text stands behind it', cause);
  }
  return records;
}

function countOf(pattern: RegExp, fields: readonly string[]): number {
  return fields.reduce((sum, field) => sum + (field.match(pattern)?.length ?? 0), 0);
}
