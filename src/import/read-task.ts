import { join } from 'node:path';
import { AisBenchError } from '../contract/errors.ts';
import type { RunRecord, Transcript } from '../contract/record.ts';
import { type ArrayStore, openArrayStore } from './array-store.ts';
import { Calls } from './calls.ts';
import {
  failedRecord,
  failedTranscript,
  recordOf,
  type Setting,
  transcriptOfDetail,
  transcriptOfPrediction,
} from './convert.ts';
import { type DetailRow, detailRows, failedRows, type Placed, predictionRows } from './rows.ts';
import type { SourceTask } from './source.ts';

/** One request as it is kept; an accuracy run of AISBench's kept no times and has no records. */
export interface Imported {
  readonly record?: RunRecord;
  readonly transcript: Transcript;
}

export interface TaskFacts {
  /** Seconds on the clock of the host that sent; absent in an accuracy run. */
  readonly origin?: number;
  /** Most time points that a request has; 2 where nothing was streamed. */
  readonly mostPoints: number;
}

/** Reads a task twice: once for what its rows have in common, once for the rows. Memory holds ids, never texts. */
export class TaskReader {
  readonly source: SourceTask;
  readonly #calls: Calls;
  readonly #stores = new Map<string, ArrayStore>();
  #facts: TaskFacts = { mostPoints: 0 };

  constructor(task: SourceTask) {
    this.source = task;
    this.#calls = new Calls({ model: task.model, dataset: task.dataset });
  }

  /** The first look. Throws RUN-DATA-001 with file and line where a file is broken. */
  async look(): Promise<void> {
    const { details, predictions, failed } = this.source;
    let origin = Number.POSITIVE_INFINITY;
    let mostPoints = 0;
    if (details !== undefined) {
      for await (const placed of detailRows(details)) {
        this.#calls.look(placed.row);
        const points = await this.#pointsOf(placed);
        origin = Math.min(origin, points?.[0] ?? Number.POSITIVE_INFINITY);
        mostPoints = Math.max(mostPoints, points?.length ?? 0);
      }
    } else if (predictions !== undefined) {
      for await (const { row } of predictionRows(predictions)) this.#calls.look(row);
    }
    if (failed !== undefined) for await (const _ of failedRows(failed));
    this.#facts = { mostPoints, ...(Number.isFinite(origin) ? { origin } : {}) };
  }

  /** Every request, in the order of AISBench's files; those that it lists as failed and that never succeeded come last. */
  async *read(streamed: boolean): AsyncGenerator<Imported> {
    const { origin = 0 } = this.#facts;
    const { model, dataset, details, predictions, failed } = this.source;
    if (details !== undefined) yield* this.#measured(details, { model, dataset, streamed, origin });
    else if (predictions !== undefined) {
      for await (const { row } of predictionRows(predictions))
        yield { transcript: transcriptOfPrediction(row, this.#calls.of(row)) };
    }
    if (failed === undefined) return;
    for await (const { row } of failedRows(failed)) {
      if (this.#calls.knows(row.id)) continue;
      const call = this.#calls.of({ id: row.id });
      const record = details === undefined ? {} : { record: failedRecord(row, call, streamed) };
      yield { ...record, transcript: failedTranscript(row, call) };
    }
  }

  async *#measured(details: string, setting: Setting): AsyncGenerator<Imported> {
    for await (const placed of detailRows(details)) {
      const call = this.#calls.of(placed.row);
      const record = recordOf(placed.row, call, await this.#pointsOf(placed), setting);
      yield { record, transcript: transcriptOfDetail(placed.row, call, record.outcome === 'ok') };
    }
  }

  /** What the first look found. */
  get facts(): TaskFacts {
    return this.#facts;
  }

  close(): void {
    for (const store of this.#stores.values()) store.close();
    this.#stores.clear();
  }

  /** Seconds; undefined where AISBench kept none. */
  async #pointsOf({ row, where }: Placed<DetailRow>): Promise<Float64Array | undefined> {
    const { time_points: points, db_name } = row;
    if (points === undefined || points === null) return undefined;
    if (Array.isArray(points)) return points.length === 0 ? undefined : Float64Array.from(points);
    if (typeof db_name !== 'string' || !/^[\w-]+\.db$/.test(db_name)) {
      throw new AisBenchError('RUN-DATA-001', 'this row refers to time points and names no file of them', {
        where,
        cure: 'take the line out, or copy the run folder of AISBench again',
      });
    }
    const store = this.#stores.get(db_name) ?? (await openArrayStore(join(this.source.arrays, db_name)));
    this.#stores.set(db_name, store);
    const array = store.get(points.__db_ref__);
    return array === undefined || array.length < 2 ? undefined : array;
  }
}
