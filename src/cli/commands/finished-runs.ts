/** Commands that read finished runs: compare, explain, export, import. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defined } from '../../basics/defined.ts';
import { toolVersion } from '../../basics/version.ts';
import { loadConfig } from '../../config/load.ts';
import { EXPORT_FORMATS } from '../../config/plugins.ts';
import { readRaw } from '../../config/raw.ts';
import { AisBenchError, EXIT, messageOf } from '../../contract/errors.ts';
import { distinctFindings, type Finding, finding } from '../../contract/finding.ts';
import { type ImportResult, importRun } from '../../import/report-import.ts';
import { findConfig } from '../../import/source.ts';
import { commonValue } from '../../metrics/by-id.ts';
import { DifferenceFinder } from '../../metrics/dialects/differences.ts';
import { Dialects } from '../../metrics/dialects/index.ts';
import { DIALECTS } from '../../metrics/dialects/types.ts';
import { UNKNOWN_EVENT } from '../../metrics/event-tokens.ts';
import { RunSummary } from '../../metrics/summary.ts';
import type { SummaryOptions } from '../../metrics/types.ts';
import { accuracyTables } from '../../report/accuracy.ts';
import { junitXml } from '../../report/compare/junit.ts';
import { comparisonMarkdown, comparisonTables } from '../../report/compare/tables.ts';
import type { RunComparison } from '../../report/compare/types.ts';
import { dialectTables, explainTable } from '../../report/dialects.ts';
import { summaryBlock } from '../../report/export/block.ts';
import { csvHead, csvRows, type ExportColumn } from '../../report/export/column.ts';
import { metricFamilies, openMetricsText } from '../../report/export/openmetrics.ts';
import { REQUEST_COLUMNS, requestRow, SAMPLE_COLUMNS } from '../../report/export/requests.ts';
import { matrixOf, matrixTables } from '../../report/matrix.ts';
import { comparePage } from '../../report/page/compare-page.ts';
import { pageTemplate, renderPage } from '../../report/page/render.ts';
import { performanceTables } from '../../report/performance.ts';
import { phrase } from '../../report/phrase.ts';
import type { Table } from '../../report/table.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { say, type Text } from '../../report/words.ts';
import { compareRuns } from '../../session/compare-runs.ts';
import { noRecords, openRun, readingRuns, type StoredRun, type StoredTask } from '../../session/open-run.ts';
import { secretsIn } from '../../store/redact.ts';
import { type CompareFlags, type ExportFlags, type ReportFlags, slosOf } from '../args/flag-values.ts';
import { configRoots, loadContext } from '../places.ts';
import { maskToo } from '../print/exit.ts';
import { cannotWrite, type Output, terminalOptions, withOutput } from '../print/output.ts';

/** `ais_bench compare A B…`: finished runs against the first of them, from their folders alone. */
export function compare(runs: readonly string[], flags: CompareFlags): Promise<number> {
  requireSense(runs, flags);
  // A damaged file may show only when its texts are printed.
  return readingRuns(runs, () => compareAndPrint(runs, flags));
}

async function compareAndPrint(runs: readonly string[], flags: CompareFlags): Promise<number> {
  const comparisons = await compareRuns(runs, { rules: flags.failIf, slos: slosOf(flags) });
  const shown = flags.full ? Number.MAX_SAFE_INTEGER : undefined;
  for (const comparison of comparisons) {
    const tables = comparisonTables(comparison, shown);
    process.stdout.write(`\n${renderTerminal(tables, comparison.findings, terminalOptions())}`);
  }
  writeFile('--markdown', flags.markdown, () => comparisonMarkdown(comparisons, shown));
  writeFile('--html', flags.html, () => comparisonHtml(comparisons));
  writeFile('--junit', flags.junit, () => junitXml(comparisons));
  const isBroken = comparisons.some((one) => one.rules.some(({ outcome }) => outcome === 'broken'));
  return isBroken ? EXIT.regression : EXIT.ok;
}

/** Writes a file that a flag names; nothing where it was not given. Throws RUN-FILE-001. */
function writeFile(flag: string, path: string | undefined, text: () => string): void {
  if (path === undefined) return;
  try {
    writeFileSync(path, text());
  } catch (cause) {
    throw cannotWrite(`${flag} ${path}`, cause);
  }
}

function comparisonHtml(comparisons: readonly RunComparison[]): string {
  const template = pageTemplate();
  if (template === undefined)
    throw new AisBenchError('UTILS-DEPENDENCY-001', 'the viewer of report pages is not built', {
      where: '--html',
      cure: 'build it (npm run build), or use --markdown',
    });
  const payload = comparePage(comparisons, toolVersion());
  const [first] = comparisons;
  const names = [...comparisons.map(({ after }) => after.name), first!.before.name];
  return renderPage(template, { kind: 'compare', title: `ais_bench compare ${names.join(' ')}`, payload });
}

