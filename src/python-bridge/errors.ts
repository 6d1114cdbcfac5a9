/** What Python raised in answer to a request; the worker lives. */
export class PythonError extends Error {
  override readonly name = 'PythonError';
  /** The exception's class. */
  readonly type: string;
  /** What pip has to be told to install, where a package is missing. */
  readonly requirement: string | undefined;

  constructor(told: Readonly<Record<string, unknown>>) {
    super(`${told['type']}: ${told['message']}`);
    this.type = String(told['type']);
    this.requirement = typeof told['requirement'] === 'string' ? told['requirement'] : undefined;
    // What is kept of an error is its stack: Python's says where it happened.
    this.stack = String(told['traceback']);
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
