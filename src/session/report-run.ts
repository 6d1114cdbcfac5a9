import { hasStep } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import {
  distinctFindings,
  type Finding,
  finding,
  readFinding,
  scoped,
  storedFinding,
} from '../contract/finding.ts';
import type { RunRecord } from '../contract/record.ts';
import { verdictChanges } from '../evaluate/changes.ts';
import { KeyedRequests } from '../metrics/keyed-requests.ts';
import { type Validity, VERDICTS } from '../metrics/validity.ts';
import type { ChangeReport } from '../report/changes.ts';
import { degradedFindings, degradedTable } from '../report/degraded.ts';
import { markdownPage } from '../report/markdown.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { groupScoreTables } from '../report/summary-groups.ts';
import type { StopReason } from '../sending/control.ts';
import { isUsed, type RunFolder } from '../store/run-folder.ts';
import { readJsonIfThere } from '../store/served.ts';
import { readWorkersFile, type WorkersFile } from '../store/workers-file.ts';
import type { Journal } from './journal.ts';
import type { StageResult } from './judge.ts';
import { measureTask } from './measure.ts';
import type { ReportOptions } from './options.ts';
import { latencyByMetric, type RunResult, scoresByMetric, type TaskReport } from './result.ts';
import { RunPageWriter } from './run-page.ts';
import { scoreTask } from './score.ts';
import { hasScoredLoad, wasLoadTest, withLoad } from './scored-load.ts';
import { countedHitRate, readServerMetrics } from './server-metrics.ts';
import { type StoredScore, storedScore } from './stored-score.ts';
import { changesFile, scoreMatrix, writeChanges, writePerformance, writeSummary } from './write-reports.ts';

interface ReportRun {
  readonly folder: RunFolder;
  readonly journal: Journal;
  readonly options: ReportOptions;
  /** Why the run ended before its last request. */
  readonly stopped?: StopReason | undefined;
  readonly broken?: RunResult['broken'];
}

/** Computes what the record files and transcripts of a run say, and writes its reports. Nothing here looks at the sending itself. */
export async function reportRun(
  plan: Plan,
  results: readonly StageResult[],
  { folder, journal, options, stopped, broken = [] }: ReportRun,
): Promise<RunResult> {
  if (isUsed(folder)) folder.becomeLatest();
  const page = new RunPageWriter(folder, results.length);
  const reading = { folder, journal, options, page, workers: readWorkersFile(folder) };
  const tasks: TaskReport[] = [];
  const changes: ChangeReport[] = [];
  for (const result of results) {
    const found = await reportTask(plan, result, reading);
    tasks.push(found.task);
    changes.push(...found.changes);
  }
  for (const { performance } of tasks) writePerformance(folder, performance);
  writeChanges(folder, changes);
  const accuracy = tasks.flatMap((task) => task.accuracy ?? []);
  const scores = await scoreMatrix(plan, accuracy);
  const performance = tasks.filter(({ isJudge }) => !isJudge).map((task) => task.performance);
  const degraded = keepDegraded(folder, {
    warnings: journal.findings,
    performance,
    accuracy,
  });
  const lost = degradedTable(degraded, degradedFile(folder));
  const title = `ais_bench run ${folder.name}`;
  const { groups } = scores;
  const text = markdownPage({
    ...{ title, accuracy, groups, performance },
    degraded: { findings: degraded, file: degradedFile(folder) },
  });
  writeSummary(folder, scores, { page: text, accuracy });
  const written = page.write(lost, groupScoreTables(groups));
  if (written === undefined) journal.found(finding('PAGE-MISSING', {}));
  const validity = worstValidity(plan, tasks);
  return {
    name: folder.name,
    folder: folder.path,
    plan,
    tasks,
    ...(validity && { validity }),
    ...(stopped && { stopped }),
    broken,
    scores,
    changes,
    findings: distinctFindings([...journal.findings, ...degraded, ...performance.flatMap(scopedFindings)]),
    degraded,
    ...(written !== undefined && { page: written }),
  };
}

function scopedFindings({ model, dataset, summary }: PerformanceReport): Finding[] {
  return summary.findings.map((one) => scoped(one, { model, dataset }));
}

/** The files that hold what the terminal shows only the first lines of. */
export function furtherFiles(folder: Pick<RunFolder, 'file' | 'name'>): {
  changes: string;
  degraded: string;
} {
  return { changes: changesFile(folder), degraded: degradedFile(folder) };
}

function worstValidity(plan: Plan, tasks: readonly TaskReport[]): Validity | undefined {
  if (!wasLoadTest(plan)) return undefined;
  const found = tasks.flatMap(({ validity }) => validity ?? []);
  const rank = ({ verdict }: Validity) => VERDICTS.indexOf(verdict);
  return found.reduce<Validity | undefined>(
    (worst, one) => (worst === undefined || rank(one) > rank(worst) ? one : worst),
    undefined,
  );
}