function requireSense(runs: readonly string[], { failIf, junit }: CompareFlags): void {
  if (runs.length < 2)
    throw new AisBenchError('TMAN-CMD-001', 'a comparison needs two runs', {
      where: 'ais_bench compare',
      cure: 'name the folders of two runs, the one to compare with first: ais_bench compare before after',
    });
  if (junit !== undefined && failIf.length === 0)
    throw new AisBenchError('TMAN-CMD-001', 'a JUnit file holds the gates, and there is none', {
      where: '--junit',
      cure: "give a gate, e.g. --fail-if 'ttft.p99 > +5%'",
    });
}

/** Of a run that was imported. */
const EVENTS_UNKNOWN =
  'what the events brought was not kept: only the tool that made this run can be computed, the others look at it';

/** `ais_bench explain RUN`: one run counted as each tool counts, and why the numbers differ. Reads files only. */
export async function explain(run: string, flags: ReportFlags): Promise<number> {
  const { tasks } = await openRun(run);
  const measured = tasks.filter(({ recordFiles }) => recordFiles.length > 0);
  if (measured.length === 0) throw noRecords(run);
  for (const task of measured)
    await readingRuns([run], async () => {
      const tables = await explainTask(task, flags);
      process.stdout.write(`\n${renderTerminal(tables, [], terminalOptions())}`);
    });
  return EXIT.ok;
}

async function explainTask(task: StoredTask, flags: ReportFlags): Promise<Table[]> {
  const options = summaryOptions(task, flags);
  const run = new RunSummary(options);
  const dialects = new Dialects(DIALECTS, options);
  const differences = new DifferenceFinder();
  let unknown = false;
  for await (const record of task.records()) {
    unknown ||= record.times.events?.kind.includes(UNKNOWN_EVENT) ?? false;
    run.add(record);
    dialects.add(record);
    differences.add(record);
  }
  const reports = dialects
    .finish()
    .filter(({ dialect, stage = 'total' }) => stage === 'total' && (!unknown || dialect === 'aisbench'));
  const title = `${task.model}, ${task.dataset}: the same records, counted by each tool`;
  const chosen = reports.filter(({ dialect }) => dialect === flags.metricDialect);
  return [
    explainTable(title, run.finish(), reports, differences.found(), unknown ? [EVENTS_UNKNOWN] : []),
    ...chosen.flatMap((report) => dialectTables(report)),
  ];
}

/** What the records do not hold is in the report beside them; a run that was killed has none and is taken for a closed loop. */
function summaryOptions({ summary }: StoredTask, flags: ReportFlags): SummaryOptions {
  const concurrency = summary && commonValue(summary, 'max_concurrency');
  return {
    concurrency: concurrency ?? Number.MAX_SAFE_INTEGER,
    ...defined({ ratePerSecond: summary?.load.askedRate, slos: slosOf(flags) }),
  };
}

/** `ais_bench export RUN…`: runs for other tools, from their files. */
export async function exportRuns(names: readonly string[], flags: ExportFlags): Promise<number> {
  const runs = distinctRuns(await Promise.all(names.map(openRun)));
  for (const [n, run] of runs.entries())
    if (run.tasks.every(({ recordFiles }) => recordFiles.length === 0)) throw noRecords(names[n]!);
  const exporter = await ownExporter(flags);
  await readingRuns(names, () =>
    exporter === undefined
      ? withOutput({ out: flags.out, isBinary: flags.format === 'parquet' }, (output) =>
          write(runs, flags, output),
        )
      : exporter(runs),
  );
  return EXIT.ok;
}

/** Undefined for a format that ships. Throws TMAN-CMD-002 for one that no plugin has. */
async function ownExporter(
  flags: ExportFlags,
): Promise<((runs: readonly StoredRun[]) => Promise<void>) | undefined> {
  if (EXPORT_FORMATS.includes(flags.format)) return undefined;
  const { exportBy, findExporter } = await import('./plugins.ts');
  const exporter = await findExporter(flags.format, flags);
  return (runs) => exportBy(exporter, runs, flags);
}

/** Each run once; runs of the same name in different places go by their paths. */
function distinctRuns(runs: readonly StoredRun[]): StoredRun[] {
  const byPath = [...new Map(runs.map((run) => [run.folder, run])).values()];
  const names = byPath.map(({ name }) => name);
  return byPath.map((run) => {
    if (names.indexOf(run.name) === names.lastIndexOf(run.name)) return run;
    return { ...run, name: run.folder, tasks: run.tasks.map((task) => ({ ...task, run: run.folder })) };
  });
}

