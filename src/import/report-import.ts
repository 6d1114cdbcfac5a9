/** Imports a finished run of AISBench into a folder of ours, and reports on it from the files and what AISBench wrote of how it was made. */

import { resolve } from 'node:path';
import { defined } from '../basics/defined.ts';
import { catalog } from '../catalog.ts';
import { JUDGE_EVALUATORS } from '../config/resolve-dataset.ts';
import { datasetSchema } from '../config/schema.ts';
import { type Finding, type FindingParams, finding } from '../contract/finding.ts';
import type { FindingScope } from '../contract/finding-entry.ts';
import type { RunRecord } from '../contract/record.ts';
import { encodeExactly, encodeTranscript } from '../contract/record-codec.ts';
import { Dialects } from '../metrics/dialects/index.ts';
import { RunSummary } from '../metrics/summary.ts';
import { markdownPage } from '../report/markdown.ts';
import { type MatrixResult, matrixOf } from '../report/matrix.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { readingRuns } from '../session/open-run.ts';
import { RunPageWriter } from '../session/run-page.ts';
import { type Scored, scoreTask } from '../session/score.ts';
import { writePerformance, writeSummary } from '../session/write-reports.ts';
import { LineAppender } from '../store/append.ts';
import { readRecords } from '../store/read-back.ts';
import { type Redactor, redactor, secretsIn } from '../store/redact.ts';
import { createRunFolder, type RunFolder } from '../store/run-folder.ts';
import { type ImportedFacts, TaskReader } from './read-task.ts';
import { listTasks, readJson, readResult, readText, readVersions, type SourceTask } from './source.ts';

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

/** One imported task. */
interface ImportedTask extends TaskSettings {
  readonly model: string;
  readonly dataset: string;
  readonly source: SourceTask;
  /** Requests that are in the files, failed ones included; 0 where AISBench left no more than a result. */
  readonly requests: number;
  readonly failed: number;
  /** There are times, so there are records. */
  readonly measured: boolean;
}

/** Looks at every task, so that nothing is written where one is broken. Throws RUN-DATA-001 with file and line. */
async function openTasks(sources: readonly SourceTask[]): Promise<TaskReader[]> {
  const readers = sources.map((source) => new TaskReader(source));
  try {
    for (const reader of readers) await reader.look();
    return readers;
  } catch (error) {
    for (const reader of readers) reader.close();
    throw error;
  }
}

interface ImportTaskOptions {
  readonly folder: RunFolder;
  /** The variables of the config that the run wrote down, where it is there. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly redact: Redactor;
}

/** Writes a task of AISBench's that was looked at into our folder, and closes it. */
async function importTask(
  reader: TaskReader,
  { folder, config, redact }: ImportTaskOptions,
): Promise<ImportedTask> {
  const { source } = reader;
  const settings = readSettings(source, reader.facts, config);
  const { model, dataset, details } = source;
  const files = lineFiles(redact);
  const counts = { requests: 0, failed: 0 };
  try {
    for await (const { record, transcript } of reader.read(settings.streamed)) {
      counts.requests++;
      if (!transcript.success) counts.failed++;
      if (record !== undefined) files.append(folder.records(model, dataset), encodeExactly(record));
      files.append(folder.predictions(model, dataset), encodeTranscript(transcript));
    }
  } finally {
    files.close();
    reader.close();
  }
  return { model, dataset, source, ...settings, ...counts, measured: details !== undefined };
}

/** Appends lines to files, each begun with its first line. */
function lineFiles(redact: Redactor) {
  const open = new Map<string, LineAppender>();
  return {
    append(path: string, line: string): void {
      const file = open.get(path) ?? new LineAppender(path, redact);
      open.set(path, file);
      file.append(line);
    },
    close(): void {
      for (const file of open.values()) file.close();
    },
  };
}

type ConfigTable = Readonly<Record<string, unknown>>;

interface TaskSettings {
  /** `batch_size`; absent where neither config nor report is there. */
  readonly concurrency?: number;
  /** Target requests per second; absent in a closed loop, and where there is no config. */
  readonly ratePerSecond?: number;
  readonly streamed: boolean;
  /** `eval_cfg` of the dataset config, as written. */
  readonly evaluation?: unknown;
  /** `GenInferencer`, `PPLInferencer`, … */
  readonly inferencer?: string;
}

/** Below this AISBench does not pace. */
const SLOWEST_RATE = 0.1;

/** `config`: the variables of the config that the run wrote down, where it is there. */
function readSettings(task: SourceTask, facts: ImportedFacts, config: ConfigTable | undefined): TaskSettings {
  const model = findNamed(config?.['models'], task.model);
  const dataset = findNamed(config?.['datasets'], task.dataset);
  const concurrency = readNumber(model, 'batch_size') ?? reportedConcurrency(task);
  const rate = readNumber(model, 'request_rate') ?? 0;
  const inferencer = shortName(readTable(readTable(dataset, 'infer_cfg'), 'inferencer')?.['type']);
  return defined({
    concurrency,
    ratePerSecond: rate < SLOWEST_RATE ? undefined : rate,
    streamed: wasStreamed(task, facts, model),
    evaluation: shortNames(dataset?.['eval_cfg']),
    inferencer,
  });
}

/** As the config says, else as AISBench's own report shows, else as the time points look. */
function wasStreamed(
  { performance }: SourceTask,
  { mostPoints }: ImportedFacts,
  model?: ConfigTable,
): boolean {
  if (mostPoints > 2) return true;
  if (model !== undefined) return model['stream'] !== false;
  return performance.csv !== undefined && /^TTFT,/m.test(readText(performance.csv));
}

function reportedConcurrency({ performance }: SourceTask): number | undefined {
  if (performance.json === undefined) return undefined;
  const report = readJson(performance.json);
  return readNumber(readTable(asTable(report), 'Max Concurrency'), 'total');
}

/** Configs that AISBench writes down name classes by their whole path: the last part is the name. */
function shortNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortNames);
  const table = asTable(value);
  if (table === undefined) return value;
  return Object.fromEntries(
    Object.entries(table).map(([key, inner]) => [
      key,
      key === 'type' ? (shortName(inner) ?? inner) : shortNames(inner),
    ]),
  );
}

function shortName(name: unknown): string | undefined {
  return typeof name === 'string' ? name.split('.').at(-1) : undefined;
}

function findNamed(list: unknown, abbr: string): ConfigTable | undefined {
  const entries = Array.isArray(list) ? list.map(asTable) : [];
  return entries.find((entry) => entry?.['abbr'] === abbr);
}

function readNumber(table: ConfigTable | undefined, key: string): number | undefined {
  const value = table?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function readTable(table: ConfigTable | undefined, key: string): ConfigTable | undefined {
  return asTable(table?.[key]);
}

function asTable(value: unknown): ConfigTable | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as ConfigTable)
    : undefined;
}
