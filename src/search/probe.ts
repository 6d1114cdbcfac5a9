import { availableParallelism } from 'node:os';
import type { RunFlags } from '../config/flags.ts';
import { type Finding, type FindingCode, finding } from '../contract/finding.ts';
import type { RunRecord } from '../contract/record.ts';
import { commonValue } from '../metrics/by-id.ts';
import { goodputOf, isGood } from '../metrics/goodput.ts';
import { requestMetrics } from '../metrics/request.ts';
import { RequestTable } from '../metrics/request-table.ts';
import { VALIDITY_RULES, type Validity, type ValidityVerdict } from '../metrics/validity.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { openRun } from '../session/open-run.ts';
import type { RunResult } from '../session/result.ts';
import type { Probe, Probed, ProbeOrder } from './capacity.ts';
import type { LoadKind } from './load-points.ts';
import { badRequests, type Objective } from './objectives.ts';
import { type PointRow, pointRow, readPointRow } from './point-table.ts';
import { isInterrupted, type PlanPoint, type PointLoad, runPoint, type SeriesOptions } from './run-point.ts';
import type { SeriesFolder } from './series-folder.ts';

/** What is kept of a probe, so that a search that goes on need not repeat it. */
export interface KeptProbe {
  readonly order: ProbeOrder;
  /** Bad requests as text of 0 and 1, one for each objective. */
  readonly seen: Omit<Probed, 'bad'> & { readonly bad: readonly string[] };
  /** Absent of the burst, which is no load. */
  readonly row?: PointRow;
}

/** The load of a probe, as far as the user has a say in it. */
type ProbeLoad = Pick<RunFlags, 'seed' | 'arrival' | 'batchSize'>;

export interface ProbeOptions extends SeriesOptions {
  readonly kind: LoadKind;
  readonly objectives: readonly Objective[];
  readonly load: ProbeLoad;
  readonly folder: SeriesFolder<KeptProbe>;
  readonly planPoint: PlanPoint;
}

/** Measures points of a search against the service. */
export class ServiceProbe {
  readonly #options: ProbeOptions;
  readonly #kept: KeptProbe[];
  #probed = 0;
  /** Every point that was measured, in earlier sessions too. */
  readonly rows: PointRow[] = [];

  constructor(options: ProbeOptions) {
    this.#options = options;
    this.#kept = [...options.folder.before];
  }

