/**
 * How records lie on disk: one JSON object a line, times in milliseconds with microseconds kept; those of another tool's run
 * are kept as exactly as it kept them, so that its own numbers can be computed again.
 *
 * Events are packed: `at` holds the first arrival and then gaps, in whole microseconds; `kind` is a letter an event;
 * `tokens` and `shared` are left out when they say nothing.
 */
import { AisBenchError } from './errors.ts';
import {
  type CallRef,
  type EventLog,
  type Failure,
  isTokenCount,
  type RunRecord,
  type Times,
  type TokenCount,
  type Transcript,
} from './record.ts';

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

/** Returns a record as a line of the record file. */
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
  const { v: _version, times, ...fields } = data;
  const record = { ...('agent' in fields ? withWorker(fields) : fields), times: decodeTimes(times, where) };
  const problem = findProblem(record);
  if (problem !== undefined) throw unreadable(where, problem);
  return record as unknown as RunRecord;
}

function decodeTimes(packed: unknown, where: string): Partial<Times> {
  try {
    return unpackTimes(packed as Record<string, unknown>);
  } catch (cause) {
    throw unreadable(where, 'its times are malformed', cause);
  }
}

/** Versions up to 7e3bceb call the worker `agent`. */
function withWorker({ agent, ...fields }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...fields, worker: agent };
}

/** Returns what is wrong with a record of a file that may come from anywhere, before anything is computed from it. */
function findProblem(
  record: Readonly<Record<string, unknown>> & { readonly times: Partial<Times> },
): string | undefined {
  const { outcome, call, attempt, earlier, failure, worker, times, inputTokens, outputTokens } = record;
  if (outcome !== 'ok' && outcome !== 'failed') return 'it has no outcome';
  if (!isCall(call)) return 'its call is malformed';
  if (!Number.isInteger(attempt) || !Array.isArray(earlier) || !earlier.every(isFailure))
    return 'its attempts are malformed';
  if (worker !== undefined && typeof worker !== 'string') return 'its worker has no name';
  if (outcome === 'failed') return isFailure(failure) ? undefined : 'its failure is malformed';
  if (times.sent === undefined || times.done === undefined || times.events === undefined)
    return 'it lacks times';
  const counts = ['cachedTokens', 'reasoningTokens', 'exactLength', 'lengthLimit'].map((key) => record[key]);
  const isWhole = counts.every((count) => count === undefined || isTokenCount(count));
  return isWhole && isCount(inputTokens) && isCount(outputTokens)
    ? undefined
    : 'its token counts are malformed';
}

function isCall(value: unknown): value is CallRef {
  const { id, model, dataset, index, repetition } = (value ?? {}) as Record<string, unknown>;
  const isNamed = typeof id === 'string' && typeof model === 'string' && typeof dataset === 'string';
  return isNamed && Number.isInteger(index) && Number.isInteger(repetition);
}

function isFailure(value: unknown): value is Failure {
  const { kind, message } = (value ?? {}) as Record<string, unknown>;
  return typeof kind === 'string' && typeof message === 'string';
}

function isCount(value: unknown): value is TokenCount | undefined {
  if (value === undefined) return true;
  const { value: count, source } = (value ?? {}) as Record<string, unknown>;
  return typeof count === 'number' && typeof source === 'string';
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
  if (sharedRead.includes(1)) packed.shared = packBits(sharedRead);
  return packed;
}

function wholly(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}

function exactly(milliseconds: number): number {
  return milliseconds * 1000;
}

function packBits(flags: Uint8Array): string {
  const digits = Buffer.allocUnsafe(flags.length);
  for (let n = 0; n < flags.length; n++) digits[n] = ZERO + flags[n]!;
  return digits.toString('latin1');
}

function unpackTimes(packed: Record<string, unknown>): Partial<Times> {
  const { events, ...times } = packed;
  if (Object.values(times).some((time) => typeof time !== 'number')) throw new Error('a time is no number');
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
  if (!Number.isFinite(microseconds)) throw new Error('a time of an event is no number');
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

/**
 * Returns a transcript as a line of the predictions file, which has a line for each question, each turn of a dialogue
 * (they share their uuid) and each choice between labels, with AISBench's fields (§7.2: data_abbr, id, success, uuid,
 * origin_prompt, prediction, gold, turn_id; a choice has `details.ppl_list`), then ours. AISBench joins reasoning and answer with
 * `</think>` into `prediction`; so do we, and keep both apart beside it.
 */
export function encodeTranscript(transcript: Transcript): string {
  const { call, prompt, content, reasoningContent, gold, ...rest } = transcript;
  return JSON.stringify({
    data_abbr: call.dataset,
    id: call.index,
    success: transcript.success,
    uuid: call.id,
    origin_prompt: prompt,
    prediction: joinPrediction(content, reasoningContent),
    gold,
    source: rest.source,
    model: call.model,
    repetition: call.repetition,
    turn_id: call.turn,
    turns: call.turns,
    content,
    reasoning_content: reasoningContent,
    tool_calls: rest.toolCalls,
    finish_reason: rest.finishReason,
    failure: rest.failure,
    details: rest.details,
  });
}

/** Reads one line of the predictions file. Throws RUN-DATA-001 naming `where` (file:line). */
export function decodeTranscript(line: string, where: string): Transcript {
  try {
    const data = JSON.parse(line);
    if (typeof data.uuid !== 'string' || typeof data.content !== 'string') {
      throw new TypeError('it has no uuid or no content');
    }
    return {
      call: {
        id: data.uuid,
        model: data.model,
        dataset: data.data_abbr,
        index: data.id,
        repetition: data.repetition,
        ...(data.turn_id === undefined ? {} : { turn: data.turn_id }),
        ...(data.turns === undefined ? {} : { turns: data.turns }),
      },
      success: data.success,
      prompt: data.origin_prompt,
      content: data.content,
      reasoningContent: data.reasoning_content,
      toolCalls: data.tool_calls,
      finishReason: data.finish_reason,
      gold: data.gold,
      ...(data.source === undefined ? {} : { source: data.source }),
      failure: data.failure,
      details: data.details,
    };
  } catch (cause) {
    throw new AisBenchError('RUN-DATA-001', 'this line is not a prediction', {
      where,
      cure: 'use the version of the tool that wrote it, or take the line out',
      cause,
    });
  }
}

function joinPrediction(content: string, reasoning: string): string {
  if (reasoning === '') return content;
  return content === '' ? reasoning : `${reasoning}</think>${content}`;
}
