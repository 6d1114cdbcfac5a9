/** The end of the command: what an error means to the shell, and output that is written whole before the process ends. */
import { CommanderError } from 'commander';
import { describeError, EXIT, toExitCode } from '../../contract/errors.ts';
import { type Redactor, redactor } from '../../store/redact.ts';

/** Signals that end a command: Ctrl-C, a supervisor, a closed terminal. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Errors of a stream whose reader has left (`| head`, a closed terminal): the run goes on, and its files are written. */
const READER_LEFT = new Set(['EPIPE', 'EIO', 'ECONNRESET']);

/** Makes an output stream that cannot be written fail the command, unless its reader has left. */
export function watchOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (!READER_LEFT.has(code)) process.exitCode = EXIT.failed;
    });
  }
}

/** Redactors of every plan that this process has read: an error outside of all runs is masked by each. */
const known = new Set<Redactor>();

/** Masks these secrets in errors that end this process. */
export function maskToo(secrets: Iterable<string>): void {
  known.add(redactor(secrets));
}

/** Takes every secret that this process has read out of a text. */
export function maskKnown(text: string): string {
  return [...known].reduce((clean, redact) => redact(clean), text);
}

/** Prints a thrown error and returns its exit code; commander has already printed its own errors. */
export function printError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  process.stderr.write(`${maskKnown(describeError(error))}\n`);
  return toExitCode(error);
}

/**
 * Waits until both outputs are written: a pipe takes 64 KiB at a time, and the rest is lost when the process ends. A stream
 * whose reader has left is done at once.
 */
export async function outputIsWritten(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
    ),
  );
}