interface TaskReading extends Pick<ReportRun, 'folder' | 'journal' | 'options'> {
  readonly page: RunPageWriter;
  readonly workers: WorkersFile | undefined;
}

interface ReportedTask {
  readonly task: TaskReport;
  readonly changes: readonly ChangeReport[];
}

/** Reads the records of one task, once, and puts it on the page. */
async function reportTask(
  plan: Plan,
  result: StageResult,
  { folder, journal, options, page, workers }: TaskReading,
): Promise<ReportedTask> {
  const server = await readServerMetrics(folder, result, options, journal);
  const isScored = hasScoredLoad(plan);
  const requests = page.countRequests(plan.mode, isScored);
  const keyed = isScored ? new KeyedRequests() : undefined;
  const servedFromCache = server && countedHitRate(server.summary);
  const alsoTo = (record: RunRecord): void => {
    requests.add(record);
    keyed?.add(record);
  };
  const measured = await measureTask(plan, result, { ...options, servedFromCache }, { workers, alsoTo });
  const performance = { ...measured, ...(server && { server }) };
  const alone = await scoresOf(plan, result, folder);
  const score = keyed && alone.score ? withLoad(alone.score, keyed, performance.summary) : alone.score;
  const { model, dataset } = result.task;
  const isJudge = result.answers !== undefined;
  const name = { model: model.abbr, dataset: dataset.abbr };
  await page.add({
    ...name,
    files: isJudge ? [result.files, result.answers!] : [result.files],
    ...(isJudge ? {} : { performance }),
    requests,
    score,
  });
  return {
    task: { ...name, ...(isJudge && { isJudge }), ...headline(plan, result, performance, score) },
    changes: alone.changes,
  };
}

/** What most callers want of a task, and everything behind it. */
function headline(
  plan: Plan,
  { outcome: { lost } }: StageResult,
  performance: PerformanceReport,
  score: StoredScore | undefined,
): Omit<TaskReport, 'model' | 'dataset' | 'isJudge'> {
  const { validity, rows, further } = performance.summary;
  return {
    ...(score && { score: scoresByMetric(score.report) }),
    latency: latencyByMetric([...rows, ...further]),
    ...(wasLoadTest(plan) && { validity }),
    performance,
    ...(score && { accuracy: score.report }),
    ...(lost && lost.length > 0 && { lost }),
  };
}

function degradedFile(folder: Pick<RunFolder, 'file' | 'name'>): string {
  return folder.file('summary', `degraded_${folder.name}.json`);
}

/** Kept with the run, also where there is none: a report that is made again has the warnings of the sessions before. */
function keepDegraded(folder: RunFolder, found: Parameters<typeof degradedFindings>[0]): Finding[] {
  const file = degradedFile(folder);
  const kept = readJsonIfThere(file);
  const before = (Array.isArray(kept) ? kept : [])
    .filter((one: { readonly task?: unknown }) => one.task === undefined)
    .map(readFinding)
    .filter(({ scope }) => Object.keys(scope).length === 0);
  const degraded = degradedFindings({ ...found, warnings: [...before, ...found.warnings] });
  folder.write(file, `${JSON.stringify(degraded.map(storedFinding), null, 2)}\n`);
  return degraded;
}

interface TaskScores {
  /** What was scored now, or lies on disk, with the verdicts. */
  readonly score?: StoredScore;
  readonly changes: readonly ChangeReport[];
}

const NO_SCORE: TaskScores = { changes: [] };

/** Scores a task and writes the score, beside what it changed; where the mode sends nothing and scores nothing, the score on disk counts. */
async function scoresOf(plan: Plan, result: StageResult, folder: RunFolder): Promise<TaskScores> {
  const { mode } = plan;
  const { model, dataset } = result.task;
  if (dataset.judge !== undefined) return NO_SCORE;
  if (!hasStep(mode, 'score')) {
    const isNone = hasStep(mode, 'ask') || (wasLoadTest(plan) && !hasScoredLoad(plan));
    const stored = isNone ? undefined : storedScore(folder, result);
    return stored === undefined ? NO_SCORE : { score: stored, changes: [] };
  }
  const scored = await scoreTask(result);
  if (scored === undefined) return NO_SCORE;
  const before = hasStep(mode, 'ask') ? undefined : storedScore(folder, result);
  folder.write(folder.file('results', model.abbr, `${dataset.abbr}.json`), scored.details);
  const changes = verdictChanges(before?.judged ?? [], scored.judged);
  return {
    score: scored,
    changes: changes.length === 0 ? [] : [{ model: model.abbr, dataset: dataset.abbr, changes }],
  };
}
