import type { AnyRunFlags } from '../cli/series-flags.ts';
import { EXIT } from '../contract/errors.ts';
import type { RunRecord } from '../contract/record.ts';
import { requestMetrics } from '../metrics/request.ts';
import { RequestTable } from '../metrics/request-table.ts';
import type { AccuracyReport } from '../report/accuracy.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { RunControl, type StopReason } from '../sending/control.ts';
import { runEvaluation } from '../session/run.ts';
import { watchBacklog } from './watch-backlog.ts';

/** What one point of a sweep or search came to. */
export interface PointRun {
  /** Exit code of the run, as if it had been the only one. */
  readonly code: number;
  readonly performance: readonly PerformanceReport[];
  /** Scores, where answers were scored. */
  readonly accuracy: readonly AccuracyReport[];
  readonly folder: string;
  /** Its requests; of the last load where the run has several. */
  readonly table: RequestTable;
  /** Why it ended before its last request. */
  readonly stopped?: StopReason;
}

interface PointSetting {
  readonly name: string;
  /** Requests a second that are due; absent in a closed loop, which has no backlog. */
  readonly ratePerSecond?: number | undefined;
  /** The smallest of the objectives that the point is held against, ms. */
  readonly smallestObjective?: number;
  /** Hears of every request of this process that has ended; true: enough is seen. */
  readonly isEnough?: (record: RunRecord) => boolean;
}

/** An ordinary load test in a folder of its own; it prints no tables. A load whose backlog grows without bound is stopped. */
export async function runPoint(
  flags: AnyRunFlags,
  { name, ratePerSecond, smallestObjective, isEnough }: PointSetting,
): Promise<PointRun> {
  const control = new RunControl();
  let table = new RequestTable();
  let concluded: Pick<PointRun, 'performance' | 'accuracy' | 'folder'> | undefined;
  let stopWatching = (): void => {};
  try {
    const code = await runEvaluation(flags, {
      name,
      control,
      smallestObjective,
      begun: (_task, progress) => {
        stopWatching();
        if (ratePerSecond !== undefined) stopWatching = watchBacklog(progress, ratePerSecond, control);
      },
      ...(isEnough && {
        ended: (record) => {
          if (!control.interrupted && isEnough(record)) control.abort('enough-seen');
        },
      }),
      loadRead: () => {
        table = new RequestTable();
      },
      recorded: (record) => addTo(table, record),
      concluded: (performance, folder, accuracy) => {
        concluded = { performance, accuracy, folder };
      },
    });
    const stopped = control.interrupted ? control.reason : undefined;
    const own = stopped === 'over-saturated' || stopped === 'enough-seen';
    return { code: own ? EXIT.ok : code, ...concluded!, table, ...(stopped && { stopped }) };
  } finally {
    stopWatching();
  }
}

export function addTo(table: RequestTable, record: RunRecord): void {
  table.add(record, record.outcome === 'ok' ? requestMetrics(record) : undefined);
}
