import type { Readable } from 'node:stream';

/** The first `most` bytes of a stream as text, once it has ended; the rest is read and dropped, so that nobody waits. */
export async function cappedText(stream: Readable, most: number): Promise<string> {
  const kept: Buffer[] = [];
  let room = most;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (room === 0) continue;
    const part = chunk.subarray(0, room);
    kept.push(Buffer.from(part));
    room -= part.length;
  }
  return Buffer.concat(kept).toString('utf8');
}
