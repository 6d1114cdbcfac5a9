import { AisBenchError } from '../contract/errors.ts';

/** A config file as text. */
export interface ConfigSource {
  readonly path: string;
  readonly text: string;
}

/** A place in a file: offset in UTF-16 units. */
export interface SourcePlace {
  readonly source: ConfigSource;
  readonly at: number;
}

/** Limits for one config with everything that it imports. The largest of AISBench's take a few percent of them. */
export const LIMITS = {
  /** Expressions, statements and items that are evaluated. */
  steps: 1_000_000,
  /** Bytes made in all, freed ones counted too: 16 an item or key, 2 a character. */
  bytes: 64 * 1024 * 1024,
  /** How deep expressions, calls and values lie in each other. */
  depth: 500,
  /** Characters of one file. */
  fileLength: 1024 * 1024,
  /** Files that one config imports, directly or not. */
  files: 500,
} as const;

/** `line:column` of an offset, both from 1; columns are counted in characters. */
export function lineAndColumn({ source, at }: SourcePlace): { line: number; column: number } {
  const before = source.text.slice(0, at);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: [...before.slice(start)].length + 1 };
}

/** What to do about Python that a config may not hold. */
export const MAY_COMPUTE =
  'a Python config is read, not run: keep to data, or use a TypeScript config, which may compute';

/** Makes the error for a place in a config. */
export function unreadable({ source, at }: SourcePlace, why: string, cure: string): AisBenchError {
  const { line, column } = lineAndColumn({ source, at });
  return new AisBenchError('TMAN-CFG-001', `this config cannot be read: ${why}`, {
    where: `${source.path}:${line}:${column}`,
    cure,
  });
}

/** An error that Python would raise too, so that `try` may take it; every other error is a refusal of ours and passes through. */
export class PythonFailure extends AisBenchError {
  /** What happened, alone. */
  readonly why: string;
  /** Python's class of it, e.g. `KeyError`; undefined where it is not known here. */
  readonly kind: string | undefined;
  /** What `str()` of it gives; undefined where Python's wording is not known here. */
  readonly text: string | undefined;

  constructor(place: SourcePlace, message: string, kind: string | undefined, text: string | undefined) {
    const { message: shown, where, cure } = unreadable(place, message, 'correct the file at that place');
    super('TMAN-CFG-001', shown, { where, cure });
    this.why = message;
    this.kind = kind;
    this.text = text;
  }
}

/** Where an evaluation is, to go on from after an error. */
interface MachineMark {
  readonly place: SourcePlace;
  readonly depth: number;
}

/** The evaluation's current place, and the steps and bytes it has used. */
export class Machine {
  source: ConfigSource;
  at = 0;
  /** Errors that handlers are at work on, the innermost last: what a bare `raise` raises again. */
  readonly handled: PythonFailure[] = [];
  #steps = 0;
  #bytes = 0;
  #depth = 0;

  constructor(source: ConfigSource) {
    this.source = source;
  }

  get place(): SourcePlace {
    return { source: this.source, at: this.at };
  }

  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > LIMITS.steps) this.refuse(`it takes more than ${LIMITS.steps} steps`, TOO_MUCH);
  }

  /** Bytes about to be made. */
  allocate(bytes: number): void {
    this.#bytes += bytes;
    if (!(this.#bytes <= LIMITS.bytes))
      this.refuse(`it needs more than ${LIMITS.bytes / 1024 / 1024} MiB`, TOO_MUCH);
  }

  items(count: number): void {
    this.step(count);
    this.allocate(16 * count);
  }

  text(length: number): void {
    this.step(Math.ceil(length / 64));
    this.allocate(2 * length);
  }

  /** Runs an action one level deeper. */
  deeper<T>(action: () => T): T {
    this.#depth += 1;
    if (this.#depth > LIMITS.depth) this.refuse(`it nests deeper than ${LIMITS.depth} levels`, TOO_MUCH);
    const result = action();
    this.#depth -= 1;
    return result;
  }

  /** Marks the current place; `goOnFrom` returns to it after an error was caught. */
  mark(): MachineMark {
    return { place: this.place, depth: this.#depth };
  }

  goOnFrom({ place: { source, at }, depth }: MachineMark): void {
    this.source = source;
    this.at = at;
    this.#depth = depth;
  }

  /** An error that Python would raise too: `kind` is its class where that is known, `text` its wording. */
  fail(message: string, kind?: string, text?: string): never {
    throw new PythonFailure(this.place, message, kind, text);
  }

  /** Something Python could do and a config may not. */
  refuse(what: string, cure: string): never {
    throw unreadable(this.place, what, cure);
  }
}

const TOO_MUCH = 'write the data out, or use a TypeScript config, which may compute';
