import { isUtf8 } from 'node:buffer';
import { pathToFileURL } from 'node:url';
import type { ParquetReadOptions } from 'hyparquet';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { pieceUrl } from '../contract/prompt-list.ts';
import { unreadable } from './read.ts';

/**
 * Reads a Parquet file with any of the usual codecs. Values become what JSON has: whole numbers that a double cannot hold stay
 * digits in a text, instants become ISO 8601 texts, bytes the text they are in UTF-8, else base64. A column that is null in a row is
 * one that the row has not. Of a column of `images`, bytes or Hugging Face's `{bytes, path}`, or the first of a list of such, the row has
 * the URL that they can be read by again, and `toRow` may look at them; a text stays one. Rows are counted from 1 in `where`. Throws
 * DSET-FILE-001, DSET-DATA-002.
 */
export async function readParquet<T>(
  file: string,
  toRow: (row: Row, where: string, bytesIn: (column: string) => Uint8Array | undefined) => T,
  images: (column: string) => boolean = () => false,
): Promise<T[]> {
  const url = pathToFileURL(file).href;
  const all: T[] = [];
  for await (const row of rowsIn(file)) {
    const n = all.length;
    const entries = Object.entries(row).flatMap(([column, value]) => {
      if (images(column) && typeof value !== 'string')
        return imageBytes(value) === undefined ? [] : [[column, pieceUrl(url, { column, row: n })]];
      return value === null || value === undefined ? [] : [[column, plain(value)]];
    });
    const bytesIn = (column: string) => imageBytes(row[column]);
    all.push(toRow(Object.fromEntries(entries), `${file}, row ${n + 1}`, bytesIn));
  }
  return all;
}

/**
 * The rows of a Parquet file as `readParquet` has them, a group of the file's own at a time, so that no more is unpacked; of `columns`
 * alone, where they are named. Throws DSET-FILE-001, DSET-DATA-002.
 */
export async function* streamParquet(
  file: string,
  columns?: readonly string[],
): AsyncGenerator<{ readonly row: Row; readonly where: string }> {
  let number = 0;
  for await (const row of rowsIn(file, columns)) {
    const entries = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
    yield {
      row: Object.fromEntries(entries.map(([name, value]) => [name, plain(value)])),
      where: `${file}, row ${++number}`,
    };
  }
}

/** Images of a column in neighbouring rows. */
export interface ImageGroup {
  /** Row of the first, counted from 0. */
  readonly first: number;
  readonly images: readonly (Uint8Array | undefined)[];
}

/**
 * The images of a column in the group of rows that a row is in, which can only be decoded together. None where the file has no such row
 * or column. Throws DSET-FILE-001, DSET-DATA-002.
 */
export async function readImageGroup(
  file: string,
  { column, row }: { readonly column: string; readonly row: number },
): Promise<ImageGroup> {
  const { columns, groups, read } = await opened(file);
  let first = 0;
  for (const count of columns.includes(column) ? groups : []) {
    if (row < first + count) {
      const rows = await read({ columns: [column], rowStart: first, rowEnd: first + count });
      return { first, images: rows.map((one) => imageBytes(one[column])) };
    }
    first += count;
  }
  return { first: row, images: [] };
}

/** All rows, of which one group is in memory at a time. */
async function* rowsIn(file: string, columns?: readonly string[]): AsyncGenerator<Row> {
  const { groups, read } = await opened(file);
  let rowStart = 0;
  for (const count of groups) {
    const rowEnd = rowStart + count;
    yield* await read({ rowStart, rowEnd, ...(columns === undefined ? {} : { columns: [...columns] }) });
    rowStart = rowEnd;
  }
}

function imageBytes(value: unknown): Uint8Array | undefined {
  if (Array.isArray(value)) return imageBytes(value[0]);
  const bytes: unknown = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | null)?.bytes;
  return bytes instanceof Uint8Array && bytes.length > 0 ? bytes : undefined;
}

interface Opened {
  readonly columns: readonly string[];
  /** Rows of each of its groups. */
  readonly groups: readonly number[];
  read(part: Pick<ParquetReadOptions, 'columns' | 'rowStart' | 'rowEnd'>): Promise<Row[]>;
}

/** The readers are loaded when a file asks for them. */
async function opened(file: string): Promise<Opened> {
  const [{ asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] =
    await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const buffer = await asyncBufferFromFile(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  const refuse = (cause: unknown): never => {
    throw new AisBenchError(
      'DSET-DATA-002',
      `the file cannot be read as Parquet: ${messageOf(cause).replace(/^parquet /, '')}`,
      { where: file, cure: 'fetch the file again, or convert it to .jsonl', cause },
    );
  };
  const metadata = await parquetMetadataAsync(buffer).catch(refuse);
  const common = { file: buffer, metadata, compressors, utf8: false };
  return {
    columns: parquetSchema(metadata).children.map(({ element }) => element.name),
    groups: metadata.row_groups.map(({ num_rows }) => Number(num_rows)),
    read: (part) => parquetReadObjects({ ...common, ...part }).catch(refuse),
  };
}

function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return bytes.toString(isUtf8(bytes) ? 'utf8' : 'base64');
  }
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
