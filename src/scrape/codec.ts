/** Readings as lines of `server-metrics.jsonl`. */
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { TimedReading } from './summary.ts';

/** Changes when an old line can no longer be read as a new one. */
const FORMAT = 1;

/** Whose load went on when a reading was taken. */
export interface ReadingOf {
  readonly model: string;
  readonly dataset: string;
}

export function encodeReading(of: ReadingOf, reading: TimedReading): string {
  return JSON.stringify({ v: FORMAT, ...of, ...reading });
}

/** Throws RUN-DATA-001 naming `where`. */
export function decodeReading(line: string, where: string): ReadingOf & TimedReading {
  try {
    const { v, ...reading } = JSON.parse(line) as { v?: unknown } & ReadingOf & TimedReading;
    if (v === FORMAT) return reading;
    throw new Error(`it is of format ${String(v)}, and this version reads ${FORMAT}`);
  } catch (cause) {
    throw new AisBenchError('RUN-DATA-001', `a line of server metrics cannot be read: ${messageOf(cause)}`, {
      where,
      cure: 'delete the line, or take the file from the run again',
      cause,
    });
  }
}
