import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { byteLines, LONGEST_LINE } from '../basics/byte-lines.ts';
import type { Row } from '../contract/dataset.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const MARK = Buffer.from('\ufeff');

/**
 * The bytes of each element of a text that is one JSON list, whatever its chunks, so that no more than an element is held. Only
 * where elements begin and end is looked at: what is in them is the reader's to check. Throws what `refuse` makes of what is wrong.
 */
export async function* jsonElements(
  chunks: AsyncIterable<Buffer>,
  refuse: (what: string) => Error,
): AsyncGenerator<Buffer> {
  const scanner = new Scanner(refuse);
  for await (const chunk of chunks) yield* scanner.read(chunk);
  scanner.end();
}

class Scanner {
  readonly #refuse: (what: string) => Error;
  #held: Buffer[] = [];
  #length = 0;
  #place: 'before the list' | 'in the list' | 'behind it' = 'before the list';
  /** Lists and objects that are open inside of the element. */
  #depth = 0;
  #inText = false;
  /** At the end of the last chunk, of a text that is open. */
  #backslashes = 0;
  /** Bytes of the byte order mark that have come. */
  #marks = 0;
  #isFirst = true;

  constructor(refuse: (what: string) => Error) {
    this.#refuse = refuse;
  }

  *read(chunk: Buffer): Generator<Buffer> {
    /** Where what belongs to the element begins. */
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      if (this.#inText) {
        i = this.#throughText(chunk, i);
        continue;
      }
      const byte = chunk[i]!;
      if (this.#place !== 'in the list') {
        this.#outside(byte);
        from = i + 1;
      } else if (byte === QUOTE) this.#inText = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth++;
      else if (this.#depth > 0) this.#depth -= byte === CLOSE_LIST || byte === CLOSE_OBJECT ? 1 : 0;
      else if (byte === COMMA || byte === CLOSE_LIST) {
        const element = this.#taken(chunk.subarray(from, i), byte === CLOSE_LIST);
        if (element !== undefined) yield element;
        from = i + 1;
      }
    }
    if (this.#place === 'in the list') this.#hold(chunk.subarray(from));
  }

  end(): void {
    if (this.#place !== 'behind it')
      throw this.#refuse(this.#place === 'in the list' ? 'ends within its list' : 'is no JSON list');
  }

  /** Where the text that is open ends: its quote, or the end of the chunk. */
  #throughText(chunk: Buffer, from: number): number {
    for (let at = chunk.indexOf(QUOTE, from); at !== -1; at = chunk.indexOf(QUOTE, at + 1)) {
      if (this.#backslashesBefore(chunk, from, at) % 2 === 1) continue;
      this.#inText = false;
      this.#backslashes = 0;
      return at;
    }
    this.#backslashes = this.#backslashesBefore(chunk, from, chunk.length);
    return chunk.length;
  }

  #backslashesBefore(chunk: Buffer, from: number, at: number): number {
    let start = at;
    while (start > from && chunk[start - 1] === BACKSLASH) start--;
    return at - start + (start === from ? this.#backslashes : 0);
  }

  #outside(byte: number): void {
    const isMark = this.#place === 'before the list' && byte === MARK[this.#marks];
    if (isMark) this.#marks++;
    else if (byte === OPEN_LIST && this.#place === 'before the list') this.#place = 'in the list';
    else if (!SPACES.has(byte))
      throw this.#refuse(this.#place === 'behind it' ? 'goes on behind its list' : 'is no JSON list');
  }

  #hold(part: Buffer): void {
    this.#held.push(part);
    this.#length += part.length;
    if (this.#length > LONGEST_LINE) throw this.#refuse('has an element that is longer than a text can be');
  }

  /** The element that ends here; undefined for that of an empty list. */
  #taken(last: Buffer, isLast: boolean): Buffer | undefined {
    const all = Buffer.concat([...this.#held, last]);
    this.#held = [];
    this.#length = 0;
    let [start, end] = [0, all.length];
    while (start < end && SPACES.has(all[start]!)) start++;
    while (end > start && SPACES.has(all[end - 1]!)) end--;
    if (start === end && !(isLast && this.#isFirst)) throw this.#refuse('has a comma without an element');
    this.#isFirst = false;
    if (isLast) this.#place = 'behind it';
    return start === end ? undefined : all.subarray(start, end);
  }
}

/** Makes a dataset's row from a line's object. `where` is `file:line`; throw DSET-DATA-002 with it. */
export type ToRow<T = Row> = (row: Row, where: string) => T;

/** Reads a JSON Lines file. Throws DSET-FILE-001 when it cannot be read, DSET-DATA-002 for a malformed line. */
export async function readJsonl(file: string): Promise<Row[]>;
export async function readJsonl<T>(file: string, toRow: ToRow<T>): Promise<T[]>;
export async function readJsonl(file: string, toRow?: ToRow<unknown>): Promise<unknown[]> {
  return parseJsonl(await readText(file), file, toRow);
}

/**
 * The text of a UTF-8 file, a byte order mark left out; one named `.gz` is unpacked. Throws DSET-FILE-001, and DSET-DATA-002 for
 * other bytes.
 */
export async function readText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  return decodedText(file.endsWith('.gz') ? unpacked(bytes, file) : bytes, file);
}

function unpacked(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw badRow(file, `the file is not what gzip writes (${messageOf(cause)})`, cause);
  }
}

/** Reads a file that is one JSON value. Throws DSET-FILE-001, DSET-DATA-002. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badRow(file, `the file is not JSON (${messageOf(cause)})`, cause);
  }
}

/**
 * The rows of a JSON Lines text: one object a line, lines end with LF or CRLF, blank lines are left out.
 * Throws DSET-DATA-002 that names the line.
 */
export function parseJsonl<T = Row>(text: string, file: string, toRow: ToRow<T> = (row) => row as T): T[] {
  const rows: T[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const where = `${file}:${index + 1}`;
    rows.push(toRow(parseObject(line, where), where));
  }
  return rows;
}

/** A row, and the bytes of the file that it is. */
export interface PlacedRow {
  readonly row: Row;
  readonly where: string;
  readonly at: number;
  readonly bytes: number;
}

/** The rows of a JSON Lines file that is too large to be held, one at a time. Throws as `readJsonl`. */
export async function* streamJsonl(file: string): AsyncGenerator<PlacedRow> {
  const refuse = (line: number) => badRow(`${file}:${line}`, 'the line is longer than a text can be');
  for await (const { bytes, at, number } of byteLines(readChunks(file), refuse)) {
    const where = `${file}:${number}`;
    if (bytes.some(isInk)) yield { row: parseRow(bytes, where), where, at, bytes: bytes.length };
  }
}

/** The rows of a file that is one JSON list of objects and too large to be held, one at a time. Throws as `readJson`. */
export async function* streamJsonList(file: string): AsyncGenerator<Pick<PlacedRow, 'row' | 'where'>> {
  let number = 0;
  for await (const bytes of jsonElements(readChunks(file), (what) => badRow(file, `the file ${what}`))) {
    const where = `${file}, row ${++number}`;
    yield { row: parseRow(bytes, where), where };
  }
}

/** The row that these bytes of a file are. Throws DSET-DATA-002 naming `where`. */
export function parseRow(bytes: Buffer, where: string): Row {
  if (isUtf8(bytes)) return parseObject(bytes.toString('utf8').replace(/^\ufeff/, ''), where);
  throw badRow(where, 'its bytes are not UTF-8');
}

/** Bytes `at` to `at + bytes` of a file; fewer where it ends before. Throws DSET-FILE-001. */
export async function readSlice(
  file: string,
  { at, bytes }: Pick<PlacedRow, 'at' | 'bytes'>,
): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, at);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** Whether a byte is more than a blank. */
function isInk(byte: number): boolean {
  return byte > 0x20;
}

/** Bytes that are read at a time: more than most records of a file that is read so. */
const CHUNK_BYTES = 4 * 2 ** 20;

/** A file piece by piece, in order. Throws DSET-FILE-001. */
export async function* readChunks(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** DSET-DATA-002 for the row at `where`. */
export function badRow(where: string, what: string, cause?: unknown): AisBenchError {
  return new AisBenchError('DSET-DATA-002', `malformed dataset row: ${what}`, {
    where,
    cure: 'repair that line, or fetch the file again',
    cause,
  });
}

/** All of a file. Throws DSET-FILE-001. */
export async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

/** DSET-FILE-001 for a file that is not there, or that may not be read. */
export function unreadable(file: string, cause: unknown): AisBenchError {
  return new AisBenchError('DSET-FILE-001', `the dataset file cannot be read: ${messageOf(cause)}`, {
    where: file,
    cure: 'check that the file is there and that you may read it',
    cause,
  });
}

/**
 * The text of UTF-8, a byte order mark left out. Node's decoder would put replacement characters into a question where this throws
 * DSET-DATA-002, which names the file and the line.
 */
export function decodedText(bytes: Buffer, file: string): string {
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
