/** Reports on a run that was imported: from the files in our folder and what AISBench wrote of how it was made. */
import { catalog } from '../catalog.ts';
import { JUDGE_EVALUATORS } from '../config/resolve-judge.ts';
import { datasetSchema } from '../config/schema.ts';
import { type Finding, type FindingParams, finding } from '../contract/finding.ts';
import type { FindingScope } from '../contract/finding-entry.ts';
import type { RunRecord } from '../contract/record.ts';
import type { ImportedTask } from '../import/import-run.ts';
import { Dialects } from '../metrics/dialects/index.ts';
import { RunSummary } from '../metrics/summary.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { readRecords } from '../store/read-back.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { type Scored, scoreTask } from './score-task.ts';

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
  const findings = [
    finding('IMPORTED', {}),
    ...(hasConfig ? [] : [finding('LOOP-UNKNOWN', {})]),
    ...summary.findings,
  ];
  const total = dialects.finish().filter(({ stage }) => stage === 'total');
  return { model, dataset, summary: { ...summary, findings }, dialects: total };
}

export interface ScoredImport {
  readonly scored: readonly Scored[];
  readonly findings: readonly Finding[];
}

/** Scores the answers of one task again, where it is known how: by `given`, else by the run's own config. */
export async function scoreImported(
  task: ImportedTask,
  folder: RunFolder,
  given: unknown = task.evaluation,
): Promise<ScoredImport> {
  const { model, dataset, inferencer = 'GenInferencer', measured, requests } = task;
  if (measured || requests === 0) return { scored: [], findings: [] };
  const scope = { model, dataset };
  if (given === undefined) return notScored({ why: 'no-config' }, scope);
  const evaluation = datasetSchema.shape.eval_cfg.safeParse(given);
  if (!evaluation.success || evaluation.data === undefined)
    return notScored({ why: 'foreign-config' }, scope);
  if (JUDGE_EVALUATORS.has(evaluation.data.evaluator.type)) return notScored({ why: 'judge' }, scope);
  const unknown = unknownNames(evaluation.data);
  if (unknown.length > 0) return notScored({ why: 'unknown', names: unknown }, scope);
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
  const findings = [finding('IMPORTED', {}), finding('FINISH-UNKNOWN', {})];
  return { scored: scored === undefined ? [] : [scored], findings };
}

function notScored(params: FindingParams<'NOT-RESCORED'>, scope: FindingScope): ScoredImport {
  return { scored: [], findings: [finding('NOT-RESCORED', params, scope)] };
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
