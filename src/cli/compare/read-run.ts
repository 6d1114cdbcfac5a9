import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isLoadTest, MODES } from '../../config/modes.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { type Finding, finding, readFinding } from '../../contract/finding.ts';
import type { CallRef, RunRecord } from '../../contract/record.ts';
import { everyEventCounts } from '../../metrics/dialects/every-event.ts';
import { goodRows, type Slos } from '../../metrics/goodput.ts';
import { GapCounts, RequestSample } from '../../metrics/request-sample.ts';
import { percentileOf } from '../../metrics/stats.ts';
import type { Run } from '../../report/compare/compare-runs.ts';
import type { Asked, Measured, RunName, TaskSide } from '../../report/compare/types.ts';
import { isImported, plansOf } from '../../store/find-run.ts';
import { lastAttempts } from '../../store/last-attempts.ts';
import { readRecords, readTranscripts } from '../../store/read-back.ts';
import { openRunFolder } from '../../store/run-folder.ts';
import { readJsonIfThere } from '../../store/served.ts';
import { folderOf, type Load, loadsIn, noRecords } from '../find-loads.ts';
import { storedScore } from '../stored-scores.ts';

interface Wanted {
  /** Ascending. */
  readonly percentiles: readonly number[];
  readonly slos?: Slos | undefined;
  /** One of the runs was imported: every event counts in all of them, as in AISBench. */
  readonly asAisbench: boolean;
}

/** Whether another tool made that run. */
export function wasImported(given: string): boolean {
  return isImported(folderOf(given));
}

/** A finished run from its folder alone. Throws RUN-DATA-001 where there is none. */
export async function readRun(given: string, letter: string, wanted: Wanted): Promise<Run> {
  const folder = folderOf(given);
  // `latest` is a link: the run has a name of its own.
  const path = existsSync(folder) ? realpathSync(folder) : resolve(folder);
  const names = tasksIn(path);
  if (names.size === 0) throw existsSync(join(path, 'configs')) ? neither(given) : noRecords(given);
  const loads = new Map(loadsIn(path).map((load) => [nameOf(load.stem), load]));
  const isContinued = existsSync(join(path, 'configs', 'continued.json'));
  const tasks: TaskSide[] = [];
  for (const [key, { model, dataset }] of names)
    tasks.push(await readTask({ path, model, dataset, load: loads.get(key), isContinued }, wanted));
  const name: RunName = { letter, name: basename(path), path: given };
  const findings = runFindings(path, letter, isContinued);
  const withRuns = tasks.map((task) => ({ ...task, findings: [...findings, ...task.findings] }));
  return { name, ...planIn(path), tasks: withRuns, findings };
}

function neither(run: string): AisBenchError {
  return new AisBenchError(
    'RUN-DATA-001',
    'this run has neither records nor scores: there is nothing to compare',
    {
      where: run,
      cure: 'score its answers first (--mode eval --reuse, or ais_bench import with --datasets), or name another run',
    },
  );
}

interface TaskName {
  readonly model: string;
  readonly dataset: string;
}

function nameOf(stem: string): string {
  return JSON.stringify([basename(dirname(stem)), basename(stem)]);
}

/** Model and dataset of everything that was measured or scored, as the files are called. */
function tasksIn(path: string): Map<string, TaskName> {
  const stems = [
    ...loadsIn(path).map(({ stem }) => stem),
    ...filesBelow(join(path, 'results')).map((file) => file.replace(/\.json$/, '')),
  ];
  return new Map(
    stems.map((stem) => [nameOf(stem), { model: basename(dirname(stem)), dataset: basename(stem) }]),
  );
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return found
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => join(folder, file));
}

interface TaskPlace extends TaskName {
  readonly path: string;
  readonly load: Load | undefined;
  readonly isContinued: boolean;
}

async function readTask(
  { path, model, dataset, load, isContinued }: TaskPlace,
  wanted: Wanted,
): Promise<TaskSide> {
  const folder = openRunFolder(path, (text) => text);
  const stored = storedScore(folder, {
    task: { model: { abbr: model }, dataset: { abbr: dataset } } as Parameters<typeof storedScore>[1]['task'],
    simulated: false,
  });
  const asked = await askedIn(folder.predictions(model, dataset), isContinued);
  const measured = load === undefined ? undefined : await measuredIn(load, isContinued, wanted);
  return {
    model,
    dataset,
    asked,
    findings: load === undefined ? [] : findingsIn(`${load.stem}.json`),
    ...(stored === undefined ? {} : { scored: { ...stored.report.card, judged: stored.judged } }),
    ...(measured === undefined ? {} : { measured }),
  };
}

/** The beginnings of so many prompts are kept, to show where two part; of the others their hash. */
const EXCERPTS = 200;
const EXCERPT_CHARACTERS = 2000;

