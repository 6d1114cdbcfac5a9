import { defined } from '../../basics/defined.ts';
import { toolVersion } from '../../basics/version.ts';
import { AisBenchError, EXIT } from '../../contract/errors.ts';
import { summaryBlock } from '../../report/export/block.ts';
import { csvHead, csvRows, type ExportColumn } from '../../report/export/column.ts';
import { metricFamilies, openMetricsText } from '../../report/export/openmetrics.ts';
import { REQUEST_COLUMNS, requestRow, SAMPLE_COLUMNS } from '../../report/export/requests.ts';
import { noRecords, openRun, readingRuns, type StoredRun } from '../../session/open-run.ts';
import type { ExportFlags } from '../args/flag-values.ts';
import { type Output, withOutput } from '../print/output.ts';

/** `ais_bench export RUN…`: runs for other tools, from their files. */
export async function exportRuns(names: readonly string[], flags: ExportFlags): Promise<number> {
  const runs = distinctRuns(await Promise.all(names.map(openRun)));
  for (const [n, run] of runs.entries())
    if (run.tasks.every(({ recordFiles }) => recordFiles.length === 0)) throw noRecords(names[n]!);
  await readingRuns(names, () =>
    withOutput({ out: flags.out, isBinary: flags.format === 'parquet' }, (output) =>
      write(runs, flags, output),
    ),
  );
  return EXIT.ok;
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
