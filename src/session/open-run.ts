/** The reader of finished runs: everything here comes from the files of a folder; nothing is sent and nothing is written. */
import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { filesBelow } from '../basics/files-below.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { RunRecord, Transcript } from '../contract/record.ts';
import type { Judged, Verdict } from '../evaluate/types.ts';
import { readSummary } from '../metrics/stored-summary.ts';
import type { Summary } from '../metrics/types.ts';
import type { ExportedTask } from '../report/export/task.ts';
import { isImported, plansOf } from '../store/find-run.ts';
import { calendarOf, firstCommand } from '../store/history.ts';
import { requirePlain } from '../store/plain-folder.ts';
import { lastAttempts, readRecords, readTranscripts } from '../store/read-back.ts';
import { openRunFolder, type RunFolder } from '../store/run-folder.ts';
import { readJsonIfThere, ServedModels } from '../store/served.ts';
import { storedScore, storedUnderLoad } from './stored-score.ts';

/** A finished run, from its folder. Records and texts are read when a caller iterates over them; none are held. */
export interface StoredRun {
  /** Name of its folder: a link such as `latest` is followed. */
  readonly name: string;
  /** Path of its folder. */
  readonly folder: string;
  /** The plan of its last session as it was kept, secrets masked; of an imported run what is known of its tasks. */
  readonly plan: unknown;
  /** What the services said of themselves, by model: their model's name, and whether their answers are simulated. */
  readonly served: Readonly<Record<string, { readonly name?: string; readonly simulated?: boolean }>>;
  /** AISBench made it. */
  readonly isImported: boolean;
  /** Several sessions worked on it. */
  readonly isContinued: boolean;
  /** The command that began it, secrets masked; undefined where an older version made it, or a program. */
  readonly command?: string;
  readonly tasks: readonly StoredTask[];
  /** Returns the instant of a time on the run's clock (ms); undefined where the run did not keep it. */
  instant(milliseconds: number): Date | undefined;
  /** Reads the samples of all tasks. */
  samples(filter?: SampleFilter): AsyncIterable<StoredSample>;
}

/** One model on one dataset, measured, scored or both. */
export interface StoredTask extends ExportedTask {
  /** Record files, one a process that sent; empty where only scores are there. */
  readonly recordFiles: readonly string[];
  /** The performance report as it was written; absent of a run that was killed. */
  readonly report?: StoredReport;
  /** Verdicts in the order of the results; none where nothing was scored. */
  readonly judged: readonly Judged[];
  /** Reads the records in the order in which requests ended; of a continued run those that count. */
  records(): AsyncIterable<RunRecord>;
  /** Reads prompts and answers; of a continued run those that count. */
  transcripts(): AsyncIterable<Transcript>;
  /** Reads the transcripts, each with its verdict where it was scored. */
  samples(filter?: SampleFilter): AsyncIterable<StoredSample>;
}

export interface SampleFilter {
  readonly verdict?: Verdict;
}

/** A request's texts, and what was made of the answer. */
export interface StoredSample extends Transcript {
  /** Absent where the answer was not scored. */
  readonly judged?: Judged;
}

/** `performances/<model>/<dataset>.json` as `report/csv.ts` writes it. */
export interface StoredReport {
  readonly model: string;
  readonly dataset: string;
  readonly summary: Summary;
  readonly takenInAccuracyRun?: unknown;
}

/**
 * Opens a finished run: a path, or the name of a run below `outputs/default`. Throws RUN-DATA-001 where no run is there, where the
 * folder holds runs instead of being one, or where a file is broken.
 */
export function openRun(path: string): Promise<StoredRun> {
  return readingRuns([path], () => open(path));
}

async function open(path: string): Promise<StoredRun> {
  const found = findFolder(path);
  if (!existsSync(found)) throw noRecords(path);
  const folder = openRunFolder(realpathSync(found), (text) => text);
  const continued = new Set((readJsonIfThere(folder.file('configs', 'continued.json')) ?? []) as string[]);
  const reading = { folder, continued, served: new ServedModels(folder), underLoad: storedUnderLoad(folder) };
  const tasks: StoredTask[] = [];
  for (const files of taskFiles(folder.path)) tasks.push(await openTask(files, reading));
  if (tasks.length === 0)
    throw existsSync(join(folder.path, 'configs')) ? nothingThere(path) : noRecords(path);
  const command = firstCommand(folder);
  return {
    name: folder.name,
    folder: folder.path,
    plan: storedPlan(folder),
    served: (readJsonIfThere(folder.file('configs', 'served.json')) ?? {}) as StoredRun['served'],
    isImported: isImported(folder.path),
    isContinued: existsSync(folder.file('configs', 'continued.json')),
    ...(command === undefined ? {} : { command }),
    tasks,
    instant: calendarOf(folder),
    samples: async function* (filter) {
      for (const task of tasks) yield* task.samples(filter);
    },
  };
}

/** Of several sessions the last plan; a run that was killed at its very start has none. */
function storedPlan(folder: RunFolder): unknown {
  if (isImported(folder.path)) return readJsonIfThere(folder.file('configs', 'imported.json'));
  return existsSync(folder.file('configs')) ? plansOf(folder.path).at(-1) : undefined;
}

