/** A line of a stream of bytes, without its line feed. */
export interface ByteLine {
  readonly bytes: Buffer;
  /** Where it begins, in bytes from the start of the stream. */
  readonly at: number;
  /** Counted from 1. */
  readonly number: number;
}

const LINE_FEED = 10;

/** Bytes: no text of V8's is longer. */
export const LONGEST_LINE: number = 2 ** 29 - 25;

/**
 * Yields the lines of a stream, however it is cut; the last one may lack its line feed, and an empty rest is not a line.
 * No more is held than a line. Throws what `refuse` makes of the number of a line that is longer than `LONGEST_LINE`.
 */
export async function* byteLines(
  chunks: AsyncIterable<Buffer>,
  refuse: (number: number) => Error,
): AsyncGenerator<ByteLine> {
  let begun: Buffer[] = [];
  let [at, length, number] = [0, 0, 1];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const bytes = Buffer.concat([...begun, chunk.subarray(start, end)]);
      yield { bytes, at, number };
      at += bytes.length + 1;
      begun = [];
      length = 0;
      number += 1;
      start = end + 1;
    }
    if (start === chunk.length) continue;
    begun.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > LONGEST_LINE) throw refuse(number);
  }
  if (begun.length > 0) yield { bytes: Buffer.concat(begun), at, number };
}
