/**
 * How records lie on disk: one JSON object a line, times in milliseconds with microseconds kept; those of another tool's run
 * are kept as exactly as it kept them, so that its own numbers can be computed again.
 *
 * Events are packed: `at` holds the first arrival and then gaps, in whole microseconds; `kind` is a letter an event;
 * `tokens` and `shared` are left out when they say nothing.
 */
import { AisBenchError } from './errors.ts';
import type { EventLog, FailedRecord, OkRecord, RunRecord, Times } from './record.ts';

/** Format of the record file; a reader refuses what it does not know. */
const RECORD_VERSION = 1;

/** Letters of `EVENT_KINDS`, in its order. */
const KIND_LETTERS = 'rctgfueox';

interface PackedEvents {
  at: number[];
  kind: string;
  tokens?: number[];
  shared?: string;
}

export function encodeRecord(record: RunRecord): string {
  const { times, ...rest } = record;
  return JSON.stringify({ v: RECORD_VERSION, ...rest, times: packTimes(times) });
}

/** A record of another tool's run: nothing of its times is rounded. */
export function encodeExactly(record: RunRecord): string {
  const { times, ...rest } = record;
  const { events, ...instants } = times;
  const packed = events === undefined ? instants : { ...instants, events: packEvents(events, exactly) };
  return JSON.stringify({ v: RECORD_VERSION, ...rest, times: packed });
}

/** Reads one line. `where` (file:line) goes into the error. */
export function decodeRecord(line: string, where: string): RunRecord {
  const data = parseLine(line, where);
  if (data['v'] !== RECORD_VERSION) {
    throw unreadable(
      where,
      `its format version is ${JSON.stringify(data['v'])}, this tool reads ${RECORD_VERSION}`,
    );
  }
  const { v: _version, times, ...rest } = data;
  if (rest['outcome'] !== 'ok' && rest['outcome'] !== 'failed') {
    throw unreadable(where, 'it has no outcome');
  }
  try {
    return { ...rest, times: unpackTimes(times as Record<string, unknown>) } as unknown as
      | OkRecord
      | FailedRecord;
  } catch (cause) {
    throw unreadable(where, 'its times are malformed', cause);
  }
}

function parseLine(line: string, where: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(line);
    if (typeof data === 'object' && data !== null) return data as Record<string, unknown>;
  } catch (cause) {
    throw unreadable(where, 'it is not JSON', cause);
  }
  throw unreadable(where, 'it is not an object');
}

function unreadable(where: string, why: string, cause?: unknown): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `this line is not a record: ${why}`, {
    where,
    cure: 'use the version of the tool that wrote it, or take the line out',
    cause,
  });
}

function packTimes(times: Partial<Times>): Record<string, unknown> {
  const packed: Record<string, unknown> = {};
  for (const name of ['scheduled', 'sent', 'headers', 'done'] as const) {
    const value = times[name];
    if (value !== undefined) packed[name] = Math.round(value * 1000) / 1000;
  }
  if (times.events !== undefined) packed['events'] = packEvents(times.events);
  return packed;
}

const LETTER_CODES = Uint8Array.from(KIND_LETTERS, (letter) => letter.charCodeAt(0));
const ZERO = '0'.charCodeAt(0);

/** Written for speed: it runs for every event of a load, on the loop that stamps the next ones. */
function packEvents(
  { at: arrivals, kind: kinds, tokens, sharedRead }: EventLog,
  inMicroseconds = wholly,
): PackedEvents {
  const { length } = arrivals;
  const at = new Array<number>(length);
  const letters = Buffer.allocUnsafe(length);
  let previous = 0;
  let hasTokens = false;
  for (let n = 0; n < length; n++) {
    const microseconds = inMicroseconds(arrivals[n]!);
    at[n] = microseconds - previous;
    previous = microseconds;
    letters[n] = LETTER_CODES[kinds[n]!]!;
    hasTokens ||= tokens[n]! > 0;
  }
  const packed: PackedEvents = { at, kind: letters.toString('latin1') };
  if (hasTokens) packed.tokens = Array.from(tokens);
  if (sharedRead.includes(1)) packed.shared = bitsOf(sharedRead);
  return packed;
}

function wholly(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}

function exactly(milliseconds: number): number {
  return milliseconds * 1000;
}

function bitsOf(flags: Uint8Array): string {
  const digits = Buffer.allocUnsafe(flags.length);
  for (let n = 0; n < flags.length; n++) digits[n] = ZERO + flags[n]!;
  return digits.toString('latin1');
}

function unpackTimes(packed: Record<string, unknown>): Partial<Times> {
  const { events, ...times } = packed;
  return events === undefined ? times : { ...times, events: unpackEvents(events as PackedEvents) };
}

function unpackEvents(packed: PackedEvents): EventLog {
  const length = packed.at.length;
  const kind = Uint8Array.from(packed.kind, (letter) => KIND_LETTERS.indexOf(letter));
  if (kind.length !== length || kind.some((index) => index >= KIND_LETTERS.length)) {
    throw new Error('the event kinds do not fit the event times');
  }
  const at = new Float64Array(length);
  let microseconds = 0;
  for (let i = 0; i < length; i++) {
    microseconds += packed.at[i] as number;
    at[i] = microseconds / 1000;
  }
  return {
    at,
    kind,
    tokens: packed.tokens === undefined ? new Uint16Array(length) : Uint16Array.from(packed.tokens),
    sharedRead:
      packed.shared === undefined
        ? new Uint8Array(length)
        : Uint8Array.from(packed.shared, (bit) => Number(bit)),
  };
}