function findFolder(run: string): string {
  const usual = join('outputs', 'default', run);
  const folder = !existsSync(run) && existsSync(usual) ? usual : run;
  const newest = join(folder, 'latest');
  if (lstatSync(newest, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new AisBenchError('RUN-DATA-001', 'this folder holds runs and is none itself', {
      where: folder,
      cure: `name one of them, e.g. ${newest}`,
    });
  }
  requirePlain(folder);
  return folder;
}

/** The files of one task share the path before `_records`. */
interface TaskFileNames {
  readonly model: string;
  readonly dataset: string;
  readonly recordFiles: readonly string[];
}

const RECORDS = /_records(?:\.w\d+)?\.jsonl$/;

/** Everything that was measured or scored, measured tasks first, as the files are called. */
function taskFiles(folder: string): TaskFileNames[] {
  const records = matchingFiles(join(folder, 'performances'), RECORDS);
  const results = matchingFiles(join(folder, 'results'), /\.json$/);
  const stems = new Map<string, TaskFileNames>();
  for (const [ending, files] of [
    [RECORDS, records],
    [/\.json$/, results],
  ] as const) {
    for (const file of files) {
      const stem = file.replace(ending, '');
      const [model, dataset] = [basename(dirname(stem)), basename(stem)];
      const key = JSON.stringify([model, dataset]);
      const before = stems.get(key) ?? { model, dataset, recordFiles: [] };
      stems.set(key, ending === RECORDS ? { ...before, recordFiles: [...before.recordFiles, file] } : before);
    }
  }
  return [...stems.values()];
}

function matchingFiles(folder: string, pattern: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return filesBelow(folder)
    .filter((name) => pattern.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(folder, name));
}

interface TaskReading {
  readonly folder: RunFolder;
  /** Model and dataset of tasks that several sessions worked on, as JSON. */
  readonly continued: ReadonlySet<string>;
  readonly served: ServedModels;
  readonly underLoad: ReturnType<typeof storedUnderLoad>;
}

async function openTask(files: TaskFileNames, reading: TaskReading): Promise<StoredTask> {
  const { folder, continued, served } = reading;
  const { recordFiles } = files;
  const report = readReport(folder.file('performances', files.model, `${files.dataset}.json`));
  const { model, dataset } = report ?? (await firstCall(recordFiles)) ?? files;
  const simulated = served.isSimulated(model);
  const stored = storedScore(folder, {
    task: { model: { abbr: model }, dataset: { abbr: dataset } },
    simulated,
  });
  const underLoad = reading.underLoad(model, dataset);
  const judged = stored?.judged ?? [];
  const counting = <T extends Pick<RunRecord, 'call'>>(read: () => AsyncIterable<T>) =>
    continued.has(JSON.stringify([model, dataset])) ? () => lastAttempts(read) : read;
  const transcripts = counting(() => readTranscripts(folder.predictions(model, dataset)));
  return {
    ...{ run: folder.name, model, dataset, simulated, recordFiles },
    ...(report === undefined ? {} : { summary: report.summary, report }),
    isLoadTest: report !== undefined && report.takenInAccuracyRun === undefined,
    ...(stored === undefined ? {} : { accuracy: { ...stored.report, ...(underLoad && { underLoad }) } }),
    judged,
    records: counting(() => readRecords(recordFiles)),
    transcripts,
    samples: (filter) => judgedSamples(transcripts(), judged, filter),
  };
}

async function* judgedSamples(
  transcripts: AsyncIterable<Transcript>,
  judged: readonly Judged[],
  { verdict }: SampleFilter = {},
): AsyncGenerator<StoredSample> {
  const key = ({ id, turn }: Pick<Judged, 'id' | 'turn'>) => `${id} ${turn ?? ''}`;
  const known = new Map(judged.map((one) => [key(one), one]));
  for await (const transcript of transcripts) {
    const own = known.get(key(transcript.call));
    if (verdict === undefined || own?.verdict === verdict)
      yield { ...transcript, ...(own && { judged: own }) };
  }
}

/** Undefined of a run that was killed. Throws RUN-DATA-001 for a file that no report is in. */
function readReport(path: string): StoredReport | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const { definitions, summary, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof summary === 'object' && Array.isArray(summary?.rows))
      return { ...rest, summary: readSummary({ definitions, ...summary }) };
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

async function firstCall(files: readonly string[]): Promise<RunRecord['call'] | undefined> {
  for await (const { call } of readRecords(files)) return call;
  return undefined;
}

/** The error of a folder without records. */
export function noRecords(run: string): AisBenchError {
  return new AisBenchError('RUN-DATA-001', 'there are no records of a run here', {
    where: run,
    cure: 'name the folder that the run printed as Results, e.g. outputs/default/latest',
  });
}

function nothingThere(run: string): AisBenchError {
  return new AisBenchError('RUN-DATA-001', 'this run has neither records nor scores', {
    where: run,
    cure: 'score its answers first (--mode eval --reuse, or ais_bench import with --datasets), or name another run',
  });
}

/**
 * Reads files of finished runs, which may come from anywhere: a value that no run writes, and that cannot be computed with, becomes
 * RUN-DATA-001 instead of a crash.
 */
export async function readingRuns<T>(folders: readonly string[], read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const isOfData =
      cause instanceof TypeError || cause instanceof RangeError || cause instanceof SyntaxError;
    if (!isOfData) throw cause;
    throw new AisBenchError(
      'RUN-DATA-001',
      `a file of this run holds what no run writes: ${messageOf(cause)}`,
      {
        where: folders.join(', '),
        cure: 'get the folder again, as the run left it; of an untouched folder report this as a bug',
        cause,
      },
    );
  }
}
