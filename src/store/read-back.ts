import { createReadStream, existsSync } from 'node:fs';
import type { RunRecord, Transcript } from '../record.ts';
import { decodeRecord } from '../record-codec.ts';
import { decodeTranscript } from '../transcript-codec.ts';

const LINE_FEED = 10;

/** Hears of a last line without its line feed, which a crash left half: it is no data, and the place says which. */
export type OnHalfLine = (where: string) => void;

/** The records of a file, in the order they were appended. A missing file has none. */
export async function* readRecords(path: string, onHalfLine?: OnHalfLine): AsyncGenerator<RunRecord> {
  for await (const { line, where } of lines(path, onHalfLine)) yield decodeRecord(line, where);
}

/** The transcripts of a predictions file, in the order they were appended. A missing file has none. */
export async function* readTranscripts(path: string, onHalfLine?: OnHalfLine): AsyncGenerator<Transcript> {
  for await (const { line, where } of lines(path, onHalfLine)) yield decodeTranscript(line, where);
}

/** Lines end with a line feed only: `node:readline` would also end them at the U+2028 that answers may hold. */
async function* lines(
  path: string,
  onHalfLine?: OnHalfLine,
): AsyncGenerator<{ line: string; where: string }> {
  if (!existsSync(path)) return;
  let number = 1;
  let begun: Buffer[] = [];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const line = Buffer.concat([...begun, chunk.subarray(start, end)]).toString('utf8');
      if (line.trim() !== '') yield { line, where: `${path}:${number}` };
      number += 1;
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  }
  if (begun.length > 0) onHalfLine?.(`${path}:${number}`);
}
