/** `agents.json`: which hosts had a part in a run, what they wrote, and how well their clocks were known. */
import type { RunFolder } from './run-folder.ts';
import { readJsonIfThere } from './served.ts';

/** The agents of a run over NATS. */
export interface AgentsFile {
  readonly version: 1;
  /** Name of the group that was asked. */
  readonly group: string;
  /** Names what this run has on the NATS server. */
  readonly session: string;
  /** It was not ended: what its agents answered may still lie on the server. */
  readonly isOpen?: true;
  readonly agents: readonly AgentEntry[];
}

export interface AgentEntry {
  /** Unique in the group. */
  readonly name: string;
  readonly host: string;
  /** Numbers of its processes, from 1: 3 wrote `x_records.w3.jsonl`. */
  readonly workers: readonly number[];
  /** Why it is gone, in words; absent where it stayed to the end. */
  readonly lostTo?: string;
  /** One for each task that it had a part in. */
  readonly loads: readonly AgentLoad[];
}

export interface AgentLoad {
  /** As the record files are named. */
  readonly model: string;
  readonly dataset: string;
  /** Its clock less the coordinator's, before the load. */
  readonly clock: ClockReading;
  /** The same after the load; absent where it was lost. */
  readonly clockAfter?: ClockReading;
  /** How late the last of its processes began, ms: 0 where all were ready when the load started. Absent where it was lost. */
  readonly startLagMs?: number;
}

export interface ClockReading {
  /** ms; positive: the agent's clock is ahead. */
  readonly offsetMs: number;
  /** The true offset is no further from `offsetMs` than this, ms. */
  readonly boundMs: number;
}

/** Whose process wrote a record file, `x_records.w3.jsonl`; undefined where it was none of theirs. */
export function writerOf({ agents }: AgentsFile, records: string): AgentEntry | undefined {
  const worker = Number(/\.w(\d+)\.jsonl$/.exec(records)?.[1]);
  return agents.find(({ workers }) => workers.includes(worker));
}

function agentsPath(folder: Pick<RunFolder, 'file'>): string {
  return folder.file('agents.json');
}

/** Throws RUN-FILE-001. */
export function writeAgentsFile(folder: Pick<RunFolder, 'file' | 'write'>, agents: AgentsFile): void {
  folder.write(agentsPath(folder), `${JSON.stringify(agents, null, 2)}\n`);
}

/** Undefined where the run had no agents. Throws RUN-DATA-001 where the file is broken. */
export function readAgentsFile(folder: Pick<RunFolder, 'file'>): AgentsFile | undefined {
  return readJsonIfThere(agentsPath(folder)) as AgentsFile | undefined;
}
