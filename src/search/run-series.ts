import type { RunFlags } from '../config/flags.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { RunResult } from '../session/result.ts';
import { findCapacity, type SearchResult, type SearchSetting } from './capacity.ts';
import type { LoadKind } from './load-points.ts';
import type { Objective } from './objectives.ts';
import { type PointRow, pointRow, readPointRow } from './point-table.ts';
import { type ProbeOptions, ServiceProbe } from './probe.ts';
import { isInterrupted, type PlanPoint, type PointLoad, runPoint, type SeriesOptions } from './run-point.ts';
import type { SeriesFolder } from './series-folder.ts';

export interface SweepOptions extends SeriesOptions {
  readonly kind: LoadKind;
  /** Requests in flight or a second, ascending. */
  readonly loads: readonly number[];
  /** How requests arrive; Poisson for rates and in a closed loop otherwise, unless given. */
  readonly arrival?: RunFlags['arrival'];
  readonly folder: SeriesFolder<PointRow>;
  readonly planPoint: PlanPoint;
}

/** The points of a sweep, those of earlier sessions too, and the runs of this one. */
export interface SweepResult {
  /** Ascending in load. */
  readonly rows: readonly PointRow[];
  readonly runs: readonly RunResult[];
  readonly isInterrupted: boolean;
  /** What ended it early; the rows are those that were measured before. */
  readonly error?: unknown;
}

/** Runs a load test for each load, in a folder of its own; points that an earlier session measured are kept. */
export async function runSweep(options: SweepOptions): Promise<SweepResult> {
  const { kind, loads, arrival, folder, planPoint, on, ...own } = options;
  const isOver = () => options.drain?.aborted === true || options.signal?.aborted === true;
  const rows = folder.before.map(readPointRow).filter(({ asked }) => loads.includes(asked));
  const runs: RunResult[] = [];
  for (const [place, load] of loads.entries()) {
    if (isOver()) break;
    const isMeasured = rows.some(({ asked }) => asked === load);
    void on?.({ type: 'point', kind, load, n: place + 1, of: loads.length, isMeasured });
    if (isMeasured) continue;
    let result: RunResult;
    try {
      result = await runPoint(
        await planPoint(sweepLoad(kind, load, arrival)),
        { ...own, ...(on && { on }), folder: folder.path, name: `${kind}_${load}` },
        { ratePerSecond: kind === 'rate' ? load : undefined },
      );
    } catch (error) {
      return { rows, runs, isInterrupted: isOver(), error };
    }
    runs.push(result);
    rows.push(...sweepRows(result, kind, load));
    rows.sort((a, b) => a.asked - b.asked);
    // A point that was interrupted is shown; the next session measures it again.
    if (isInterrupted(result)) break;
    folder.keep(rows);
  }
  return { rows, runs, isInterrupted: isOver() };
}

function sweepRows(result: RunResult, kind: LoadKind, load: number): PointRow[] {
  const { folder, stopped } = result;
  const measured = result.tasks.filter(({ isJudge }) => !isJudge);
  return measured.map(({ performance, accuracy }) =>
    pointRow(performance, { kind, asked: load, folder, ...(stopped && { stopped }), accuracy }),
  );
}

function sweepLoad(kind: LoadKind, load: number, arrival: string | undefined): PointLoad {
  if (kind === 'concurrency') return { batchSize: load, arrival: arrival ?? 'closed' };
  return { requestRate: load, arrival: arrival ?? 'poisson' };
}

/** How far and how exactly a search looks; what is absent follows from the objectives. */
interface SearchLimits {
  /** Load to begin at. */
  readonly from?: number | undefined;
  /** Load that is not exceeded. */
  readonly to?: number | undefined;
  /** Requests of a full point. */
  readonly requests?: number | undefined;
  /** Requests that the whole search may cost. */
  readonly budget?: number | undefined;
  /** Stop when the 95 % interval is within this share of the capacity. */
  readonly precision: number;
}

export interface SearchOptions extends ProbeOptions {
  readonly limits: SearchLimits;
}

export interface CapacitySearch {
  readonly result: SearchResult;
  /** Every point, those of earlier sessions too, in the order in which they were measured. */
  readonly rows: readonly PointRow[];
  readonly isInterrupted: boolean;
}

/** Runs load tests, one after the other, until the largest load is known at which the objectives are kept. */
export async function runSearch(options: SearchOptions): Promise<CapacitySearch> {
  const { limits, ...probing } = options;
  const service = new ServiceProbe(probing);
  const result = await findCapacity(service.probe, searchSetting(options.kind, options.objectives, limits));
  const isInterrupted = options.drain?.aborted === true || options.signal?.aborted === true;
  return { result, rows: service.rows, isInterrupted };
}

/** Throws TMAN-CMD-001 where no objective can be missed, TMAN-CMD-002 for a share that no number of requests could show. */
export function requireObjectives(objectives: readonly Objective[]): readonly Objective[] {
  const strict = objectives.find(({ share }) => share <= 0 || share >= 1);
  if (strict !== undefined) {
    const what = `${strict.name}: no number of requests could show a share of ${strict.share}`;
    throw new AisBenchError('TMAN-CMD-002', what, {
      where: '--goodput',
      cure: 'give a share between 0 and 1, e.g. 0.99',
    });
  }
  if (objectives.some(({ limits }) => Object.keys(limits).length > 0)) return objectives;
  throw new AisBenchError('TMAN-CMD-001', 'no objective is given that a load could miss', {
    where: '--slo',
    cure: 'give percentiles with limits, e.g. --slo ttft.p99=2000ms, or limits and a share: --slo ttft=2000ms --goodput 0.99',
  });
}

/** A full point has so many requests that this number of them may be bad. */
const BAD_OF_A_POINT = 100;
/** Half of what a sweep of ten points costs. */
const POINTS_OF_A_SEARCH = 5;
/** A load this much smaller than the one begun with is not tried any more. */
const DEEPEST = 64;
const DEFAULT_CONCURRENCY = 8;

function searchSetting(
  kind: LoadKind,
  objectives: readonly Objective[],
  limits: SearchLimits,
): SearchSetting {
  const strictest = Math.min(...objectives.map(({ share }) => 1 - share));
  const requests = limits.requests ?? Math.ceil(BAD_OF_A_POINT / strictest);
  const isRate = kind === 'rate';
  return {
    objectives,
    whole: !isRate,
    start: limits.from ?? (isRate ? undefined : DEFAULT_CONCURRENCY),
    requests,
    budget: limits.budget ?? POINTS_OF_A_SEARCH * requests,
    precision: limits.precision,
    deepest: DEEPEST,
    highest: limits.to ?? (isRate ? 64_000 : 100_000),
  };
}
