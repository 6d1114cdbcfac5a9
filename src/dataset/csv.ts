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

/** A field, quoted or not, and what ends it. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n][^,\r\n]*)?)(,|\r\n|\r|\n|$)/y;

function recordsOf(text: string, file: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let [line, begun] = [1, 1];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const match = FIELD.exec(text);
    if (match === null)
      throw badRow(`${file}:${line}`, 'a quoted field is not closed, or text stands behind it');
    const [all, quoted, plain = '', end = ''] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += all.match(/\r\n|\r|\n/g)?.length ?? 0;
    const isLast = FIELD.lastIndex === text.length;
    if (end === ',' && isLast) fields.push('');
    if (end !== ',' || isLast) {
      if (fields.length > 1 || fields[0] !== '' || quoted !== undefined)
        records.push({ fields, line: begun });
      [fields, begun] = [[], line];
    }
  }
  return records;
}
