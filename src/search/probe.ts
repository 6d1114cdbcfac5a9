import { availableParallelism } from 'node:os';
import { plural } from '../basics/plural.ts';
import type { AnyRunFlags } from '../cli/series-flags.ts';
import { EXIT } from '../contract/errors.ts';
import type { RunRecord } from '../contract/record.ts';
import { goodputOf, isGood } from '../metrics/goodput.ts';
import { RequestTable } from '../metrics/request-table.ts';
import type { PerformanceReport } from '../report/performance.ts';
import type { Probe, Probed, ProbeOrder } from './capacity.ts';
import { cureOf } from './cure.ts';
import type { LoadKind } from './load-points.ts';
import { badRequests, type Objective } from './objectives.ts';
import { type PointRow, pointRow } from './point-table.ts';
import { addTo, type PointRun, runPoint } from './run-point.ts';
import type { SeriesFolder } from './series-folder.ts';

/** What is kept of a probe, so that a search that goes on need not ask it again. */
export interface KeptProbe {
  readonly order: ProbeOrder;
  /** Bad requests as text of 0 and 1, one for each objective. */
  readonly seen: Omit<Probed, 'bad'> & { readonly bad: readonly string[] };
  /** Absent of the burst, which is no load. */
  readonly row?: PointRow;
}

export interface ProbeSetting {
  readonly flags: AnyRunFlags;
  readonly kind: LoadKind;
  readonly objectives: readonly Objective[];
  readonly folder: SeriesFolder<KeptProbe>;
  /** The user wants no more. */
  readonly isOver: () => boolean;
  /** Hears of every point, those of earlier sessions too. */
  readonly seen: (row: PointRow) => void;
}

/**
 * Probes as load tests against the service. The search asks for the same loads again when it sees the same: what an earlier session
 * measured is given back without asking the service.
 */
export function serviceProbe({ flags, kind, objectives, folder, isOver, seen }: ProbeSetting): Probe {
  const kept = [...folder.before];
  let told = 0;
  return async (order) => {
    const before = kept[told];
    told += 1;
    if (before !== undefined && isSameOrder(before.order, order)) {
      if (before.row !== undefined) seen(before.row);
      return { ...before.seen, bad: before.seen.bad.map((own) => Uint8Array.from(own, Number)) };
    }
    kept.length = told - 1;
    if (isOver()) return { requests: 0, bad: [], interrupted: true };
    process.stderr.write(`\n== ${describeOrder(order, kind, told)}\n`);
    const isLoad = Number.isFinite(order.load);
    const run = await runPoint(
      { ...flags, ...orderFlags(order, kind, flags, told), workDir: folder.path },
      {
        name: `${String(told).padStart(2, '0')}_${isLoad ? `${kind}_${order.load}` : 'burst'}`,
        ratePerSecond: kind === 'rate' && isLoad ? order.load : undefined,
        smallestObjective: Math.min(...objectives.flatMap(({ limits }) => Object.values(limits))),
        isEnough: countBad(objectives, order.enoughBad),
      },
    );
    const probed = probedOf(run, objectives, typeof flags.workers === 'object');
    const [report] = run.performance;
    const row =
      report && isLoad
        ? pointRow(report, { ...run, accuracy: undefined, kind, asked: order.load })
        : undefined;
    if (row !== undefined) seen(row);
    // Whoever goes on measures anew what was no measurement.
    if (probed.interrupted || probed.invalid !== undefined) return probed;
    const bad = probed.bad.map((own) => own.join(''));
    kept.push({ order, seen: { ...probed, bad }, ...(row && { row }) });
    folder.keep(kept);
    return probed;
  };
}

/** Infinity is null in a file. */
function isSameOrder(kept: ProbeOrder, order: ProbeOrder): boolean {
  return JSON.stringify(kept) === JSON.stringify(JSON.parse(JSON.stringify(order)));
}

function describeOrder({ load, requests }: ProbeOrder, kind: LoadKind, n: number): string {
  if (!Number.isFinite(load))
    return `point ${n}: ${plural(requests, 'request')} at once, to see how fast the service is`;
  return `point ${n}: ${load} ${kind === 'rate' ? 'requests a second' : 'in flight'}, ${plural(requests, 'request')}`;
}

/** Requests in flight that a rate may lead to before our own limit holds them back. */
const MOST_IN_FLIGHT = 1000;

/** Every point has arrivals of its own, and all of them together follow from the seed. */
function orderFlags(
  { load, requests }: ProbeOrder,
  kind: LoadKind,
  { seed = 0, arrival = 'poisson-exact', batchSize = MOST_IN_FLIGHT }: AnyRunFlags,
  n: number,
): Partial<AnyRunFlags> {
  const common = { cycle: true, maxCases: requests, seed: seed + n };
  if (kind === 'concurrency') return { ...common, batchSize: load, arrival: 'closed' };
  if (!Number.isFinite(load)) return { ...common, arrival: 'closed', batchSize };
  return { ...common, requestRate: load, arrival, batchSize };
}

/** Whether one of the objectives is missed too often already, request by request. */
function countBad(
  objectives: readonly Objective[],
  enough: readonly number[],
): (record: RunRecord) => boolean {
  const bad = objectives.map(() => 0);
  return (record) => {
    const one = new RequestTable();
    addTo(one, record);
    if (one.length === 0) return false;
    return objectives.some(({ limits }, i) => {
      if (record.outcome !== 'ok' || !isGood(one, 0, limits)) bad[i]! += 1;
      return bad[i]! > enough[i]!;
    });
  };
}

/** Verdicts on a point that say nothing of the service. */
const NO_MEASUREMENT: Readonly<Record<string, string>> = {
  'CLIENT-LIMITED': 'the client is the limit',
  'LOAD NOT DELIVERED': 'the load was not delivered',
};

function probedOf(
  { table, performance, stopped, code }: PointRun,
  objectives: readonly Objective[],
  isRemote: boolean,
): Probed {
  const validity = performance[0]?.summary.validity;
  const overSaturated = stopped === 'over-saturated';
  // A load that was stopped for its backlog was delivered as far as the service let it.
  const isUseless =
    validity !== undefined &&
    NO_MEASUREMENT[validity.verdict] !== undefined &&
    !(overSaturated && validity.verdict === 'LOAD NOT DELIVERED');
  const speed = speedOf(table);
  // Where nobody measured what an objective is about, nothing was missed.
  const unknown = objectives.map(({ limits }) => goodputOf(table, limits, undefined).reason);
  const why = isUseless
    ? `${NO_MEASUREMENT[validity.verdict]}: ${validity.reasons[0]}`
    : unknown.find((reason) => reason !== undefined);
  return {
    requests: table.length,
    bad: objectives.map((objective) => badRequests(table, objective)),
    ...(speed === undefined ? {} : { answeredPerSecond: speed }),
    overSaturated,
    interrupted: stopped === 'interrupted' || code === EXIT.interrupted,
    ...(why === undefined ? {} : { invalid: why }),
    ...(isUseless ? { cure: cureFor(performance[0]!, isRemote) } : {}),
  };
}

function cureFor({ summary }: PerformanceReport, isRemote: boolean): string | undefined {
  const { validity, load, failures, common } = summary;
  return cureOf(validity, {
    cores: availableParallelism(),
    isRemote,
    ...{ heldBack: load.heldBack, askedConcurrency: load.askedConcurrency },
    requests: common.find(({ name }) => name === 'Total Requests')?.value ?? 0,
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
