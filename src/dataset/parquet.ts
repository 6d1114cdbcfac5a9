import { isUtf8 } from 'node:buffer';
import { AisBenchError, messageOf } from '../errors.ts';
import { readBytes, type ToRow } from './read.ts';
import type { Row } from './types.ts';

/**
 * Reads a Parquet file with any of the usual codecs. Values become what JSON has: whole numbers that a double cannot hold stay
 * digits in a text, instants become ISO 8601 texts, bytes the text they are in UTF-8, else base64. A column that is null in a row is
 * one that the row has not. Rows are counted from 1 in `where`. Throws DSET-FILE-001, DSET-DATA-002.
 */
export async function readParquet<T>(file: string, toRow: ToRow<T>): Promise<T[]> {
  const made: T[] = [];
  for await (const { row, where } of streamParquet(file)) made.push(toRow(row, where));
  return made;
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
  for await (const rows of rowGroups(file, columns)) {
    for (const row of rows) {
      const entries = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
      yield {
        row: Object.fromEntries(entries.map(([name, value]) => [name, plain(value)])),
        where: `${file}, row ${++number}`,
      };
    }
  }
}

/** The readers are loaded when a file asks for them. */
async function* rowGroups(file: string, columns: readonly string[] | undefined): AsyncGenerator<Row[]> {
  const { buffer, byteOffset, byteLength } = await readBytes(file);
  const whole = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const [{ parquetMetadata, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  try {
    const metadata = parquetMetadata(whole);
    const wanted = columns === undefined ? {} : { columns: [...columns] };
    let rowStart = 0;
    for (const { num_rows: count } of metadata.row_groups) {
      const rowEnd = rowStart + Number(count);
      yield await parquetReadObjects({
        file: whole,
        metadata,
        compressors,
        utf8: false,
        rowStart,
        rowEnd,
        ...wanted,
      });
      rowStart = rowEnd;
    }
  } catch (cause) {
    throw new AisBenchError(
      'DSET-DATA-002',
      `the file cannot be read as Parquet: ${messageOf(cause).replace(/^parquet /, '')}`,
      { where: file, cure: 'fetch the file again, or convert it to .jsonl', cause },
    );
  }
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
