/** What the files of a run tell of each of its tasks; no service is asked and nothing is written. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { folderOf, type Load, loadsIn, noRecords } from '../cli/find-loads.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { RunRecord } from '../contract/record.ts';
import type { Judged } from '../evaluate/types.ts';
import type { Summary } from '../metrics/types.ts';
import type { ExportedTask } from '../report/export/task.ts';
import { lastAttempts } from '../store/last-attempts.ts';
import { readRecords } from '../store/read-back.ts';
import { openRunFolder, type RunFolder } from '../store/run-folder.ts';
import { readJsonIfThere, ServedModels } from '../store/served.ts';
import { storedScore, storedUnderLoad } from './stored-score.ts';

export interface StoredRun {
  readonly folder: RunFolder;
  readonly tasks: readonly StoredTask[];
}

interface StoredTask extends ExportedTask {
  /** Verdicts in the order of the results; none where nothing was scored. */
  readonly judged: readonly Judged[];
  /** In the order in which requests ended; of a continued run those that count. */
  records(): AsyncIterable<RunRecord>;
}

/** Throws RUN-DATA-001 where there are no records, or where a file is broken. */
export async function openStoredRun(run: string): Promise<StoredRun> {
  const loads = loadsIn(folderOf(run));
  if (loads.length === 0) throw noRecords(run);
  // `latest` is a link: the run has a name of its own.
  const folder = openRunFolder(realpathSync(folderOf(run)), (text) => text);
  const continued = new Set((readJsonIfThere(folder.file('configs', 'continued.json')) ?? []) as string[]);
  const setting = { folder, continued, served: new ServedModels(folder), underLoad: storedUnderLoad(folder) };
  const tasks: StoredTask[] = [];
  for (const load of loads) tasks.push(await openTask(load, setting));
  return { folder, tasks };
}

interface Setting {
  readonly folder: RunFolder;
  /** Model and dataset of tasks that several sessions asked, as JSON. */
  readonly continued: ReadonlySet<string>;
  readonly served: ServedModels;
  readonly underLoad: ReturnType<typeof storedUnderLoad>;
}

async function openTask({ stem, files }: Load, setting: Setting): Promise<StoredTask> {
  const { folder, continued, served } = setting;
  const report = reportAt(`${stem}.json`);
  const read = () => readRecords(files);
  const { model, dataset } = report ?? (await firstCall(read())) ?? namesIn(stem);
  const simulated = served.isSimulated(model);
  const task = { model: { abbr: model }, dataset: { abbr: dataset } };
  const stored = storedScore(folder, { task, simulated });
  const underLoad = setting.underLoad(model, dataset);
  return {
    ...{ run: folder.name, model, dataset, simulated },
    ...(report === undefined ? {} : { summary: report.summary }),
    isLoadTest: report !== undefined && report.takenInAccuracyRun === undefined,
    ...(stored === undefined ? {} : { accuracy: { ...stored.report, ...(underLoad && { underLoad }) } }),
    judged: stored?.judged ?? [],
    records: continued.has(JSON.stringify([model, dataset])) ? () => lastAttempts(read) : read,
  };
}

/** `performances/<model>/<dataset>.json`, as report/json.ts writes it. */
interface StoredReport {
  readonly model: string;
  readonly dataset: string;
  readonly summary: Summary;
  readonly takenInAccuracyRun?: unknown;
}

/** Undefined of a run that was killed. Throws RUN-DATA-001 for a file that no report is in. */
function reportAt(path: string): StoredReport | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { definitions, summary, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof summary === 'object' && Array.isArray(summary?.rows))
      return { ...rest, summary: { definitions, ...summary } };
  } catch (cause) {
    throw notAReport(path, cause);
  }
  throw notAReport(path);
}

function notAReport(path: string, cause?: unknown): AisBenchError {
  return new AisBenchError('RUN-DATA-001', 'this file is no performance report', {
    where: path,
    cure: 'make it again: ais_bench … --mode perf_viz --reuse, or viz of an accuracy run',
    cause,
  });
}

async function firstCall(records: AsyncIterable<RunRecord>): Promise<RunRecord['call'] | undefined> {
  for await (const { call } of records) return call;
  return undefined;
}

function namesIn(stem: string): { model: string; dataset: string } {
  return { model: basename(dirname(stem)), dataset: basename(stem) };
}
