import { defined } from '../../basics/defined.ts';
import { EXIT } from '../../contract/errors.ts';
import { DifferenceFinder } from '../../metrics/dialects/differences.ts';
import { Dialects } from '../../metrics/dialects/index.ts';
import { DIALECTS } from '../../metrics/dialects/types.ts';
import { UNKNOWN_EVENT } from '../../metrics/event-tokens.ts';
import { RunSummary } from '../../metrics/summary.ts';
import type { SummaryOptions } from '../../metrics/types.ts';
import { dialectTables, explainTable } from '../../report/dialects.ts';
import type { Table } from '../../report/table.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { noRecords, openRun, readingRuns, type StoredTask } from '../../session/open-run.ts';
import { type ReportFlags, slosOf } from '../args/flag-values.ts';
import { terminalOptions } from '../print/output.ts';

/** Of a run that was imported. */
const EVENTS_UNKNOWN =
  'what the events brought was not kept: only the tool that made this run can be computed, the others look at it';

/** `ais_bench explain RUN`: one run counted as each tool counts, and why the numbers differ. Reads files only. */
export async function explain(run: string, flags: ReportFlags): Promise<number> {
  const { tasks } = await openRun(run);
  const measured = tasks.filter(({ recordFiles }) => recordFiles.length > 0);
  if (measured.length === 0) throw noRecords(run);
  for (const task of measured) {
    const tables = await readingRuns([run], () => explainTask(task, flags));
    process.stdout.write(`\n${renderTerminal(tables, [], terminalOptions())}`);
  }
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
  const concurrency = summary?.common.find(({ name }) => name === 'Max Concurrency')?.value;
  return {
    concurrency: concurrency ?? Number.MAX_SAFE_INTEGER,
    ...defined({ ratePerSecond: summary?.load.askedRate, slos: slosOf(flags) }),
  };
}
