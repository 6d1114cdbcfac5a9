import { AisBenchError, messageOf } from '../contract/errors.ts';

/**
 * Reads finished runs, which may come from anybody: a value that no run writes, and that nobody can compute with, becomes
 * RUN-DATA-001 instead of a crash.
 */
export async function readingRuns<T>(folders: readonly string[], read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const isOfData =
      cause instanceof TypeError || cause instanceof RangeError || cause instanceof SyntaxError;
    if (!isOfData) throw cause;
    throw new AisBenchError(
      'RUN-DATA-001',
      `a file of this run holds what no run writes: ${messageOf(cause)}`,
      {
        where: folders.join(', '),
        cure: 'get the folder again, as the run left it; of an untouched folder report this as a bug',
        cause,
      },
    );
  }
}
