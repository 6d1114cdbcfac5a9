import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import type { TerminalOptions } from '../../report/terminal.ts';
import { wrap } from '../../report/text.ts';

/** Returns how tables may look on standard output: colours on a terminal without `NO_COLOR`, and its width. */
export function terminalOptions(): TerminalOptions {
  const { stdout } = process;
  return { color: stdout.isTTY === true && !process.env['NO_COLOR'], width: stdout.columns ?? 80 };
}

/** Breaks text between words for a terminal, `indent` columns of whose first line are taken; elsewhere returns it as it is. */
export function fitted(text: string, stream: NodeJS.WriteStream, indent = 0): string {
  if (stream.isTTY !== true) return text;
  const width = Math.max(20, stream.columns - indent);
  return text
    .split('\n')
    .flatMap((line) => wrap(line, width))
    .join('\n');
}

/** Target of an export. */
export interface Output {
  write(content: string | Uint8Array): void;
}

/**
 * Lets `fill` write a file, or standard output when none is named. A file gets its name when it is complete. Throws
 * RUN-FILE-001 for a file that cannot be written, TMAN-CMD-001 for bytes on a terminal.
 */
export async function withOutput(
  { out, isBinary }: { readonly out?: string | undefined; readonly isBinary: boolean },
  fill: (output: Output) => Promise<void>,
): Promise<void> {
  if (out !== undefined) return toFile(out, fill);
  if (isBinary && process.stdout.isTTY) {
    throw new AisBenchError('TMAN-CMD-001', 'this format is binary, and standard output is a terminal', {
      where: '--out',
      cure: 'name a file, e.g. --out requests.parquet',
    });
  }
  let isRead = true;
  // The reader has left, as `head` does.
  const stop = () => (isRead = false);
  process.stdout.on('error', stop);
  try {
    await fill({ write: (content) => void (isRead && process.stdout.write(content)) });
  } finally {
    process.stdout.off('error', stop);
  }
}

async function toFile(path: string, fill: (output: Output) => Promise<void>): Promise<void> {
  const part = `${path}.part`;
  const file = attempt(path, () => openSync(part, 'w'));
  try {
    await fill({ write: (content) => attempt(path, () => writeWhole(file, content)) });
  } catch (error) {
    closeSync(file);
    rmSync(part, { force: true });
    throw error;
  }
  closeSync(file);
  try {
    attempt(path, () => renameSync(part, path));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** Makes the error of a file that a flag names, e.g. `--out table.csv`. */
export function cannotWrite(where: string, cause: unknown): AisBenchError {
  return new AisBenchError('RUN-FILE-001', `the file cannot be written: ${messageOf(cause)}`, {
    where,
    cure: 'name a file in a folder that exists and is writable',
    cause,
  });
}

/** A single write may be partial. */
function writeWhole(file: number, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw cannotWrite(`--out ${path}`, cause);
  }
}
