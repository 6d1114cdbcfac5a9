import type { Failure } from '../contract/record.ts';
import type { Deadlines } from './deadlines.ts';
import { CancelledError } from './failure.ts';
import { whenAborted } from './when-aborted.ts';

/** What a model class's promise has, once the run is stopped, to settle with what it holds already. */
const GRACE_MS = 100;

/** Neither settled nor failed: the model class keeps us waiting. */
export class UnsettledError extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super(reason.message, { cause: reason });
    this.reason = reason;
  }

  /** A method that never settles is a bug of its class; a run that is stopped is none. */
  failure(method: string): Failure {
    return this.reason instanceof CancelledError
      ? { kind: 'cancelled', message: this.message }
      : { kind: 'model-bug', message: `${method} has not settled: ${this.message}` };
  }
}

/**
 * Waits for a model class's promise, at most until the total limit of its request (counted from `since`) or the end of the
 * run; then rejects with an UnsettledError. A class that never settles must not hold the run.
 */
export function inTime<T>(
  work: Promise<T>,
  since: number,
  { deadlines, signal }: { readonly deadlines: Deadlines; readonly signal: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const giveUp = (reason: Error) => {
      stopWaiting();
      reject(new UnsettledError(reason));
    };
    const watch = deadlines.watch(since, false, giveUp);
    const onAbort = () => {
      grace = setTimeout(() => giveUp(new CancelledError('the run was stopped')), GRACE_MS);
    };
    const stopWaiting = () => {
      watch.stop();
      clearTimeout(grace);
      forget();
    };
    const forget = whenAborted(signal, onAbort);
    if (signal.aborted) onAbort();
    work.finally(stopWaiting).then(resolve, reject);
  });
}
