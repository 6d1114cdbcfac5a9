import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AisBenchError, messageOf } from '../errors.ts';
import { makeFolders } from './make-folders.ts';
import { type Redactor, redactJson } from './redact.ts';

/** Lines wait at most this long before they are in the file: what a crash may lose. */
const FLUSH_EVERY_MS = 500;
const FLUSH_AT_CHARACTERS = 256 * 1024;

const LINE_FEED = 10;

/** Appends JSON lines to a file, whole lines only, at most half a second late. */
export class LineAppender {
  readonly path: string;
  readonly #redact: Redactor;
  readonly #fd: number;
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #failure: AisBenchError | undefined;

  /** Opens the file; a half line that a crash left at its end is cut off, or the next line would be glued to it. */
  constructor(path: string, redact: Redactor) {
    this.path = path;
    this.#redact = redact;
    try {
      makeFolders(dirname(path));
      this.#fd = openSync(path, 'a+');
      cutHalfLine(this.#fd);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  append(line: string): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#pending += `${redactJson(line, this.#redact)}\n`;
    if (this.#pending.length >= FLUSH_AT_CHARACTERS) this.flush();
    else this.#timer ??= setTimeout(() => this.#write(), FLUSH_EVERY_MS);
  }

  flush(): void {
    this.#write();
    if (this.#failure !== undefined) throw this.#failure;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#fd);
    }
  }

  /** Nobody could catch what a timer throws, so a failure is kept for the next caller; nothing is written after it. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending === '' || this.#failure !== undefined) return;
    const bytes = Buffer.from(this.#pending, 'utf8');
    this.#pending = '';
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
    } catch (cause) {
      this.#failure = unwritable(this.path, cause);
    }
  }
}

/** Cuts off what stands after the last line feed. */
export function cutHalfLine(fd: number): void {
  const { size } = fstatSync(fd);
  const whole = endOfLastLine(fd, size);
  if (whole < size) ftruncateSync(fd, whole);
}

/** Bytes up to and with the last line feed, looked for from the end. */
function endOfLastLine(fd: number, size: number): number {
  const block = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - block.length);
    const read = readSync(fd, block, 0, end - start, start);
    const lineFeed = block.subarray(0, read).lastIndexOf(LINE_FEED);
    if (lineFeed !== -1) return start + lineFeed + 1;
    end = start;
  }
  return 0;
}

export function unwritable(path: string, cause: unknown): AisBenchError {
  return new AisBenchError('RUN-FILE-001', `cannot write: ${messageOf(cause)}`, {
    where: path,
    cure: 'free space or give another folder with --work-dir',
    cause,
  });
}