async function askedIn(path: string, isContinued: boolean): Promise<Map<string, Asked>> {
  const read = () => readTranscripts(path);
  const asked = new Map<string, Asked>();
  for await (const { call, prompt } of isContinued ? lastAttempts(read) : read()) {
    const text = textOf(prompt);
    const hash = createHash('sha256').update(text).digest('base64');
    const excerpt = asked.size < EXCERPTS ? { excerpt: text.slice(0, EXCERPT_CHARACTERS) } : {};
    asked.set(placeOf(call), { id: call.id, hash, ...excerpt });
  }
  return asked;
}

function placeOf({ index, repetition, turn = 0, label = '' }: CallRef): string {
  return `${index} ${repetition} ${turn} ${label}`.trimEnd();
}

function textOf(prompt: unknown): string {
  return typeof prompt === 'string' ? prompt : (JSON.stringify(prompt) ?? '');
}

async function measuredIn(
  { stem, files }: Load,
  isContinued: boolean,
  { percentiles, slos, asAisbench }: Wanted,
): Promise<Measured> {
  const read = (): AsyncIterable<RunRecord> =>
    isContinued ? lastAttempts(() => readRecords(files)) : readRecords(files);
  const seen = asAisbench ? everyEventCounts : (record: RunRecord) => record;
  const sample = new RequestSample();
  const counts = { requests: 0, failed: 0, retried: 0 };
  for await (const record of read()) {
    sample.add(seen(record));
    counts.requests++;
    if (record.outcome === 'failed') counts.failed++;
    else if (record.attempt > 1) counts.retried++;
  }
  const { gaps } = sample;
  const limits =
    gaps.length === 0
      ? []
      : percentiles.map((p) => percentileOf(gaps.length, (rank) => gaps.valueAt(rank), p));
  const shares = new GapCounts(limits);
  if (limits.length > 0) for await (const record of read()) shares.add(seen(record));
  const good = slos && goodRows(sample.table, slos);
  return {
    sample,
    gaps: { percentiles, counts: shares.finish() },
    ...counts,
    ...validityIn(`${stem}.json`),
    ...(good === undefined ? {} : { good }),
  };
}

/** Only a load test's report has a verdict at its top. */
function validityIn(report: string): Pick<Measured, 'validity'> {
  const { verdict, reasons, summary } = readReport(report);
  if (typeof verdict !== 'string') return {};
  const found = summary?.validity?.findings ?? reasons;
  return { validity: { verdict, findings: Array.isArray(found) ? found.map(readFinding) : [] } };
}

/** Everything that a report says, the verdict's reasons first. */
function findingsIn(report: string): Finding[] {
  const { reasons, summary } = readReport(report);
  const found = [summary?.validity?.findings ?? reasons ?? [], summary?.findings ?? summary?.notes ?? []];
  return found.flatMap((list) => (Array.isArray(list) ? list.map(readFinding) : []));
}

/** A report as it lies on disk; those of earlier versions have sentences. */
interface StoredReport {
  readonly verdict?: unknown;
  readonly reasons?: unknown;
  readonly summary?: {
    readonly validity?: { readonly findings?: unknown };
    readonly findings?: unknown;
    readonly notes?: unknown;
  };
}

function readReport(path: string): StoredReport {
  return (readJsonIfThere(path) ?? {}) as StoredReport;
}

/** Of a run of several sessions the last plan; the model that a service named is part of what was asked. */
function planIn(path: string): Pick<Run, 'plan' | 'isImported'> {
  const served = readJsonIfThere(join(path, 'configs', 'served.json'));
  if (!isImported(path))
    return {
      plan: { ...(plansOf(path).at(-1) as object), ...(served === undefined ? {} : { served }) },
      isImported: false,
    };
  const { tasks } = readJsonIfThere(join(path, 'configs', 'imported.json')) as { tasks?: unknown };
  return { plan: { tasks }, isImported: true };
}

function runFindings(path: string, run: string, isContinued: boolean): Finding[] {
  const served = Object.values((readJsonIfThere(join(path, 'configs', 'served.json')) ?? {}) as object);
  return [
    ...(isImported(path) ? [finding('RUN-IMPORTED', { run })] : []),
    ...(isAccuracyRun(path) ? [finding('RUN-NOT-A-LOAD-TEST', { run })] : []),
    ...(isContinued ? [finding('RUN-CONTINUED', { run })] : []),
    ...(served.some(({ simulated }) => simulated === true) ? [finding('RUN-SIMULATED', { run })] : []),
  ];
}

/** Of a run that was imported it is not known. */
function isAccuracyRun(path: string): boolean {
  const mode = isImported(path) ? undefined : (plansOf(path).at(-1) as { mode?: unknown } | undefined)?.mode;
  return MODES.some((one) => one === mode && !isLoadTest(one));
}
