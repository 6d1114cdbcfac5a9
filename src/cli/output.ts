import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { AisBenchError, messageOf } from '../contract/errors.ts';

/** Where an export goes. */
export interface Output {
  write(content: string | Uint8Array): void;
}

/**
 * Hands `fill` a file, or standard output where none is named. A file is there when it is whole, and not before. Throws
 * RUN-FILE-001 where it cannot be written, TMAN-CMD-001 for bytes on a terminal.
 */
export async function withOutput(
  { out, isBinary }: { readonly out?: string | undefined; readonly isBinary: boolean },
  fill: (output: Output) => Promise<void>,
): Promise<void> {
  if (out !== undefined) return toFile(out, fill);
  if (isBinary && process.stdout.isTTY) {
    throw new AisBenchError('TMAN-CMD-001', 'this format is no text, and standard output is a terminal', {
      where: '--out',
      cure: 'name a file, e.g. --out requests.parquet',
    });
  }
  let heard = true;
  // Whoever reads us has seen enough, as `head` has.
  const left = () => (heard = false);
  process.stdout.on('error', left);
  try {
    await fill({ write: (content) => void (heard && process.stdout.write(content)) });
  } finally {
    process.stdout.off('error', left);
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

/** The error of a file that a flag named, e.g. `--out table.csv`. */
export function cannotWrite(where: string, cause: unknown): AisBenchError {
  return new AisBenchError('RUN-FILE-001', `the file cannot be written: ${messageOf(cause)}`, {
    where,
    cure: 'name a file in a folder that is there and may be written',
    cause,
  });
}

/** One write may take a part only. */
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
