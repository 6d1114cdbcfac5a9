/**
 * AISBench's rows as our records and transcripts. What AISBench did not keep stays absent: when a request was due, what an event
 * brought, the finish reason, which attempt it was; nothing is put in its place.
 */

import { z } from 'zod';
import { defined } from '../basics/defined.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import {
  type CallRef,
  EVENT_KINDS,
  type EventLog,
  type Failure,
  type RunRecord,
  type TokenCount,
  type Transcript,
} from '../contract/record.ts';
import { readForeignLines } from '../store/read-back.ts';

const UNKNOWN = EVENT_KINDS.indexOf('unknown');

/** One model on one dataset. */
export interface ImportedTaskName {
  readonly model: string;
  readonly dataset: string;
}

/** What a task's rows have in common. */
export interface TaskTiming extends ImportedTaskName {
  /** Its time points are arrivals of events; else the second one is the end of the reply. */
  readonly streamed: boolean;
  /** Seconds on the clock of the host that sent: the first request of the task. */
  readonly origin: number;
}

/** `points`: seconds; the first is when the request left. Undefined where they were not kept. */
export function toRecord(
  row: DetailRow,
  call: CallRef,
  points: Float64Array | undefined,
  { streamed, origin }: TaskTiming,
): RunRecord {
  const at = points?.map((point) => (point - origin) * 1000);
  const base = { call, attempt: 1, earlier: [], streamed };
  const sent = at?.[0];
  if (!row.success || sent === undefined) {
    const failure = row.success ? NO_POINTS : toFailure(row.error_info);
    const times = sent === undefined ? {} : { sent, ...toEvents(at!, streamed) };
    return { ...base, outcome: 'failed', times, failure };
  }
  return {
    ...base,
    outcome: 'ok',
    times: { sent, events: NO_EVENTS, ...toEvents(at!, streamed), done: at!.at(-1)! },
    ...toCount('inputTokens', row.input_tokens),
    ...toCount('outputTokens', row.output_tokens),
  };
}

/** AISBench counts such a row as failed, and so do we. */
const NO_POINTS: Failure = { kind: 'unknown', message: 'AISBench kept no time points of this request' };

const NO_EVENTS: EventLog = eventLog(new Float64Array());

function toEvents(at: Float64Array, streamed: boolean): { events?: EventLog } {
  return streamed ? { events: eventLog(at.slice(1)) } : {};
}

function eventLog(at: Float64Array): EventLog {
  return {
    at,
    kind: new Uint8Array(at.length).fill(UNKNOWN),
    tokens: new Uint16Array(at.length),
    sharedRead: new Uint8Array(at.length),
  };
}

/** AISBench writes 0 where the server gave no count. */
function toCount<N extends string>(
  name: N,
  value: number | null | undefined,
): Partial<Record<N, TokenCount>> {
  if (value === undefined || value === null || value === 0) return {};
  return { [name]: { value, source: 'server' } } as Partial<Record<N, TokenCount>>;
}

/** The texts of a request of a performance run. */
export function transcriptOfDetail(row: DetailRow, call: CallRef, success: boolean): Transcript {
  const details = { ...toObject(row.extra_perf_data), ...toObject(row.extra_details_data) };
  const rest = {
    failure: success ? undefined : row.success ? NO_POINTS : toFailure(row.error_info),
    details: Object.keys(details).length === 0 ? undefined : details,
  };
  return { ...toTexts(call, row.input, row.prediction), success, ...defined(rest) };
}

/** The texts of a request of an accuracy run. */
export function transcriptOfPrediction(row: PredictionRow, call: CallRef): Transcript {
  const { success, gold, ppl_list } = row;
  const rest = {
    failure: success ? undefined : toFailure(undefined),
    gold: gold ?? undefined,
    details: ppl_list === undefined ? undefined : { ppl_list },
  };
  return { ...toTexts(call, row.origin_prompt, row.prediction), success, ...defined(rest) };
}

/** A request that AISBench lists apart, as failed. */
export function failedTranscript(row: FailedRow, call: CallRef): Transcript {
  return { ...toTexts(call, row.input, ''), success: false, failure: toFailure(row.error_info) };
}

/** Makes the record of a request that AISBench lists as failed. */
export function failedRecord(row: FailedRow, call: CallRef, streamed: boolean): RunRecord {
  const base = { call, attempt: 1, earlier: [], streamed };
  return { ...base, outcome: 'failed', times: {}, failure: toFailure(row.error_info) };
}

/** AISBench joins reasoning and answer; where one ends is left to the judge of answers, who looks for `</think>`. */
function toTexts(call: CallRef, prompt: unknown, prediction: unknown): Omit<Transcript, 'success'> {
  const content = toWords(prediction);
  return { call, prompt: prompt ?? '', content, reasoningContent: '', toolCalls: [] };
}

function toFailure(info: unknown): Failure {
  return { kind: 'unknown', message: toWords(info) || 'AISBench kept no reason' };
}

