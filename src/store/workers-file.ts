/** `workers.json`: the remote workers of a run, what they wrote, and how well their clocks were known. */
import type { RunFolder } from './run-folder.ts';
import { readJsonIfThere } from './served.ts';

/** The remote workers of a run over NATS. */
export interface WorkersFile {
  readonly version: 2;
  /** Name of the group that the run took. */
  readonly group: string;
  /** Names the run on the NATS server. */
  readonly session: string;
  /** The run has not ended: results of its workers may still be on the server. */
  readonly isOpen?: true;
  readonly workers: readonly WorkerEntry[];
}

/** One `ais_bench worker` that took part in a run. */
export interface WorkerEntry {
  /** Unique in the group. */
  readonly name: string;
  readonly host: string;
  /** Numbers of its processes, from 1: 3 wrote `x_records.w3.jsonl`. */
  readonly processes: readonly number[];
  /** Why it was lost; absent where it stayed to the end. */
  readonly lostTo?: string;
  /** One for each load test that it took part in. */
  readonly loads: readonly WorkerLoad[];
}

/** A worker's part in the load test of one task. */
export interface WorkerLoad {
  /** As the record files are named. */
  readonly model: string;
  readonly dataset: string;
  /** Its clock less the coordinator's, before the load. */
  readonly clock: ClockReading;
  /** The same after the load; absent where the worker was lost. */
  readonly clockAfter?: ClockReading;
  /** How late the last of its processes started, ms: 0 where all were ready when the load started. Absent where it was lost. */
  readonly startLagMs?: number;
}

/** A measured difference of two clocks. */
export interface ClockReading {
  /** ms; positive: the worker's clock is ahead. */
  readonly offsetMs: number;
  /** The true offset is no further from `offsetMs` than this, ms. */
  readonly boundMs: number;
}

/** The same file of versions up to 7e3bceb, `agents.json`. */
interface AgentsFile {
  readonly group: string;
  readonly session: string;
  readonly isOpen?: true;
  readonly agents: readonly (Omit<WorkerEntry, 'processes'> & { readonly workers: readonly number[] })[];
}

/** Returns the worker that wrote a record file, `x_records.w3.jsonl`; undefined where none did. */
export function writerOf({ workers }: WorkersFile, records: string): WorkerEntry | undefined {
  const number = Number(/\.w(\d+)\.jsonl$/.exec(records)?.[1]);
  return workers.find(({ processes }) => processes.includes(number));
}

/** Writes the file. Throws RUN-FILE-001. */
export function writeWorkersFile(folder: Pick<RunFolder, 'file' | 'write'>, workers: WorkersFile): void {
  folder.write(folder.file('workers.json'), `${JSON.stringify(workers, null, 2)}\n`);
}

/** Reads the file, or the older `agents.json`. Undefined where the run had no remote workers. Throws RUN-DATA-001 where the file is broken. */
export function readWorkersFile(folder: Pick<RunFolder, 'file'>): WorkersFile | undefined {
  const found = readJsonIfThere(folder.file('workers.json')) as WorkersFile | undefined;
  if (found !== undefined) return found;
  const old = readJsonIfThere(folder.file('agents.json')) as AgentsFile | undefined;
  if (old === undefined) return undefined;
  const { agents, ...rest } = old;
  const workers = agents.map(({ workers: processes, ...worker }) => ({ ...worker, processes }));
  return { ...rest, version: 2, workers };
}
