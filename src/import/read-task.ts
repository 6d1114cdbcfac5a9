import { constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { RunRecord, Transcript } from '../contract/record.ts';
import {
  Calls,
  type DetailRow,
  detailRows,
  failedRecord,
  failedRows,
  failedTranscript,
  type Placed,
  predictionRows,
  type TaskTiming,
  toRecord,
  transcriptOfDetail,
  transcriptOfPrediction,
} from './convert.ts';
import type { SourceTask } from './source.ts';

/** One request as it is kept; an accuracy run of AISBench's kept no times and has no records. */
export interface ImportedRequest {
  readonly record?: RunRecord;
  readonly transcript: Transcript;
}

/** What all requests of a task have in common. */
export interface ImportedFacts {
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
  #facts: ImportedFacts = { mostPoints: 0 };

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
  async *read(streamed: boolean): AsyncGenerator<ImportedRequest> {
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

  async *#measured(details: string, setting: TaskTiming): AsyncGenerator<ImportedRequest> {
    for await (const placed of detailRows(details)) {
      const call = this.#calls.of(placed.row);
      const record = toRecord(placed.row, call, await this.#pointsOf(placed), setting);
      yield { record, transcript: transcriptOfDetail(placed.row, call, record.outcome === 'ok') };
    }
  }

  /** What the first look found. */
  get facts(): ImportedFacts {
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

/** The arrays of one of AISBench's SQLite files (`numpy_store`), by their id. */
interface ArrayStore {
  /** Undefined where there is no such row. Throws RUN-DATA-001 for a row that holds something else. */
  get(id: number): Float64Array | undefined;
  close(): void;
}

/**
 * Opens a copy of the file: SQLite would make its lock beside it, and a folder that is read is never written to. Throws
 * RUN-DATA-001 where it is no such file.
 */
async function openArrayStore(path: string): Promise<ArrayStore> {
  if (!existsSync(path)) throw unreadableArrays(path, 'there is no such file');
  // 1.3 MB that only imports need.
  const { default: sqlite } = await import('node-sqlite3-wasm');
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-import-'));
  const copy = join(folder, 'arrays.db');
  let database: InstanceType<typeof sqlite.Database> | undefined;
  const close = () => {
    if (database?.isOpen) database.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const suffix of ['', '-journal', '-wal'])
      if (existsSync(path + suffix)) copyFileSync(path + suffix, copy + suffix, constants.COPYFILE_FICLONE);
    database = new sqlite.Database(copy, { fileMustExist: true });
    // One lock for all reads: a separate one costs a millisecond each.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    const byId = database.prepare('SELECT arr_blob FROM numpy_store WHERE id = ?');
    return { get: (id) => parseArray(byId.get([id])?.['arr_blob'], `${path}, numpy_store row ${id}`), close };
  } catch (cause) {
    close();
    throw unreadableArrays(path, messageOf(cause), cause);
  }
}

function parseArray(blob: unknown, where: string): Float64Array | undefined {
  if (blob === undefined) return undefined;
  try {
    if (!(blob instanceof Uint8Array)) throw new Error('it is no blob');
    return readNpy(blob);
  } catch (cause) {
    throw unreadableArrays(where, messageOf(cause), cause);
  }
}

function unreadableArrays(where: string, why: string, cause?: unknown): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `these time points cannot be read: ${why}`, {
    where,
    cure: 'copy the whole run folder of AISBench again, db_data included',
    cause,
  });
}

const MAGIC = '\x93NUMPY';

/**
 * Reads the values of a one-dimensional array of float64. Throws an Error that says what the bytes are instead. NumPy's file format
 * (.npy, versions 1 to 3): magic, version, length of the header, a header that is a Python literal, then the values. AISBench
 * keeps a request's time points so: one dimension of float64, seconds.
 */
export function readNpy(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || latin1(bytes.subarray(0, MAGIC.length)) !== MAGIC)
    throw new Error('it is no .npy array');
  const start = endOfHeader(view);
  const header = latin1(bytes.subarray(view.getUint8(6) === 1 ? 10 : 12, start));
  const { littleEndian, length } = parseLayout(header);
  if (bytes.length - start !== 8 * length) {
    throw new Error(`it has ${bytes.length - start} bytes of values, its header says ${8 * length}`);
  }
  return Float64Array.from({ length }, (_, n) => view.getFloat64(start + 8 * n, littleEndian));
}

function endOfHeader(view: DataView): number {
  const version = view.getUint8(6);
  if (version < 1 || version > 3) throw new Error(`it is a .npy array of version ${version}`);
  if (version > 1 && view.byteLength < 12) throw new Error('it ends within its header');
  const end = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (end > view.byteLength) throw new Error('it ends within its header');
  return end;
}

function parseLayout(header: string): { littleEndian: boolean; length: number } {
  const [, order, kind] = /'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d+)'/.exec(header) ?? [];
  if (kind !== 'f8' || order === '|') {
    throw new Error(`its values are ${kind === undefined ? 'of an unknown type' : kind}, not float64 (f8)`);
  }
  const length = /'shape'\s*:\s*\(\s*(\d+)\s*,\s*\)/.exec(header)?.[1];
  if (length === undefined) throw new Error('it has not exactly one dimension');
  return { littleEndian: order !== '>', length: Number(length) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