function toWords(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

interface Identified {
  readonly id: number;
  readonly uuid?: string | null | undefined;
  readonly turn_id?: number | null | undefined;
}

/**
 * Which request a row is. AISBench's `uuid` is one of a case: the turns of a dialogue share it. Repetitions of a row share its
 * `id` and have a `uuid` each. Every row must be looked at once before the first request can be identified.
 */
export class Calls {
  readonly #task: ImportedTaskName;
  readonly #rowsOfCase = new Map<string, number>();
  readonly #repetitions = new Map<string, number>();
  readonly #casesOfRow = new Map<number, number>();
  readonly #turns = new Map<string, number>();

  constructor(task: ImportedTaskName) {
    this.#task = task;
  }

  look(row: Identified): void {
    const key = caseKey(row);
    const rows = this.#rowsOfCase.get(key) ?? 0;
    this.#rowsOfCase.set(key, rows + 1);
    if (rows > 0) return;
    const repetition = this.#casesOfRow.get(row.id) ?? 0;
    this.#casesOfRow.set(row.id, repetition + 1);
    this.#repetitions.set(key, repetition);
  }

  /** Whether any row with this index was looked at. */
  knows(index: number): boolean {
    return this.#casesOfRow.has(index);
  }

  of(row: Identified): CallRef {
    const key = caseKey(row);
    const turns = this.#rowsOfCase.get(key) ?? 1;
    const turn = this.#turns.get(key) ?? 0;
    this.#turns.set(key, turn + 1);
    return {
      id: key,
      ...this.#task,
      index: row.id,
      repetition: this.#repetitions.get(key) ?? 0,
      ...(turns > 1 ? { turn: row.turn_id ?? turn, turns } : {}),
    };
  }
}

/** What AISBench lists as failed has no uuid. */
function caseKey({ id, uuid }: Identified): string {
  return uuid === undefined || uuid === null || uuid === '' ? `aisbench-row-${id}` : uuid;
}

const row = z.int().nonnegative();
const text = z.string().nullish();

/** A line of `performances/<model>/<dataset>_details.jsonl`. */
const detailSchema = z.looseObject({
  id: row,
  success: z.boolean(),
  error_info: z.unknown().optional(),
  time_points: z.union([z.looseObject({ __db_ref__: z.int().nonnegative() }), z.array(z.number())]).nullish(),
  input_tokens: z.number().nonnegative().nullish(),
  output_tokens: z.number().nonnegative().nullish(),
  input: z.unknown().optional(),
  uuid: text,
  turn_id: z.int().nonnegative().nullish(),
  prediction: text,
  db_name: text,
  extra_perf_data: z.unknown().optional(),
  extra_details_data: z.unknown().optional(),
});
/** A request of a performance run. */
export type DetailRow = z.output<typeof detailSchema>;

/** A line of `predictions/<model>/<dataset>.jsonl`; of perplexity the label is the prediction. */
const predictionSchema = z.looseObject({
  id: row,
  success: z.boolean(),
  uuid: text,
  turn_id: z.int().nonnegative().nullish(),
  origin_prompt: z.unknown().optional(),
  prediction: z.unknown().optional(),
  gold: z.unknown().optional(),
  ppl_list: z.unknown().optional(),
});
/** A request of an accuracy run. */
type PredictionRow = z.output<typeof predictionSchema>;

/** A line of `<dataset>_failed.jsonl`, of either folder. */
const failedSchema = z.looseObject({ id: row, input: z.unknown().optional(), error_info: z.unknown() });
/** A failed request. */
type FailedRow = z.output<typeof failedSchema>;

/** Reads the rows of a performance run. */
export const detailRows = (path: string) => readRows(path, detailSchema);
/** Reads the rows of an accuracy run. */
export const predictionRows = (path: string) => readRows(path, predictionSchema);
/** Reads the failed rows. */
export const failedRows = (path: string) => readRows(path, failedSchema);

/** A row and its `file:line`. */
export interface Placed<T> {
  readonly row: T;
  readonly where: string;
}

/** Reads and checks rows; a missing file has none. Throws RUN-DATA-001 with file and line for a malformed line. */
async function* readRows<S extends z.ZodType>(path: string, schema: S): AsyncGenerator<Placed<z.output<S>>> {
  for await (const { line, where } of readForeignLines(path)) {
    const result = schema.safeParse(parseRow(line, where));
    if (!result.success) throw notARow(where, describeProblem(result.error));
    yield { row: result.data, where };
  }
}

function parseRow(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw notARow(where, messageOf(cause), cause);
  }
}

function describeProblem({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it has another form' : `${issue.path.join('.') || 'it'}: ${issue.message}`;
}

function notARow(where: string, why: string, cause?: unknown): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `this line is no row of AISBench's: ${why}`, {
    where,
    cure: 'take the line out, or copy the run folder of AISBench again',
    cause,
  });
}
