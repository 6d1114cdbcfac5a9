import { plural } from '../../basics/plural.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { findCapacity, type SearchResult, type SearchSetting } from '../../search/capacity.ts';
import { type Objective, objectivesOf } from '../../search/objectives.ts';
import type { PointRow } from '../../search/point-table.ts';
import { type KeptProbe, serviceProbe } from '../../search/probe.ts';
import { openSeries } from '../../search/series-folder.ts';
import type { AnyRunFlags, SearchFlags } from '../args/flag-values.ts';
import { settingsOf, untilInterrupted } from '../series/course.ts';
import { reportSearch } from '../series/write-search.ts';
import { whatIsRun } from './run.ts';

/** `ais_bench search`: load tests, one after the other, until the largest load is known at which the objectives are kept. */
export async function capacity(typed: SearchFlags): Promise<number> {
  const { slo = [], goodput, over: kind, from, to, requests, budget, precision, reuse, ...given } = typed;
  const objectives = someOf(objectivesOf(slo, goodput));
  const flags = whatIsRun({ ...given, mode: 'perf' }) as AnyRunFlags;
  requireOneTask(flags);
  const setting = settingFor(objectives, typed);
  const workDir = flags.workDir ?? 'outputs/default';
  const settings = settingsOf({ ...flags, objectives, kind, from, to, requests, budget, precision });
  const folder = openSeries<KeptProbe>('search', { workDir, reuse }, settings);
  const rows: PointRow[] = [];
  let result: SearchResult | undefined;
  const interrupted = await untilInterrupted(async (isOver) => {
    const seen = (row: PointRow) => rows.push(row);
    const probe = serviceProbe({ flags, kind, objectives, folder, isOver, seen });
    result = await findCapacity(probe, setting);
  });
  reportSearch(folder, { result: result!, rows, objectives, kind });
  if (interrupted) return EXIT.interrupted;
  return result!.capacity === undefined || result!.end === 'invalid' ? EXIT.notValid : EXIT.ok;
}

function someOf(objectives: Objective[]): Objective[] {
  const strict = objectives.find(({ share }) => share <= 0 || share >= 1);
  if (strict !== undefined)
    throw new AisBenchError(
      'TMAN-CMD-002',
      `${strict.name}: no number of requests could show a share of ${strict.share}`,
      {
        where: '--goodput',
        cure: 'give a share between 0 and 1, e.g. 0.99',
      },
    );
  if (objectives.some(({ limits }) => Object.keys(limits).length > 0)) return objectives;
  throw new AisBenchError('TMAN-CMD-001', 'no objective is given that a load could miss', {
    where: '--slo',
    cure: 'give percentiles with limits, e.g. --slo ttft.p99=2000ms, or limits and a share: --slo ttft=2000ms --goodput 0.99',
  });
}

function requireOneTask({ models, datasets, config }: AnyRunFlags): void {
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

/** A full point has so many requests that this number of them may be bad. */
const BAD_OF_A_POINT = 100;
/** Half of what a sweep of ten points costs. */
const POINTS_OF_A_SEARCH = 5;
/** A load this much smaller than the one begun with is not tried any more. */
const DEEPEST = 64;
const DEFAULT_CONCURRENCY = 8;

function settingFor(objectives: readonly Objective[], given: SearchFlags): SearchSetting {
  const strictest = Math.min(...objectives.map(({ share }) => 1 - share));
  const requests = given.requests ?? Math.ceil(BAD_OF_A_POINT / strictest);
  const isRate = given.over === 'rate';
  return {
    objectives,
    whole: !isRate,
    start: given.from ?? (isRate ? undefined : DEFAULT_CONCURRENCY),
    requests,
    budget: given.budget ?? POINTS_OF_A_SEARCH * requests,
    precision: given.precision,
    deepest: DEEPEST,
    highest: given.to ?? (isRate ? 64_000 : 100_000),
  };
}