async function write(runs: readonly StoredRun[], flags: ExportFlags, output: Output): Promise<void> {
  if (flags.format === 'openmetrics') {
    output.write(openMetricsText(metricFamilies(runs.flatMap(({ tasks }) => tasks))));
  } else if (flags.format === 'markdown') {
    const blocks = runs.map(({ name, tasks, command }) =>
      summaryBlock({ run: name, tasks, ...defined({ command }) }),
    );
    output.write(blocks.join('\n'));
  } else if (flags.table === 'requests') {
    await writeTable(REQUEST_COLUMNS, requestRows(runs), flags, output);
  } else {
    if (runs.every(({ tasks }) => tasks.every(({ judged }) => judged.length === 0))) throw notScored(runs);
    await writeTable(SAMPLE_COLUMNS, sampleRows(runs), flags, output);
  }
}

async function* requestRows(runs: readonly StoredRun[]) {
  for (const { name, tasks, instant } of runs)
    for (const task of tasks)
      for await (const record of task.records()) yield requestRow(name, record, instant);
}

async function* sampleRows(runs: readonly StoredRun[]) {
  for (const { tasks } of runs)
    for (const { run, model, dataset, judged } of tasks)
      for (const one of judged) yield { run, model, dataset, judged: one };
}

async function writeTable<Row>(
  columns: readonly ExportColumn<Row>[],
  rows: AsyncIterable<Row>,
  { format }: ExportFlags,
  output: Output,
): Promise<void> {
  if (format === 'csv') {
    output.write(csvHead(columns));
    for await (const group of inGroups(rows, CSV_GROUP)) output.write(csvRows(columns, group));
    return;
  }
  const { ParquetTable, ROW_GROUP } = await import('../../report/export/parquet.ts');
  const table = new ParquetTable(columns, output.write, `ais_bench ${toolVersion()}`);
  for await (const group of inGroups(rows, ROW_GROUP)) await table.add(group);
  await table.finish();
}

const CSV_GROUP = 1000;

async function* inGroups<Row>(rows: AsyncIterable<Row>, size: number): AsyncGenerator<Row[]> {
  let group: Row[] = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function notScored(runs: readonly StoredRun[]): AisBenchError {
  return new AisBenchError('RUN-DATA-001', 'nothing of this was scored, so there are no samples', {
    where: runs.map(({ folder }) => folder).join(', '),
    cure: 'score it first: ais_bench … --mode eval --reuse, or leave --table samples out',
  });
}

interface ImportFlags {
  readonly workDir?: string;
  readonly datasets?: readonly string[];
  readonly configDir: string;
}

type ConfigValues = Readonly<Record<string, unknown>>;

/** `ais_bench import DIR`: a finished run of AISBench as a run of ours, and its numbers. */
export async function importCommand(source: string, flags: ImportFlags): Promise<number> {
  const evaluations = await readEvaluations(flags);
  const { config, notes } = await readConfig(resolve(source));
  maskToo(secretsIn(config ?? {}));
  const result = await importRun(source, {
    folder: flags.workDir ?? 'outputs/default',
    config,
    evaluations,
  });
  const findings = [...notes.map((text) => finding('NOTE', { text })), ...result.findings];
  print({ ...result, findings });
  const report = result.page === undefined ? '' : `Report: ${result.page}\n`;
  process.stdout.write(`\nResults: ${result.folder}\n${report}`);
  return EXIT.ok;
}

function print({ performance, scored, results, findings }: ImportResult): void {
  const options = terminalOptions();
  const write = (text: string) => process.stdout.write(`\n${text}`);
  const matrix = results.length === 0 ? [] : matrixTables(matrixOf(results), options.width ?? 80);
  const tables = [
    ...matrix.map((table) => ({ ...table, title: `${say(table.title)}, as AISBench counted` })),
    ...accuracyTables(scored.map(({ report }) => report)),
  ];
  if (tables.length > 0 || findings.length > 0)
    write(renderTerminal(tables, distinctFindings(findings).map(withScope), options));
  for (const report of performance)
    write(renderTerminal(performanceTables(report), report.summary.findings, options));
}

/** One that is about a task names it. */
function withScope(one: Finding): Text {
  const { model, dataset } = one.scope;
  return model === undefined
    ? one
    : phrase('{names}: {reason}', { names: `${model} × ${dataset}`, reason: one });
}

/** The config that the run wrote down is data like the rest of it: one that cannot be read takes nothing but its own facts. */
async function readConfig(source: string): Promise<{ config?: ConfigValues; notes: string[] }> {
  const path = findConfig(source);
  if (path === undefined) return { notes: [] };
  try {
    return { config: (await loadConfig(path, loadContext)).values, notes: [] };
  } catch (error) {
    return { notes: [`the config of the run cannot be read: ${messageOf(error)}`] };
  }
}

/** `eval_cfg` by the abbr of the dataset, of the configs that the user names. */
async function readEvaluations({ datasets = [], configDir }: ImportFlags): Promise<Map<string, unknown>> {
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
