import type { RunFlags } from '../config/flags.ts';
import type { RunResult } from '../session/result.ts';
import type { LoadKind } from './load-points.ts';
import { type PointRow, pointRow, readPointRow } from './point-table.ts';
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
