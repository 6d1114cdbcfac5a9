import { plural } from '../../basics/plural.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { objectivesOf } from '../../search/objectives.ts';
import type { KeptProbe } from '../../search/probe.ts';
import { requireObjectives, runSearch } from '../../search/run-series.ts';
import { openSeries } from '../../search/series-folder.ts';
import type { SearchFlags } from '../args/flag-values.ts';
import { type EvaluateFlags, pointPlanner, runOptions } from '../evaluate.ts';
import { viewRun } from '../print/run-view.ts';
import { printSearch, seriesSettings } from '../print/series.ts';
import { whatIsRun } from './run.ts';

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
