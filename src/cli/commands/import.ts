import { resolve } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { readRaw } from '../../config/raw.ts';
import { EXIT, messageOf } from '../../contract/errors.ts';
import { type ImportedTask, importTask, openTasks } from '../../import/import-run.ts';
import { findConfig, listTasks, readResult, readVersions } from '../../import/source.ts';
import { accuracyTables } from '../../report/accuracy.ts';
import { type MatrixResult, matrixOf, matrixTables } from '../../report/matrix.ts';
import { type PerformanceReport, performanceTables } from '../../report/performance.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { secretsIn } from '../../store/redact.ts';
import { createRunFolder, type RunFolder } from '../../store/run-folder.ts';
import { performanceOfImported, scoreImported } from '../imported.ts';
import { redactorOf } from '../masked.ts';
import { configRoots, loadContext } from '../places.ts';
import { readingRuns } from '../reading-runs.ts';
import { RunPageWriter } from '../run-page.ts';
import type { Scored } from '../score-task.ts';
import { terminalOptions } from '../terminal-options.ts';
import { writeReports } from '../write-reports.ts';

interface ImportFlags {
  readonly workDir?: string;
  readonly datasets?: readonly string[];
  readonly configDir: string;
}

type Values = Readonly<Record<string, unknown>>;

/** `ais_bench import DIR`: a finished run of AISBench as a run of ours, and what it came to. */
export function importRun(given: string, flags: ImportFlags): Promise<number> {
  return readingRuns([given], () => importIt(given, flags));
}

async function importIt(given: string, flags: ImportFlags): Promise<number> {
  const source = resolve(given);
  const sources = listTasks(source);
  const evaluations = await evaluationsOf(flags);
  const { config, notes } = await configOf(source);
  const redact = redactorOf(secretsIn(config ?? {}));
  const readers = await openTasks(sources);
  const folder = createRunFolder(resolve(flags.workDir ?? 'outputs/default'), new Date(), redact);
  const tasks: ImportedTask[] = [];
  try {
    for (const reader of readers)
      tasks.push(await importTask(reader, { folder, redact, ...(config && { config }) }));
  } finally {
    for (const reader of readers) reader.close();
  }
  keepOrigin(folder, source, tasks);
  folder.becomeLatest();
  const found = await conclusions(tasks, folder, { evaluations, hasConfig: config !== undefined });
  const versions = readVersions(source);
  const results = sources.flatMap((task) => readResult(task, versions) ?? []);
  writeReports(folder, { ...found, results });
  print({ ...found, results, notes: [...notes, ...found.notes] });
  process.stdout.write(`\nResults: ${folder.path}\n${found.page.write()}`);
  return EXIT.ok;
}

interface Conclusions {
  readonly performance: readonly PerformanceReport[];
  readonly scored: readonly Scored[];
  readonly notes: readonly string[];
  readonly page: RunPageWriter;
}

async function conclusions(
  tasks: readonly ImportedTask[],
  folder: RunFolder,
  { evaluations, hasConfig }: { evaluations: ReadonlyMap<string, unknown>; hasConfig: boolean },
): Promise<Conclusions> {
  const performance: PerformanceReport[] = [];
  const scored: Scored[] = [];
  const notes: string[] = [];
  const page = new RunPageWriter(folder, log, tasks.length);
  for (const task of tasks) {
    const { model, dataset, measured } = task;
    const requests = page.requestsOf(measured ? 'perf' : 'eval');
    const report = measured
      ? await performanceOfImported(task, folder, hasConfig, (record) => requests.add(record))
      : undefined;
    if (report !== undefined) performance.push(report);
    const again = await scoreImported(task, folder, evaluations.get(dataset));
    scored.push(...again.scored);
    notes.push(...again.notes);
    const files = [{ predictions: folder.predictions(model, dataset) }];
    await page.add({ model, dataset, performance: report, requests, score: again.scored[0], files });
  }
  return { performance, scored, notes, page };
}

/** An import has no log of its own. */
const log = { warn: (text: string) => void process.stderr.write(`${text}\n`) };

function print({
  performance,
  scored,
  results,
  notes,
}: Omit<Conclusions, 'page'> & { readonly results: readonly MatrixResult[] }): void {
  const options = terminalOptions();
  const write = (text: string) => process.stdout.write(`\n${text}`);
  const matrix = results.length === 0 ? [] : matrixTables(matrixOf(results), options.width ?? 80);
  const tables = [
    ...matrix.map((table) => ({ ...table, title: `${table.title}, as AISBench counted` })),
    ...accuracyTables(scored.map(({ report }) => report)),
  ];
  if (tables.length > 0 || notes.length > 0) write(renderTerminal(tables, [...new Set(notes)], options));
  for (const report of performance)
    write(renderTerminal(performanceTables(report), report.summary.notes, options));
}

/** The config that the run wrote down is data like the rest of it: one that cannot be read takes nothing but its own facts. */
async function configOf(source: string): Promise<{ config?: Values; notes: string[] }> {
  const path = findConfig(source);
  if (path === undefined) return { notes: [] };
  try {
    return { config: (await loadConfig(path, loadContext)).values, notes: [] };
  } catch (error) {
    return { notes: [`the config of the run cannot be read: ${messageOf(error)}`] };
  }
}

/** `eval_cfg` by the abbr of the dataset, of the configs that the user names. */
async function evaluationsOf({ datasets = [], configDir }: ImportFlags): Promise<Map<string, unknown>> {
  if (datasets.length === 0) return new Map();
  const flags = {
    models: [],
    datasets,
    mode: 'all' as const,
    configDir,
    numWarmups: 0,
    maxErrorRate: 0,
    set: [],
  };
  const raw = await readRaw(flags, configRoots(configDir), loadContext);
  return new Map(raw.datasets.map(({ values }) => [String(values['abbr']), values['eval_cfg']]));
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
