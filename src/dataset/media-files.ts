/** Files that rows name, which may be put into requests. */
import { fileURLToPath } from 'node:url';
import { AisBenchError } from '../contract/errors.ts';
import { LARGEST_INLINE_BYTES } from '../contract/prompt-list.ts';
import { liesBelow } from './locate.ts';
import { badRow, bytesOf } from './read.ts';

/** A file that a row names, and where. */
export interface NamedFile {
  /** Its `file:` URL. */
  readonly url: string;
  readonly where: string;
  /** It will be put into a request. */
  readonly isInlined: boolean;
}

/**
 * Tells before anything is sent what would fail its request: a file that is not there or lies below none of `roots` (DSET-FILE-001), and one
 * that is too large (DSET-DATA-002).
 */
export async function checkMediaFile(
  { url, where, isInlined }: NamedFile,
  roots: readonly string[],
): Promise<void> {
  const path = fileURLToPath(url);
  const bytes = await bytesOf(path);
  if (bytes === undefined) {
    throw new AisBenchError('DSET-FILE-001', `the file '${path}' is not there`, {
      where,
      cure: 'correct its path: a relative one is looked for beside the dataset file',
    });
  }
  if (isInlined && !(await liesBelow(path, roots))) {
    throw new AisBenchError('DSET-FILE-001', `the file '${path}' lies outside of the folder of the data`, {
      where,
      cure: "name its folder as the dataset config's media_root if it may be sent to the service, or move it",
    });
  }
  if (isInlined && bytes > LARGEST_INLINE_BYTES) {
    const [size, most] = [bytes, LARGEST_INLINE_BYTES].map((one) => Math.floor(one / 2 ** 20));
    throw badRow(where, `'${path}' has ${size} MiB, and a request takes a file of ${most} MiB at most`);
  }
}
