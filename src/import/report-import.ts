/** Imports a finished run of AISBench into a folder of ours, and reports on it from the files and what AISBench wrote of how it was made. */
import { resolve } from 'node:path';
import { defined } from '../basics/defined.ts';
import { catalog } from '../catalog.ts';
import { JUDGE_EVALUATORS } from '../config/resolve-dataset.ts';
import { datasetSchema } from '../config/schema.ts';
import { type Finding, type FindingParams, finding } from '../contract/finding.ts';
import type { FindingScope } from '../contract/finding-entry.ts';
import type { RunRecord } from '../contract/record.ts';
import { Dialects } from '../metrics/dialects/index.ts';
import { RunSummary } from '../metrics/summary.ts';
import { markdownPage } from '../report/markdown.ts';
import { type MatrixResult, matrixOf } from '../report/matrix.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { readingRuns } from '../session/open-run.ts';
import { RunPageWriter } from '../session/run-page.ts';
import { type Scored, scoreTask } from '../session/score.ts';
import { writePerformance, writeSummary } from '../session/write-reports.ts';
import { readRecords } from '../store/read-back.ts';
import { redactor, secretsIn } from '../store/redact.ts';
import { createRunFolder, type RunFolder } from '../store/run-folder.ts';
import { type ImportedTask, importTask, openTasks } from './import-run.ts';
import { listTasks, readResult, readVersions } from './source.ts';

export interface ImportOptions {
  /** Folder below which the run's folder is made. */
  readonly folder: string;
  /** The variables of the config that the run wrote down; undefined where it cannot be read. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** `eval_cfg` by the dataset's abbr: scores answers again where the run's own config does not say how. */
  readonly evaluations?: ReadonlyMap<string, unknown> | undefined;
}

/** What an imported run came with and what we computed of it. */
export interface ImportResult {
  readonly folder: string;
  readonly performance: readonly PerformanceReport[];
  readonly scored: readonly Scored[];
  /** The scores that AISBench computed. */
  readonly results: readonly MatrixResult[];
  readonly findings: readonly Finding[];
  /** Path of the report page; absent where the viewer is not built. */
  readonly page?: string;
}

/** Imports the run in an AISBench folder. Throws RUN-DATA-001 where there is none or a file is broken; nothing is written then. */
export function importRun(given: string, options: ImportOptions): Promise<ImportResult> {
  return readingRuns([given], () => importFolder(resolve(given), options));
}

async function importFolder(source: string, options: ImportOptions): Promise<ImportResult> {
  const { config, evaluations = new Map() } = options;
  const sources = listTasks(source);
  const redact = redactor(secretsIn(config ?? {}));
  const readers = await openTasks(sources);
  const folder = createRunFolder(resolve(options.folder), new Date(), redact);
  const tasks: ImportedTask[] = [];
  try {
    for (const reader of readers)
      tasks.push(await importTask(reader, { folder, redact, ...(config && { config }) }));
  } finally {
    for (const reader of readers) reader.close();
  }
  keepOrigin(folder, source, tasks);
  folder.becomeLatest();
  const found = await computeReports(tasks, folder, { evaluations, hasConfig: config !== undefined });
  const versions = readVersions(source);
  const results = sources.flatMap((task) => readResult(task, versions) ?? []);
  writeReports(folder, { ...found, results });
  const { page: writer, ...reports } = found;
  return { folder: folder.path, ...reports, results, ...defined({ page: writer.write() }) };
}

interface ComputedReports extends Pick<ImportResult, 'performance' | 'scored' | 'findings'> {
  readonly page: RunPageWriter;
}

async function computeReports(
  tasks: readonly ImportedTask[],
  folder: RunFolder,
  { evaluations, hasConfig }: { evaluations: ReadonlyMap<string, unknown>; hasConfig: boolean },
): Promise<ComputedReports> {
  const performance: PerformanceReport[] = [];
  const scored: Scored[] = [];
  const findings: Finding[] = [];
  const page = new RunPageWriter(folder, tasks.length);
  for (const task of tasks) {
    const { model, dataset, measured } = task;
    const requests = page.countRequests(measured ? 'perf' : 'eval');
    const report = measured
      ? await measureImported(task, folder, { hasConfig, alsoTo: (record) => requests.add(record) })
      : undefined;
    if (report !== undefined) performance.push(report);
    const again = await scoreImported(task, folder, evaluations.get(dataset));
    scored.push(...again.scored);
    findings.push(...again.findings);
    const files = [{ predictions: folder.predictions(model, dataset) }];
    await page.add({ model, dataset, performance: report, requests, score: again.scored[0], files });
  }
  return { performance, scored, findings, page };
}

/** Says in the folder where it came from; the texts and keys of AISBench's config stay where they are. */
function keepOrigin(folder: RunFolder, from: string, tasks: readonly ImportedTask[]): void {
  const origin = {
    tool: 'AISBench',
    from,
    tasks: tasks.map(({ source: _source, ...facts }) => facts),
  };
  folder.write(folder.file('configs', 'imported.json'), `${JSON.stringify(origin, null, 2)}\n`);
}

/** Writes the reports of an imported run, beside its records and predictions. */
function writeReports(
  folder: RunFolder,
  { performance, scored, results }: Pick<ImportResult, 'performance' | 'scored' | 'results'>,
): void {
  for (const report of performance) writePerformance(folder, report);
  for (const { report, details } of scored)
    folder.write(folder.file('results', report.model, `${report.dataset}.json`), details);
  const accuracy = scored.map(({ report }) => report);
  const page = markdownPage({ title: `ais_bench import ${folder.name}`, accuracy, performance });
  writeSummary(folder, { matrix: matrixOf(results), results }, { page, accuracy });
}

/** Computes the performance of one task, as we and as AISBench count. */
async function measureImported(
  task: ImportedTask,
  folder: RunFolder,
  { hasConfig, alsoTo }: { readonly hasConfig: boolean; readonly alsoTo: (record: RunRecord) => void },
): Promise<PerformanceReport> {
  const { model, dataset, ratePerSecond, concurrency = Number.MAX_SAFE_INTEGER } = task;
  const options = { concurrency, ...defined({ ratePerSecond }) };
  const run = new RunSummary(options);
  const dialects = new Dialects(['aisbench'], options);
  for await (const record of readRecords(folder.recordFiles(model, dataset))) {
    run.add(record);
    dialects.add(record);
    alsoTo(record);
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

interface ScoredImport {
  readonly scored: readonly Scored[];
  readonly findings: readonly Finding[];
}

/** Scores the answers of one task again, where it is known how: by `given`, else by the run's own config. */
async function scoreImported(
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
