import { EXIT } from '../../errors.ts';
import { requestMetrics } from '../../metrics/request.ts';
import { RequestTable } from '../../metrics/request-table.ts';
import type { PerformanceReport } from '../../report/performance.ts';
import { RunControl } from '../../run/control.ts';
import { runEvaluation } from '../run-evaluation.ts';
import type { AnyRunFlags } from '../series-flags.ts';
import { watchBacklog } from './watch-backlog.ts';

/** What one point of a sweep or search came to. */
export interface PointRun {
  /** Exit code of the run, as if it had been the only one. */
  readonly code: number;
  readonly performance: readonly PerformanceReport[];
  readonly folder: string;
  /** Its requests; of the last load where the run has several. */
  readonly table: RequestTable;
  readonly overSaturated: boolean;
  readonly interrupted: boolean;
}

interface PointSetting {
  readonly name: string;
  /** Requests a second that are due; absent in a closed loop, which has no backlog. */
  readonly ratePerSecond?: number | undefined;
}

/** An ordinary load test in a folder of its own; it prints no tables. A load whose backlog grows without bound is stopped. */
export async function runPoint(flags: AnyRunFlags, { name, ratePerSecond }: PointSetting): Promise<PointRun> {
  const control = new RunControl();
  let table = new RequestTable();
  let concluded: { performance: readonly PerformanceReport[]; folder: string } | undefined;
  let stopWatching = (): void => {};
  try {
    const code = await runEvaluation(flags, {
      name,
      control,
      begun: (_task, progress) => {
        stopWatching();
        if (ratePerSecond !== undefined) stopWatching = watchBacklog(progress, ratePerSecond, control);
      },
      loadRead: () => {
        table = new RequestTable();
      },
      recorded: (record) => {
        table.add(record, record.outcome === 'ok' ? requestMetrics(record) : undefined);
      },
      concluded: (performance, folder) => {
        concluded = { performance, folder };
      },
    });
    const overSaturated = control.reason === 'over-saturated';
    const interrupted = control.interrupted && !overSaturated;
    return { code: overSaturated ? EXIT.ok : code, ...concluded!, table, overSaturated, interrupted };
  } finally {
    stopWatching();
  }
}
