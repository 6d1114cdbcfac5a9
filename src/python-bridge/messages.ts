/** Bytes of a line that is longer than any reply: it is refused before it fills the memory. */
const LONGEST_LINE = 256 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Cuts a stream of bytes into the JSON objects of its lines. */
export class JsonLines {
  #pieces: Buffer[] = [];
  #length = 0;

  /** The objects that these bytes complete, then, where a line is no JSON object, an Error that quotes it is thrown. */
  *push(bytes: Buffer): Generator<Readonly<Record<string, unknown>>, void> {
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...this.#pieces, bytes.subarray(from, end)]).toString('utf8');
      this.#pieces = [];
      this.#length = 0;
      from = end + 1;
      yield parseMessage(line);
    }
    this.#keep(bytes.subarray(from));
  }

  #keep(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#pieces.push(rest);
    this.#length += rest.length;
    if (this.#length > LONGEST_LINE) throw new Error(`a line without an end: ${this.#length} bytes`);
  }
}

function parseMessage(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new Error(`what is no message: ${JSON.stringify(line.slice(0, 200))}`);
}

/** What Python raised in answer to a request; the worker lives. */
export class PythonError extends Error {
  override readonly name = 'PythonError';
  /** The exception's class. */
  readonly type: string;
  /** The package to install with pip, where one is missing. */
  readonly requirement: string | undefined;
  /** What to do about it, where Python knows. */
  readonly cure: string | undefined;

  constructor(reported: Readonly<Record<string, unknown>>) {
    super(`${reported['type']}: ${reported['message']}`);
    this.type = String(reported['type']);
    this.requirement = typeof reported['requirement'] === 'string' ? reported['requirement'] : undefined;
    this.cure = typeof reported['cure'] === 'string' ? reported['cure'] : undefined;
    // What is kept of an error is its stack: Python's says where it happened.
    this.stack = String(reported['traceback']);
  }
}

/** The worker is gone, or was ended because it could not be talked to any more. */
export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
  /** The end of what it printed. */
  readonly lastWords: string;

  constructor(how: string, lastWords: string, lastLine: string) {
    super(`the Python worker ${how}${lastLine === '' ? '' : `; its last words: ${lastLine}`}`);
    this.lastWords = lastWords;
    this.stack = `${this.message}\n${lastWords}`;
  }
}
