/** `ais_bench sweep` and `ais_bench search`: runs one after the other. */
import { plural } from '../../basics/plural.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import type { LoadKind } from '../../search/load-points.ts';
import { objectivesOf } from '../../search/objectives.ts';
import type { PointRow } from '../../search/point-table.ts';
import type { KeptProbe } from '../../search/probe.ts';
import { isInterrupted } from '../../search/run-point.ts';
import { requireObjectives, runSearch, runSweep } from '../../search/run-series.ts';
import { openSeries } from '../../search/series-folder.ts';
import type { SearchFlags, SweepFlags } from '../args/flag-values.ts';
import { type EvaluateFlags, pointPlanner, runOptions } from '../evaluate.ts';
import { exitCode } from '../print/run-result.ts';
import { viewRun } from '../print/run-view.ts';
import { printSearch, printSweep, seriesSettings } from '../print/series.ts';
import { whatIsRun } from './run.ts';

/** `ais_bench sweep`: one load after the other, and the curve. */
export async function sweep(typed: SweepFlags): Promise<number> {
  const { concurrency, rate, reuse, ...given } = typed;
  const kind = loadKind(concurrency, rate);
  const flags = whatIsRun(given) as EvaluateFlags;
  const workDir = flags.workDir ?? 'outputs/default';
  const folder = openSeries<PointRow>('sweep', { workDir, reuse }, seriesSettings({ ...flags, kind }));
  const view = viewRun(flags);
  try {
    const { rows, runs, ...ended } = await runSweep({
      ...runOptions(flags),
      ...view.options,
      ...{ kind, folder, loads: (concurrency ?? rate)!, arrival: flags.arrival },
      planPoint: pointPlanner(flags),
    });
    printSweep(folder, rows, kind);
    if (ended.error !== undefined) throw ended.error;
    if (ended.isInterrupted) return EXIT.interrupted;
    const codes = runs.map((run) =>
      exitCode(isInterrupted(run) ? run : { ...run, stopped: undefined }, {
        strict: flags.strict,
        failIf: flags.failIf,
        warn: view.warn,
      }),
    );
    return codes.findLast((code) => code !== EXIT.ok && code !== EXIT.interrupted) ?? EXIT.ok;
  } finally {
    view.close();
  }
}

function loadKind(concurrency: readonly number[] | undefined, rate: readonly number[] | undefined): LoadKind {
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

/** `ais_bench search`: the largest load at which the service keeps its objectives. */
export async function searchCapacity(typed: SearchFlags): Promise<number> {
  const { slo = [], goodput, over: kind, from, to, requests, budget, precision, reuse, ...given } = typed;
  const objectives = requireObjectives(objectivesOf(slo, goodput));
  const flags = whatIsRun({ ...given, mode: 'perf' }) as EvaluateFlags;
  requireOneTask(flags);
  const workDir = flags.workDir ?? 'outputs/default';
  const settings = seriesSettings({ ...flags, objectives, kind, from, to, requests, budget, precision });
  const folder = openSeries<KeptProbe>('search', { workDir, reuse }, settings);
  const view = viewRun(flags);
  try {
    const { result, rows, isInterrupted } = await runSearch({
      ...runOptions(flags),
      ...view.options,
      ...{ kind, objectives, folder, load: flags },
      limits: { from, to, requests, budget, precision },
      planPoint: pointPlanner(flags),
    });
    printSearch(folder, { result, rows, objectives, kind });
    if (isInterrupted) return EXIT.interrupted;
    return result.capacity === undefined || result.end === 'invalid' ? EXIT.notValid : EXIT.ok;
  } finally {
    view.close();
  }
}

function requireOneTask({ models, datasets, config }: EvaluateFlags): void {
  if (config !== undefined || (models.length <= 1 && datasets.length <= 1)) return;
  throw new AisBenchError(
    'TMAN-CMD-002',
    `${plural(models.length, 'model')} and ${plural(datasets.length, 'dataset')} are given`,
    {
      where: '--models, --datasets',
      cure: 'search the capacity of one model for one dataset at a time',
    },
  );
}
