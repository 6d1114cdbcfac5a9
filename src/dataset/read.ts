import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { AisBenchError, messageOf } from '../errors.ts';
import type { Row } from './types.ts';

/** Makes a dataset's row from a line's object. `where` is `file:line`; throw DSET-DATA-002 with it. */
export type ToRow = (row: Row, where: string) => Row;

/** Reads a JSON Lines file. Throws DSET-FILE-001 when it cannot be read, DSET-DATA-002 for a malformed line. */
export async function readJsonl(file: string, toRow?: ToRow): Promise<Row[]> {
  return parseJsonl(decodeUtf8(await readBytes(file), file), file, toRow);
}

/**
 * The rows of a JSON Lines text: one object a line, lines end with LF or CRLF, blank lines are left out.
 * Throws DSET-DATA-002 that names the line.
 */
export function parseJsonl(text: string, file: string, toRow: ToRow = (row) => row): Row[] {
  const rows: Row[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${file}:${index + 1}`;
    rows.push(toRow(parseObject(line, where), where));
  }
  return rows;
}

/** DSET-DATA-002 for the row at `where`. */
export function badRow(where: string, what: string, cause?: unknown): AisBenchError {
  return new AisBenchError('DSET-DATA-002', `malformed dataset row: ${what}`, {
    where,
    cure: 'repair that line, or fetch the file again',
    cause,
  });
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AisBenchError('DSET-FILE-001', `the dataset file cannot be read: ${messageOf(cause)}`, {
      where: file,
      cure: 'check that the file is there and that you may read it',
      cause,
    });
  }
}

/** Refuses what is not UTF-8, where Node's decoder would put replacement characters into a question. */
function decodeUtf8(bytes: Buffer, file: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8').replace(/^\ufeff/, '');
  const line = bytes
    .toString('latin1')
    .split('\n')
    .findIndex((text) => !isUtf8(Buffer.from(text, 'latin1')));
  throw badRow(`${file}:${line + 1}`, 'its bytes are not UTF-8');
}

function parseObject(line: string, where: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw badRow(where, `the line is not JSON (${messageOf(cause)})`, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRow(where, 'the line is JSON but not an object');
  }
  return value as Row;
}

/** Size of a file in bytes; undefined where there is none. */
export async function bytesOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}
