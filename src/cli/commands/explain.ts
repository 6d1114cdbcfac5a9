import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AisBenchError, EXIT } from '../../errors.ts';
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
import { type ReportFlags, slosIn } from '../report-flags.ts';
import { terminalOptions } from '../terminal-options.ts';

/** Of a run that was imported. */
const EVENTS_UNKNOWN =
  'what the events brought was not kept: only the tool that made this run can be computed, the others look at it';

const RECORDS = /_records(?:\.w\d+)?\.jsonl$/;

/** `ais_bench explain RUN`: one run counted as each tool counts, and why the numbers differ. Reads files only. */
export async function explain(run: string, flags: ReportFlags): Promise<number> {
  const loads = loadsIn(folderOf(run));
  if (loads.length === 0) throw noRecords(run);
  for (const load of loads) {
    const tables = await explainLoad(load, flags);
    process.stdout.write(`\n${renderTerminal(tables, [], terminalOptions())}`);
  }
  return EXIT.ok;
}

/** A path, or the name of a run in the usual folder. */
function folderOf(run: string): string {
  const usual = join('outputs', 'default', run);
  return !existsSync(run) && existsSync(usual) ? usual : run;
}

/** One model on one dataset: its record files, one a load worker, share the path before `_records`. */
interface Load {
  readonly stem: string;
  readonly files: readonly string[];
}

function loadsIn(folder: string): Load[] {
  const place = join(folder, 'performances');
  if (!existsSync(place)) return [];
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => RECORDS.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(place, name));
  const stems = new Set(files.map((file) => file.replace(RECORDS, '')));
  return [...stems].map((stem) => ({
    stem,
    files: files.filter((file) => file.replace(RECORDS, '') === stem),
  }));
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
  const slos = slosIn(flags);
  const ratePerSecond: unknown = told.summary?.load?.askedRate;
  return {
    concurrency: told['Max Concurrency']?.total ?? Number.MAX_SAFE_INTEGER,
    ...(typeof ratePerSecond === 'number' ? { ratePerSecond } : {}),
    ...(slos === undefined ? {} : { slos }),
  };
}

function noRecords(run: string): AisBenchError {
  return new AisBenchError('RUN-DATA-001', 'there are no records of a run here', {
    where: run,
    cure: 'name the folder that the run printed as Results, e.g. outputs/default/latest',
  });
}