  /**
   * Runs one point as a load test. A search repeats its loads where it sees the same: what an earlier session measured is given back
   * without a request.
   */
  readonly probe: Probe = async (order) => {
    const { kind, folder, planPoint, load, objectives, on, signal, drain, ...own } = this.#options;
    const before = this.#kept[this.#probed];
    this.#probed += 1;
    if (before !== undefined && isSameOrder(before.order, order)) {
      if (before.row !== undefined) this.rows.push(readPointRow(before.row));
      return { ...before.seen, bad: before.seen.bad.map((one) => Uint8Array.from(one, Number)) };
    }
    this.#kept.length = this.#probed - 1;
    if (signal?.aborted || drain?.aborted) return { requests: 0, bad: [], interrupted: true };
    const n = this.#probed;
    void on?.({ type: 'point', kind, load: order.load, requests: order.requests, n, isMeasured: false });
    const isLoad = Number.isFinite(order.load);
    const result = await runPoint(
      await planPoint(probeLoad(order, kind, load, n)),
      {
        ...{ ...own, signal, drain, ...(on && { on }), folder: folder.path },
        name: `${String(n).padStart(2, '0')}_${isLoad ? `${kind}_${order.load}` : 'burst'}`,
        smallestObjective: Math.min(...objectives.flatMap(({ limits }) => Object.values(limits))),
      },
      {
        ratePerSecond: kind === 'rate' && isLoad ? order.load : undefined,
        isEnough: countBad(objectives, order.enoughBad),
      },
    );
    const probed = await probedIn(result, objectives, own.workers?.remote !== undefined);
    const report = result.tasks[0]?.performance;
    const { folder: path, stopped } = result;
    const facts = { kind, asked: order.load, folder: path, ...(stopped && { stopped }) };
    const row = report && isLoad ? pointRow(report, { ...facts, accuracy: undefined }) : undefined;
    if (row !== undefined) this.rows.push(row);
    // A point that measured nothing is measured again by the next session.
    if (probed.interrupted || probed.invalid !== undefined) return probed;
    const bad = probed.bad.map((one) => one.join(''));
    this.#kept.push({ order, seen: { ...probed, bad }, ...(row && { row }) });
    folder.keep(this.#kept);
    return probed;
  };
}

/** Infinity is null in a file. */
function isSameOrder(kept: ProbeOrder, order: ProbeOrder): boolean {
  return JSON.stringify(kept) === JSON.stringify(JSON.parse(JSON.stringify(order)));
}

/** Requests in flight that a rate may lead to before our own limit holds them back. */
const MOST_IN_FLIGHT = 1000;

/** Every point has arrivals of its own, and all of them together follow from the seed. */
function probeLoad(
  { load, requests }: ProbeOrder,
  kind: LoadKind,
  { seed = 0, arrival = 'poisson-exact', batchSize = MOST_IN_FLIGHT }: ProbeLoad,
  n: number,
): PointLoad {
  const common = { cycle: true, maxCases: requests, seed: seed + n };
  if (kind === 'concurrency') return { ...common, batchSize: load, arrival: 'closed' };
  if (!Number.isFinite(load)) return { ...common, arrival: 'closed', batchSize };
  return { ...common, requestRate: load, arrival, batchSize };
}

/** Returns a function that takes requests and says whether one of the objectives is missed too often already. */
function countBad(
  objectives: readonly Objective[],
  enough: readonly number[],
): (record: RunRecord) => boolean {
  const bad = objectives.map(() => 0);
  return (record) => {
    const one = new RequestTable();
    addRequest(one, record);
    if (one.length === 0) return false;
    return objectives.some(({ limits }, i) => {
      if (record.outcome !== 'ok' || !isGood(one, 0, limits)) bad[i]! += 1;
      return bad[i]! > enough[i]!;
    });
  };
}

/** The requests of a point; of its last load where it has several. */
async function requestTable({ folder, tasks }: RunResult): Promise<RequestTable> {
  const table = new RequestTable();
  const last = tasks.at(-1);
  const sent = last ? (commonValue(last.performance.summary, 'total_requests') ?? 0) : 0;
  if (last === undefined || sent === 0) return table;
  const stored = await openRun(folder);
  const task = stored.tasks.find(({ model, dataset }) => model === last.model && dataset === last.dataset)!;
  for await (const record of task.records()) addRequest(table, record);
  return table;
}

function addRequest(table: RequestTable, record: RunRecord): void {
  table.add(record, record.outcome === 'ok' ? requestMetrics(record) : undefined);
}

/** Verdicts on a point that say nothing of the service. */
const NO_MEASUREMENT: Readonly<Partial<Record<ValidityVerdict, FindingCode & `POINT-${string}`>>> = {
  'CLIENT-LIMITED': 'POINT-CLIENT-LIMITED',
  'LOAD NOT DELIVERED': 'POINT-NOT-DELIVERED',
};

async function probedIn(
  result: RunResult,
  objectives: readonly Objective[],
  areRemote: boolean,
): Promise<Probed> {
  const { tasks, stopped } = result;
  const table = await requestTable(result);
  const performance = tasks[0]?.performance;
  const validity = performance?.summary.validity;
  const overSaturated = stopped === 'over-saturated';
  // A load that was stopped for its backlog was delivered as far as the service let it.
  const isUseless =
    validity !== undefined &&
    NO_MEASUREMENT[validity.verdict] !== undefined &&
    !(overSaturated && validity.verdict === 'LOAD NOT DELIVERED');
  const speed = speedOf(table);
  // An objective about something that was not measured cannot be missed.
  const unknown = objectives.map(({ limits }) => goodputOf(table, limits, undefined).reason);
  const why = isUseless
    ? finding(NO_MEASUREMENT[validity.verdict]!, { why: validity.findings[0]! })
    : unknown.find((reason) => reason !== undefined);
  return {
    requests: table.length,
    bad: objectives.map((objective) => badRequests(table, objective)),
    ...(speed === undefined ? {} : { answeredPerSecond: speed }),
    overSaturated,
    interrupted: isInterrupted(result),
    ...(why === undefined ? {} : { invalid: why }),
    ...(isUseless ? { cure: cureFor(performance!, areRemote) } : {}),
  };
}

function cureFor({ summary }: PerformanceReport, isRemote: boolean): Finding | undefined {
  const { validity, load, failures } = summary;
  return pointCure(validity, {
    cores: availableParallelism(),
    isRemote,
    ...{ heldBack: load.heldBack, askedConcurrency: load.askedConcurrency },
    requests: commonValue(summary, 'total_requests') ?? 0,
    failed: failures.reduce((sum, { count }) => sum + count, 0),
  });
}

/** Answers a second from the first request on, without the last tenth, in which the service runs empty. */
function speedOf(table: RequestTable): number | undefined {
  const rows = Array.from({ length: table.length }, (_, row) => row);
  const begun = Math.min(...rows.map((row) => table.get(row, 'sent')));
  const done = rows
    .filter((row) => table.get(row, 'outcome') <= 1)
    .map((row) => table.get(row, 'done'))
    .sort((a, b) => a - b);
  const counted = Math.ceil(done.length * 0.9);
  const time = (done[counted - 1] ?? begun) - begun;
  return time > 0 ? (counted * 1000) / time : undefined;
}

export interface Sender {
  /** Cores of this machine. */
  readonly cores: number;
  /** Remote workers sent, not this machine. */
  readonly isRemote: boolean;
  /** Requests that left late because no more were allowed in flight. */
  readonly heldBack: number;
  /** Requests that may be in flight. */
  readonly askedConcurrency: number;
  readonly requests: number;
  readonly failed: number;
}

/** Finds what would help where a point was no measurement: its cure says it. Undefined of a verdict that spoils no search. */
export function pointCure({ verdict, client }: Validity, sender: Sender): Finding | undefined {
  const { requests, failed, heldBack, askedConcurrency } = sender;
  if (verdict !== 'CLIENT-LIMITED' && verdict !== 'LOAD NOT DELIVERED') return undefined;
  if (failed === requests) return finding('MEND-FAILURES', {});
  if (verdict === 'LOAD NOT DELIVERED' && heldBack > 0)
    return finding('MORE-IN-FLIGHT', { slots: askedConcurrency });
  const { memory, descriptors } = VALIDITY_RULES;
  if (client.some(({ memoryShare = 0 }) => memoryShare > memory.limit)) return finding('MORE-MEMORY', {});
  if (client.some(({ descriptorShare = 0 }) => descriptorShare > descriptors.limit))
    return finding('MORE-DESCRIPTORS', {});
  if (sender.isRemote) return finding('MORE-WORKERS', {});
  // What costs least comes first: processes, cores, machines.
  const processes = Math.min(2 * Math.max(1, client.length), sender.cores - 1);
  return finding('MORE-ROOM', { processes: processes > client.length ? processes : undefined });
}
