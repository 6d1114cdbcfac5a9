/** Reads records and transcripts back, and the last attempt of each request. */
import { createReadStream, existsSync } from 'node:fs';
import { AisBenchError } from '../contract/errors.ts';
import { type CallRef, type RunRecord, requestKey, type Transcript } from '../contract/record.ts';
import { decodeRecord, decodeTranscript } from '../contract/record-codec.ts';

const LINE_FEED = 10;

/** Bytes: no text of V8's is longer, so no run wrote such a line. */
const LONGEST_LINE = 2 ** 29 - 25;

/** Hears of a last line without its line feed, which a crash left half: it is no data, and the place says which. */
export type OnHalfLine = (where: string) => void;

/** Hears from which of several files the next record is. */
export type OnFile = (path: string) => void;

/**
 * The records of a file, in the order they were appended; of several files (one a load worker) in the order in which requests
 * ended, as one process would have appended them. A missing file has none.
 */
export async function* readRecords(
  paths: string | readonly string[],
  onHalfLine?: OnHalfLine,
  onFile?: OnFile,
): AsyncGenerator<RunRecord> {
  const files = [paths].flat().map((path) => new OneFile(path, onHalfLine));
  for (const file of files) await file.next();
  for (let first = earliest(files); first?.record !== undefined; first = earliest(files)) {
    onFile?.(first.path);
    yield first.record;
    await first.next();
  }
}

/** A file of records and the first of them that is not yet taken. */
class OneFile {
  readonly path: string;
  readonly #lines: AsyncGenerator<{ line: string; where: string }>;
  record: RunRecord | undefined;
  /** When the record's request ended; one that does not say comes with the one before it. */
  endedAt = Number.NEGATIVE_INFINITY;

  constructor(path: string, onHalfLine?: OnHalfLine) {
    this.path = path;
    this.#lines = lines(path, onHalfLine);
  }

  async next(): Promise<void> {
    const { done, value } = await this.#lines.next();
    this.record = done ? undefined : decodeRecord(value.line, value.where);
    this.endedAt = done ? Number.POSITIVE_INFINITY : (this.record?.times.done ?? this.endedAt);
  }
}

function earliest(files: readonly OneFile[]): OneFile | undefined {
  return files.reduce(
    (first, file) => (first !== undefined && first.endedAt <= file.endedAt ? first : file),
    files[0],
  );
}

/** The transcripts of a predictions file, in the order they were appended. A missing file has none. */
export async function* readTranscripts(path: string, onHalfLine?: OnHalfLine): AsyncGenerator<Transcript> {
  for await (const { line, where } of lines(path, onHalfLine)) yield decodeTranscript(line, where);
}

/** Lines and their numbers, blank ones left out. A missing file has none. */
export function readLines(path: string): AsyncGenerator<{ readonly line: string; readonly where: string }> {
  return lines(path);
}

/** The same of a file that another tool wrote or a person edited: its last line may lack the line feed. */
export function readForeignLines(
  path: string,
): AsyncGenerator<{ readonly line: string; readonly where: string }> {
  return lines(path, undefined, true);
}

/** Lines end with a line feed only: `node:readline` would also end them at the U+2028 that answers may hold. */
async function* lines(
  path: string,
  onHalfLine?: OnHalfLine,
  lastWithoutFeed = false,
): AsyncGenerator<{ line: string; where: string }> {
  if (!existsSync(path)) return;
  let number = 1;
  let begun: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const line = Buffer.concat([...begun, chunk.subarray(start, end)]).toString('utf8');
      if (line.trim() !== '') yield { line, where: `${path}:${number}` };
      number += 1;
      begun = [];
      length = 0;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    begun.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE) throw endless(`${path}:${number}`);
  }
  if (begun.length === 0) return;
  const line = Buffer.concat(begun).toString('utf8');
  if (!lastWithoutFeed) onHalfLine?.(`${path}:${number}`);
  else if (line.trim() !== '') yield { line, where: `${path}:${number}` };
}

function endless(where: string): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `this line has more than ${LONGEST_LINE} bytes`, {
    where,
    cure: 'take the line out: no run wrote it',
  });
}

/**
 * Of a file that several sessions of a run appended to, what counts: of each case the requests of its last attempt, in the
 * file's order. A case sends its requests one after the other, so one that it has sent before begins a new attempt.
 * `read` is called twice: memory holds keys, never texts.
 */
export async function* lastAttempts<T extends { readonly call: CallRef }>(
  read: () => AsyncIterable<T>,
): AsyncGenerator<T> {
  const attempts = new Map<string, { readonly from: number; readonly keys: Set<string> }>();
  let n = 0;
  for await (const { call } of read()) {
    const key = requestKey(call);
    const attempt = attempts.get(call.id);
    if (attempt === undefined || attempt.keys.has(key))
      attempts.set(call.id, { from: n, keys: new Set([key]) });
    else attempt.keys.add(key);
    n += 1;
  }
  n = 0;
  for await (const item of read()) {
    if (n >= attempts.get(item.call.id)!.from) yield item;
    n += 1;
  }
}

/** The last attempts of the cases that the plan has; all of a file that one session alone wrote, where no `ids` are given. */
export async function* attemptsOf<T extends { readonly call: CallRef }>(
  read: () => AsyncIterable<T>,
  ids: ReadonlySet<string> | undefined,
): AsyncGenerator<T> {
  if (ids === undefined) yield* read();
  else for await (const item of lastAttempts(read)) if (ids.has(item.call.id)) yield item;
}
