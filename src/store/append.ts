/** Writes files of a run: whole lines appended, whole files replaced. */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type Redactor, redactJson } from './redact.ts';

/**
 * Makes a folder and those above it, one level at a time: below `/proc`, where nothing can be made, Node's recursive `mkdir`
 * never returns. Throws as `mkdirSync` does.
 */
export function makeFolders(path: string): void {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder); folder = dirname(folder)) missing.push(folder);
  for (const folder of missing.reverse()) makeFolder(folder);
}

/** Makes one folder; false where it is there already. */
export function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** Lines wait at most this long before they are in the file: what a crash may lose. */
const FLUSH_EVERY_MS = 500;
const FLUSH_AT_CHARACTERS = 256 * 1024;

const LINE_FEED = 10;

/** A link is not followed, where the system can refuse it: what is appended would land in another file. */
const APPEND = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/** Appends JSON lines to a file, whole lines only, at most half a second late. */
export class LineAppender {
  readonly path: string;
  readonly #redact: Redactor;
  readonly #first: LineAppender | undefined;
  readonly #fd: number;
  #pending = '';
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  #failure: AisBenchError | undefined;

  /**
   * Opens the file; a half line that a crash left at its end is cut off, or the next line would be glued to it. What was
   * appended to `first` is in its file before any line that was appended here later.
   */
  constructor(path: string, redact: Redactor, first?: LineAppender) {
    this.path = path;
    this.#redact = redact;
    this.#first = first;
    try {
      makeFolders(dirname(path));
      this.#fd = openSync(path, APPEND);
      cutHalfLine(this.#fd);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  append(line: string): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#pending += `${redactJson(line, this.#redact)}\n`;
    // At the end of this turn and not now: what is appended in one turn is written together.
    if (this.#pending.length >= FLUSH_AT_CHARACTERS) this.#soon ??= setImmediate(() => this.#write());
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

  /** What a timer throws cannot be caught, so a failure is kept for the next caller; nothing is written after it. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    clearImmediate(this.#soon);
    this.#soon = undefined;
    if (this.#pending === '' || this.#failure !== undefined) return;
    const bytes = Buffer.from(this.#pending, 'utf8');
    this.#pending = '';
    try {
      this.#first?.flush();
      let written = 0;
      while (written < bytes.length) written += writeSync(this.#fd, bytes, written);
    } catch (cause) {
      this.#failure = cause instanceof AisBenchError ? cause : unwritable(this.path, cause);
    }
  }
}

/** Cuts off what follows the last line feed. */
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

/**
 * Writes a file whose reader never sees half of it: it is written beside and then renamed. A link in its place is replaced, not
 * followed. Throws RUN-FILE-001.
 */
export function writeWhole(path: string, text: string): void {
  const part = `${path}.part`;
  try {
    makeFolders(dirname(path));
    rmSync(part, { force: true });
    writeFileSync(part, text, { flag: 'wx' });
    renameSync(part, path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}
