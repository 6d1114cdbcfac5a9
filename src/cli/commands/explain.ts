import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { EXIT } from '../../contract/errors.ts';
import { DifferenceFinder } from '../../metrics/dialects/differences.ts';
import { Dialects } from '../../metrics/dialects/index.ts';
import { DIALECTS } from '../../metrics/dialects/types.ts';
import { UNKNOWN_EVENT } from '../../metrics/payload-kinds.ts';
import { RunSummary } from '../../metrics/summary.ts';
import type { SummaryOptions } from '../../metrics/types.ts';
import { dialectTables } from '../../report/dialects.ts';
import { explainTable } from '../../report/explain.ts';
import type { Table } from '../../report/table.ts';
import { renderTerminal } from '../../report/terminal.ts';
import { readRecords } from '../../store/read-back.ts';
import { type ReportFlags, slosOf } from '../args/flag-values.ts';
import { folderOf, type Load, loadsIn, noRecords } from '../find-loads.ts';
import { terminalOptions } from '../print/terminal-options.ts';
import { readingRuns } from '../reading-runs.ts';

/** Of a run that was imported. */
const EVENTS_UNKNOWN =
  'what the events brought was not kept: only the tool that made this run can be computed, the others look at it';

/** `ais_bench explain RUN`: one run counted as each tool counts, and why the numbers differ. Reads files only. */
export function explain(run: string, flags: ReportFlags): Promise<number> {
  return readingRuns([run], () => explainRun(run, flags));
}

async function explainRun(run: string, flags: ReportFlags): Promise<number> {
  const loads = loadsIn(folderOf(run));
  if (loads.length === 0) throw noRecords(run);
  for (const load of loads) {
    const tables = await explainLoad(load, flags);
    process.stdout.write(`\n${renderTerminal(tables, [], terminalOptions())}`);
  }
  return EXIT.ok;
}

async function explainLoad({ stem, files }: Load, flags: ReportFlags): Promise<Table[]> {
  const options = optionsOf(stem, flags);
  const run = new RunSummary(options);
  const dialects = new Dialects(DIALECTS, options);
  const differences = new DifferenceFinder();
  let unknown = false;
  for await (const record of readRecords(files)) {
    unknown ||= record.times.events?.kind.includes(UNKNOWN_EVENT) ?? false;
    run.add(record);
    dialects.add(record);
    differences.add(record);
  }
  const reports = dialects
    .finish()
    .filter(({ dialect, stage = 'total' }) => stage === 'total' && (!unknown || dialect === 'aisbench'));
  const title = `${basename(dirname(stem))}, ${basename(stem)}: the same records, counted by each tool`;
  const asked = reports.filter(({ dialect }) => dialect === flags.metricDialect);
  return [
    explainTable(title, run.finish(), reports, differences.found(), unknown ? [EVENTS_UNKNOWN] : []),
    ...asked.flatMap((report) => dialectTables(report)),
  ];
}

/** What the records do not hold is in the report beside them; a run that was killed has none and is taken for a closed loop. */
function optionsOf(stem: string, flags: ReportFlags): SummaryOptions {
  const report = `${stem}.json`;
  const told = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  const slos = slosOf(flags);
  const ratePerSecond: unknown = told.summary?.load?.askedRate;
  return {
    concurrency: told['Max Concurrency']?.total ?? Number.MAX_SAFE_INTEGER,
    ...(typeof ratePerSecond === 'number' ? { ratePerSecond } : {}),
    ...(slos === undefined ? {} : { slos }),
  };
}
