/**
 * A load schedules samples. How a sample is run is its shape: one prompt, a dialogue of turns, a choice between labels. A shape
 * sends through a function, so it knows neither sockets nor models.
 */
import type { DatasetPlan, ModelPlan } from '../config/plan.ts';
import type { DatasetType, Row } from '../contract/dataset.ts';
import type { CallRef, FailedRecord, Transcript } from '../contract/record.ts';
import type { ArrivalFunction } from '../load/arrival.ts';
import type { Clock } from '../transport/types.ts';
import type { ModelRequest, SendRequest } from './model-request.ts';

/** What a sample that finds out its requests as it goes needs beside answers. */
export interface SampleContext {
  readonly clock: Clock;
  /** Keeps the record of a request that was not sent. */
  readonly fail: (record: FailedRecord) => void;
}

/** One row sent once, rendered: it makes its requests one after the other. */
export interface SampleRun {
  readonly ref: CallRef;
  /** The first request. */
  readonly first: ModelRequest;
  /** Sends everything and passes on what is scored. The first request was due at `scheduled`. */
  run(
    scheduled: number,
    ask: SendRequest,
    tell: (transcript: Transcript) => void,
    context: SampleContext,
  ): Promise<void>;
}

/** A row with its place in the dataset. */
export interface PickedRow {
  readonly index: number;
  readonly row: Row;
}

export interface Shape {
  /** How many requests a sample makes is known when it is over: `countRequests` is the least. Their records get `turns` then. */
  readonly isOpenEnded?: true;
  /** Requests that a row makes when none of them fails. Throws DSET-DATA-002 for a row that does not fit the shape. */
  countRequests(row: Row): number;
  /** Repetition number `repetition`, from 0, of a row. Throws as the prompt's renderer does. */
  makeRun(picked: PickedRow, repetition: number): SampleRun;
}

/** A dataset as a shape uses it: its config, and what its class makes of a row beside the prompt. */
export interface ShapedDataset extends Pick<DatasetPlan, 'abbr' | 'config'> {
  readonly type: Pick<DatasetType, 'reference' | 'source'>;
}

/** What a shape is made of: the model, the dataset, and rows for worked examples. */
export interface ShapeOptions {
  readonly model: ModelPlan;
  readonly dataset: ShapedDataset;
  readonly train: readonly Row[];
  /** Folders, absolute, whose files may go into requests; default none. */
  readonly mediaRoots?: readonly string[];
}

/** Everything that one load sends. */
export interface TaskSamples {
  readonly model: ModelPlan;
  readonly rows: readonly PickedRow[];
  readonly shape: Shape;
  /** Numbers of the cases that are left, where a run is continued; absent: all. */
  readonly only?: readonly number[];
  /** When each row is due, ms, ascending as the rows are; where the model's arrival is a trace. */
  readonly timestamps?: Float64Array;
  /** Makes the times of an arrival of the user's own. */
  readonly arrival?: ArrivalFunction;
}

/** Counts the samples of a task: every row `num_return_sequences` times, repetitions side by side. */
export function sampleCount({ model, rows, only }: TaskSamples): number {
  return only?.length ?? rows.length * model.repetitions;
}

/** Counts the requests that its samples make when none of them fails. */
export function requestCount({ model, rows, shape, only }: TaskSamples): number {
  const sumOf = (some: readonly PickedRow[]) =>
    some.reduce((sum, { row }) => sum + shape.countRequests(row), 0);
  if (only === undefined) return sumOf(rows) * model.repetitions;
  return sumOf(only.map((n) => rows[Math.floor(n / model.repetitions)]!));
}

/**
 * Returns sample `n`, counted from 0; rendered here, so that memory holds what is in flight. After the last sample the data
 * begins again: its rows are sent a further time, as further repetitions.
 */
export function sampleAt({ model: { repetitions }, rows, shape, only }: TaskSamples, n: number): SampleRun {
  const own = only === undefined ? n : only[n]!;
  const once = rows.length * repetitions;
  const [round, place] = [Math.floor(own / once), own % once];
  return shape.makeRun(rows[Math.floor(place / repetitions)]!, round * repetitions + (place % repetitions));
}
