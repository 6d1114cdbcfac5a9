import { AisBenchError, EXIT } from '../../contract/errors.ts';
import type { AccuracyReport } from '../../report/accuracy.ts';
import type { PerformanceReport } from '../../report/performance.ts';
import type { LoadKind } from '../../search/load-points.ts';
import { type PointRow, pointRow, readPointRow } from '../../search/point-table.ts';
import { pointName, settingsOf, untilInterrupted } from '../series/course.ts';
import { type PointRun, runPoint } from '../series/run-point.ts';
import { openSeries } from '../series/series-folder.ts';
import { reportSweep } from '../series/write-sweep.ts';
import type { AnyRunFlags, SweepFlags } from '../series-flags.ts';
import { whatIsRun } from './run.ts';

/** `ais_bench sweep`: a load test for each load, in a folder of its own; points that an earlier session measured are kept. */
export async function sweep(typed: SweepFlags): Promise<number> {
  const { concurrency, rate, reuse, ...given } = typed;
  const kind = kindOf(concurrency, rate);
  const loads = (concurrency ?? rate)!;
  const flags = whatIsRun(given) as AnyRunFlags;
  const workDir = flags.workDir ?? 'outputs/default';
  const folder = openSeries<PointRow>('sweep', { workDir, reuse }, settingsOf({ ...flags, kind }));
  const rows = folder.before.map(readPointRow).filter(({ asked }) => loads.includes(asked));
  let worst: number = EXIT.ok;
  const run = untilInterrupted(async (isOver) => {
    for (const load of loads) {
      if (isOver()) return;
      if (rows.some(({ asked }) => asked === load)) {
        say(`${kind} ${load}: measured before`);
        continue;
      }
      say(`${kind} ${load}: ${loads.indexOf(load) + 1} of ${loads.length}`);
      const seen = await runPoint(
        { ...flags, ...loadFlags(kind, load, flags), workDir: folder.path },
        { name: pointName(kind, load), ratePerSecond: kind === 'rate' ? load : undefined },
      );
      if (seen.code !== EXIT.ok && seen.code !== EXIT.interrupted) worst = seen.code;
      const own = seen.performance.map((report) =>
        pointRow(report, { ...seen, kind, asked: load, accuracy: scoreOf(report, seen) }),
      );
      rows.push(...own);
      rows.sort((a, b) => a.asked - b.asked);
      // What was interrupted is shown, and measured anew by whoever goes on.
      if (seen.stopped === 'interrupted') return;
      folder.keep(rows);
    }
  });
  const interrupted = await run.finally(() => {
    if (rows.length > 0) reportSweep(folder, rows, kind);
  });
  return interrupted ? EXIT.interrupted : worst;
}

function scoreOf({ model, dataset }: PerformanceReport, { accuracy }: PointRun): AccuracyReport | undefined {
  return accuracy.find((one) => one.model === model && one.dataset === dataset);
}

function kindOf(concurrency: readonly number[] | undefined, rate: readonly number[] | undefined): LoadKind {
  if ((concurrency === undefined) !== (rate === undefined))
    return rate === undefined ? 'concurrency' : 'rate';
  throw new AisBenchError(
    rate === undefined ? 'TMAN-CMD-001' : 'TMAN-CMD-002',
    rate === undefined ? 'no loads are given' : '--concurrency and --rate are both given',
    {
      where: '--concurrency, --rate',
      cure: 'give one of the two, e.g. --concurrency 1..64 or --rate 1,2,4,8',
    },
  );
}

function loadFlags(kind: LoadKind, load: number, flags: AnyRunFlags): Partial<AnyRunFlags> {
  if (kind === 'concurrency') return { batchSize: load, arrival: flags.arrival ?? 'closed' };
  return { requestRate: load, arrival: flags.arrival ?? 'poisson' };
}

function say(text: string): void {
  process.stderr.write(`\n== ${text}\n`);
}
