import { toolVersion } from '../../basics/version.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { summaryBlock } from '../../report/export/block.ts';
import { type Column, csvHead, csvRows } from '../../report/export/column.ts';
import { metricFamilies } from '../../report/export/openmetrics.ts';
import { openMetricsText } from '../../report/export/openmetrics-text.ts';
import { REQUEST_COLUMNS, requestRow } from '../../report/export/requests.ts';
import { SAMPLE_COLUMNS } from '../../report/export/samples.ts';
import { openStoredRun, type StoredRun } from '../../session/open-run.ts';
import { calendarOf, firstCommand } from '../../store/history.ts';
import type { ExportFlags } from '../args/flag-values.ts';
import { type Output, withOutput } from '../output.ts';
import { readingRuns } from '../reading-runs.ts';

/** `ais_bench export RUN…`: what runs came to, for other tools. Reads files only. */
export function exportRuns(names: readonly string[], flags: ExportFlags): Promise<number> {
  return readingRuns(names, () => exportThem(names, flags));
}

async function exportThem(names: readonly string[], flags: ExportFlags): Promise<number> {
  const runs = distinct(await Promise.all(names.map(openStoredRun)));
  await withOutput({ out: flags.out, isBinary: flags.format === 'parquet' }, (output) =>
    write(runs, flags, output),
  );
  return EXIT.ok;
}

/** Each run once; those of the same second in different places go by their paths. */
function distinct(runs: readonly StoredRun[]): StoredRun[] {
  const byPath = new Map(runs.map((run) => [run.folder.path, run]));
  const names = [...byPath.values()].map(({ folder }) => folder.name);
  return [...byPath.values()].map((run) => {
    const { name, path } = run.folder;
    if (names.indexOf(name) === names.lastIndexOf(name)) return run;
    return {
      folder: { ...run.folder, name: path },
      tasks: run.tasks.map((task) => ({ ...task, run: path })),
    };
  });
}

async function write(runs: readonly StoredRun[], flags: ExportFlags, output: Output): Promise<void> {
  if (flags.format === 'openmetrics') {
    output.write(openMetricsText(metricFamilies(runs.flatMap(({ tasks }) => tasks))));
  } else if (flags.format === 'markdown') {
    output.write(runs.map(blockOf).join('\n'));
  } else if (flags.table === 'requests') {
    await writeTable(REQUEST_COLUMNS, requestsOf(runs), flags, output);
  } else {
    if (runs.every(({ tasks }) => tasks.every(({ judged }) => judged.length === 0))) throw notScored(runs);
    await writeTable(SAMPLE_COLUMNS, samplesOf(runs), flags, output);
  }
}

function blockOf({ folder, tasks }: StoredRun): string {
  const command = firstCommand(folder);
  return summaryBlock({ run: folder.name, tasks, ...(command === undefined ? {} : { command }) });
}

async function* requestsOf(runs: readonly StoredRun[]) {
  for (const { folder, tasks } of runs) {
    const instantOf = calendarOf(folder);
    for (const task of tasks)
      for await (const record of task.records()) yield requestRow(folder.name, record, instantOf);
  }
}

async function* samplesOf(runs: readonly StoredRun[]) {
  for (const { tasks } of runs)
    for (const { run, model, dataset, judged } of tasks)
      for (const one of judged) yield { run, model, dataset, judged: one };
}

async function writeTable<Row>(
  columns: readonly Column<Row>[],
  rows: AsyncIterable<Row>,
  { format }: ExportFlags,
  output: Output,
): Promise<void> {
  if (format === 'csv') {
    output.write(csvHead(columns));
    for await (const group of groupsOf(rows, CSV_GROUP)) output.write(csvRows(columns, group));
    return;
  }
  const { ParquetTable, ROW_GROUP } = await import('../../report/export/parquet.ts');
  const table = new ParquetTable(columns, output.write, `ais_bench ${toolVersion()}`);
  for await (const group of groupsOf(rows, ROW_GROUP)) await table.add(group);
  await table.finish();
}

const CSV_GROUP = 1000;

async function* groupsOf<Row>(rows: AsyncIterable<Row>, size: number): AsyncGenerator<Row[]> {
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
    where: runs.map(({ folder }) => folder.path).join(', '),
    cure: 'score it first: ais_bench … --mode eval --reuse, or leave --table samples out',
  });
}
