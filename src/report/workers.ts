/** The remote workers of a run side by side: their requests, and how well their clocks were known. */
import { commonValue } from '../metrics/by-id.ts';
import type { GroupRow } from '../metrics/groups.ts';
import type { Stats } from '../metrics/stats.ts';
import type { Summary } from '../metrics/types.ts';
import type { WorkerEntry, WorkerLoad, WorkersFile } from '../store/workers-file.ts';
import { compactNumber } from './numbers.ts';
import { phrase } from './phrase.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';
import { oneLine } from './text.ts';
import type { Text } from './words.ts';

/** A worker's part in one task, beside its requests; of one of an earlier session of the run only its name is known. */
export interface WorkerFacts
  extends Pick<WorkerEntry, 'name'>,
    Partial<Omit<WorkerEntry, 'name' | 'loads'> & Omit<WorkerLoad, 'model' | 'dataset'>> {}

/** Returns the workers that took part in the task. */
export function workerFacts(
  file: WorkersFile | undefined,
  task: Pick<WorkerLoad, 'model' | 'dataset'>,
  { workers: rows = [] }: Summary,
): WorkerFacts[] {
  const known = (file?.workers ?? []).flatMap(({ loads, ...worker }) => {
    const own = loads.find(({ model, dataset }) => model === task.model && dataset === task.dataset);
    if (own === undefined) return rows.some(({ name }) => name === worker.name) ? [worker] : [];
    const { model: _model, dataset: _dataset, ...load } = own;
    return [{ ...worker, ...load }];
  });
  const others = rows.filter((row) => known.every(({ name }) => name !== row.name));
  return [...known, ...others.map(({ name }) => ({ name }))];
}

/** Returns a table with one row per worker; none where this machine sent everything. */
export function workerTables(facts: readonly WorkerFacts[], summary: Summary): Table[] {
  if (facts.length === 0) return [];
  const rows = new Map(summary.workers?.map((row) => [row.name, row]));
  const duration = commonValue(summary, 'duration');
  // A worker that takes samples from a queue sends by no schedule: its clock does not matter.
  const hasClocks = facts.some(({ clock }) => clock !== undefined);
  const counts = [phrase('Procs'), phrase('Reqs'), phrase('Failed')];
  const clocks = hasClocks ? [phrase('Clock'), phrase('Lag')] : [];
  return [
    {
      title: phrase('Workers'),
      columns: [
        left(phrase('Worker')),
        ...[...counts, 'req/s', 'TTFT P50', 'TTFT P99', 'E2EL P99', ...clocks].map((head) => right(head)),
      ],
      rows: facts.map((worker) => [
        nameAndHost(worker),
        worker.processes === undefined ? NO_VALUE : String(worker.processes.length),
        ...requestCells(rows.get(worker.name), duration),
        ...(hasClocks ? [clockText(worker), lagText(worker)] : []),
      ]),
      footnotes: [
        ...facts.flatMap(({ name, lostTo }) =>
          lostTo === undefined
            ? []
            : [phrase('{worker} was lost: {why}', { worker: oneLine(name), why: oneLine(lostTo) })],
        ),
        phrase(
          'Procs: processes that sent; req/s: answered requests a second of the whole run; times in ms, of answers without a retry',
        ),
        ...ownNote(summary, commonValue(summary, 'total_requests')),
        ...(hasClocks ? [CLOCKS] : []),
        ...driftNote(facts),
      ],
    },
  ];
}

const CLOCKS = phrase(
  "Clock: the worker's clock less this machine's, ms ± what the reading may be off by; Lag: how late its last process started, ms",
);

/** Returns the worker's name and host; a name that its user did not choose begins with the host. */
function nameAndHost({ name, host = '' }: WorkerFacts): string {
  return oneLine(name.startsWith(host) ? name : `${name} (${host})`);
}

function requestCells(row: GroupRow | undefined, duration: number | undefined): string[] {
  const { requests = 0, failed = 0, ttft, e2el } = row ?? {};
  return [
    compactNumber(requests),
    compactNumber(failed),
    duration ? compactNumber(((requests - failed) * 1000) / duration) : NO_VALUE,
    statistic(ttft, 'median'),
    statistic(ttft, 'p99'),
    statistic(e2el, 'p99'),
  ];
}

function statistic(stats: Stats | undefined, key: 'median' | 'p99'): string {
  return stats === undefined ? NO_VALUE : compactNumber(stats[key]);
}

function clockText({ clock }: WorkerFacts): string {
  return clock === undefined ? NO_VALUE : `${compactNumber(clock.offsetMs)}±${compactNumber(clock.boundMs)}`;
}

function lagText({ startLagMs }: WorkerFacts): string {
  return startLagMs === undefined ? NO_VALUE : compactNumber(startLagMs);
}

/** A continued run may have been sent by workers in one session and by this machine in another. */
function ownNote({ workers = [] }: Summary, total = 0): Text[] {
  const own = total - workers.reduce((sum, { requests }) => sum + requests, 0);
  return own > 0 ? [phrase('This machine itself sent {n} of the requests', { n: compactNumber(own) })] : [];
}

/** Says how far the clocks drifted apart during the load. */
function driftNote(facts: readonly WorkerFacts[]): Text[] {
  const drifts = facts.flatMap(({ clock, clockAfter }) =>
    clock === undefined || clockAfter === undefined ? [] : [Math.abs(clockAfter.offsetMs - clock.offsetMs)],
  );
  return drifts.length === 0
    ? []
    : [phrase('Clocks moved by {ms} ms at most during the load', { ms: compactNumber(Math.max(...drifts)) })];
}
