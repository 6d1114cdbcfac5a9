/** Reports on a run that was imported: from the files in our folder and what AISBench wrote of how it was made. */
import { catalog } from '../catalog.ts';
import { JUDGE_EVALUATORS } from '../config/resolve-judge.ts';
import { datasetSchema } from '../config/schema.ts';
import type { RunRecord } from '../contract/record.ts';
import type { ImportedTask } from '../import/import-run.ts';
import { Dialects } from '../metrics/dialects/index.ts';
import { RunSummary } from '../metrics/summary.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { readRecords } from '../store/read-back.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { type Scored, scoreTask } from './score.ts';

const IMPORTED =
  'imported from AISBench: what it did not keep is absent, not guessed; the tables as AISBench counts are the ones to compare with it';
const CLOSED = 'no config of the run is there: it is taken for a closed loop';
const FINISH =
  'AISBench keeps no finish reason: answers cut at the length limit count as wrong or unextractable';

/** The performance of one task, as we and as AISBench count. */
export async function performanceOfImported(
  task: ImportedTask,
  folder: RunFolder,
  hasConfig: boolean,
  alsoTo?: (record: RunRecord) => void,
): Promise<PerformanceReport> {
  const { model, dataset, ratePerSecond, concurrency = Number.MAX_SAFE_INTEGER } = task;
  const options = { concurrency, ...(ratePerSecond === undefined ? {} : { ratePerSecond }) };
  const run = new RunSummary(options);
  const dialects = new Dialects(['aisbench'], options);
  for await (const record of readRecords(folder.recordFiles(model, dataset))) {
    run.add(record);
    dialects.add(record);
    alsoTo?.(record);
  }
  const summary = run.finish();
  const notes = [IMPORTED, ...(hasConfig ? [] : [CLOSED]), ...summary.notes];
  const total = dialects.finish().filter(({ stage }) => stage === 'total');
  return { model, dataset, summary: { ...summary, notes }, dialects: total };
}

export interface ScoredImport {
  readonly scored: readonly Scored[];
  readonly notes: readonly string[];
}

/** Scores the answers of one task again, where it is known how: by `given`, else by the run's own config. */
export async function scoreImported(
  task: ImportedTask,
  folder: RunFolder,
  given: unknown = task.evaluation,
): Promise<ScoredImport> {
  const { model, dataset, inferencer = 'GenInferencer', measured, requests } = task;
  if (measured || requests === 0) return { scored: [], notes: [] };
  const name = `${model} × ${dataset}`;
  if (given === undefined) return notScored(name, 'no config says how; name one with --datasets');
  const evaluation = datasetSchema.shape.eval_cfg.safeParse(given);
  if (!evaluation.success || evaluation.data === undefined)
    return notScored(name, 'its eval_cfg is none of ours');
  if (JUDGE_EVALUATORS.has(evaluation.data.evaluator.type))
    return notScored(name, 'a judge model scored it, and the judge is not asked again');
  const unknown = unknownNames(evaluation.data);
  if (unknown.length > 0) return notScored(name, `there is no ${unknown.join(', ')} here`);
  const scored = await scoreTask({
    task: {
      model: { abbr: model },
      dataset: {
        abbr: dataset,
        config: { eval_cfg: evaluation.data, infer_cfg: { inferencer: { type: inferencer } } },
      },
    },
    files: { predictions: folder.predictions(model, dataset) },
    simulated: false,
  });
  return { scored: scored === undefined ? [] : [scored], notes: [IMPORTED, FINISH] };
}

function notScored(name: string, why: string): ScoredImport {
  return { scored: [], notes: [`${name}: not scored again, ${why}`] };
}

function unknownNames(config: NonNullable<(typeof datasetSchema)['shape']['eval_cfg']['_output']>): string[] {
  const { evaluator, pred_postprocessor, dataset_postprocessor } = config;
  const named = [
    [evaluator.type, catalog.evaluators],
    [pred_postprocessor?.type, catalog.predPostprocessors],
    [dataset_postprocessor?.type, catalog.datasetPostprocessors],
  ] as const;
  return named.flatMap(([name, known]) => (name === undefined || Object.hasOwn(known, name) ? [] : [name]));
}
