import { plural } from '../basics/plural.ts';
import type { CourseFlags } from '../cli/course-flags.ts';
import type { RunLog } from '../cli/log.ts';
import type { ReportFlags } from '../cli/report-flags.ts';
import type { RunPart } from '../cli/run-part.ts';
import type { ServerMetricsFlags } from '../cli/server-metrics-flags.ts';
import { terminalOptions } from '../cli/terminal-options.ts';
import { hasStep, isLoadTest } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import { EXIT } from '../contract/errors.ts';
import type { RunRecord } from '../contract/record.ts';
import { verdictChanges } from '../evaluate/changes.ts';
import { KeyedRequests } from '../metrics/keyed-requests.ts';
import type { Summary } from '../metrics/types.ts';
import { type AccuracyReport, accuracyTables } from '../report/accuracy.ts';
import { type ChangeReport, changesCsv, changeTables } from '../report/changes.ts';
import { performanceCsv } from '../report/csv.ts';
import { type Degraded, degradedIn, degradedTable } from '../report/degraded.ts';
import { groupScoreTables } from '../report/group-scores.ts';
import { groupsCsv } from '../report/groups-csv.ts';
import { performanceJson } from '../report/json.ts';
import { markdownPage } from '../report/markdown.ts';
import { isSingle, matrixTables } from '../report/matrix.ts';
import { type PerformanceReport, performanceTables } from '../report/performance.ts';
import type { Table } from '../report/table.ts';
import { renderTerminal } from '../report/terminal.ts';
import { underLoadTables } from '../report/under-load.ts';
import { isUsed, type RunFolder } from '../store/run-folder.ts';
import { readJsonIfThere } from '../store/served.ts';
import { readWorkersFile, type WorkersFile } from '../store/workers-file.ts';
import { groupsOf } from './dataset-groups.ts';
import type { StageResult } from './judge.ts';
import { isFact, performanceOf, SIMULATED } from './measure.ts';
import { RunPageWriter } from './run-page.ts';
import { scoreTask } from './score.ts';
import { hasScoredLoad, wasLoadTest, withLoad } from './scored-load.ts';
import { countedHitRate, serverMetricsOf } from './server-metrics.ts';
import { type StoredScore, storedScore } from './stored-score.ts';
import { matrixOfRun, type RunMatrix, writeSummary } from './write-reports.ts';

interface Conclusion {
  readonly folder: RunFolder;
  readonly interrupted: boolean;
  readonly log: RunLog;
  readonly report: ReportFlags & ServerMetricsFlags & Pick<CourseFlags, 'strict'>;
  readonly part?: RunPart | undefined;
}

/** Everything that a run has to say. */
interface Findings {
  readonly performance: readonly PerformanceReport[];
  readonly accuracy: readonly AccuracyReport[];
  readonly changes: readonly ChangeReport[];
}

/** From the record files to tables, files and exit code; nothing here looks at the run itself. */
export async function conclude(
  plan: Plan,
  results: readonly StageResult[],
  conclusion: Conclusion,
): Promise<number> {
  const { folder, interrupted, log, report, part } = conclusion;
  if (isUsed(folder)) folder.becomeLatest();
  const page = new RunPageWriter(folder, log, results.length);
  const workers = readWorkersFile(folder);
  const performance: PerformanceReport[] = [];
  const scores: ScoreResult[] = [];
  for (const result of results) {
    const found = await readTask(plan, result, { ...conclusion, page, workers });
    performance.push(found.performance);
    scores.push(found.score);
  }
  const accuracy = scores.flatMap((one) => one.accuracy);
  const changes = scores.flatMap((one) => one.changes);
  const matrix = matrixOfRun(plan, accuracy, await groupsOf(plan));
  writeFiles(folder, { performance, accuracy, changes });
  // How fast a judge is says nothing of the model: its numbers are in the files.
  const shown = performance.filter((_, n) => !isJudges(results[n]!));
  const { groups } = matrix;
  const lostTable = whatWasLost(folder, { warnings: [...log.warnings], performance: shown, accuracy });
  const title = `ais_bench run ${folder.name}`;
  const text = markdownPage({ title, accuracy, groups, performance: shown, degraded: lostTable });
  writeSummary(folder, { ...matrix, page: text, accuracy });
  const again = plan.mode === 'eval' || plan.mode === 'judge';
  const found = { performance: shown, accuracy, changes };
  const pageLine = page.write(lostTable, groupScoreTables(groups));
  if (part === undefined) {
    print(found, { ...report, nothingNew: again, matrix }, folder);
    if (lostTable !== undefined)
      process.stdout.write(`\n${renderTerminal([lostTable], [], terminalOptions())}`);
    process.stdout.write(`\nResults: ${folder.path}\n${pageLine}${howToGoOn(plan, shown, conclusion)}`);
  } else part.concluded(shown, folder.path, accuracy);
  const code = exitCodeOf(plan, performance, { interrupted, log, report });
  const lost = results.some(({ outcome }) => (outcome.lost ?? []).length > 0);
  return lost && code === EXIT.ok ? EXIT.failed : code;
}

/** A load test keeps its failures: what it was stopped before is all that is left of it. */
function howToGoOn(
  { mode }: Plan,
  performance: readonly PerformanceReport[],
  { interrupted, folder }: Conclusion,
): string {
  const failed = !isLoadTest(mode) && performance.some(({ summary }) => summary.failures.length > 0);
  if (!hasStep(mode, 'ask') || !(interrupted || failed)) return '';
  return `To ask what was not answered: the same command with --reuse ${folder.name}\n`;
}

interface Reading extends Conclusion {
  readonly page: RunPageWriter;
  readonly workers: WorkersFile | undefined;
}

/** Reads the records of one task, once, and puts it on the page. */
async function readTask(
  plan: Plan,
  result: StageResult,
  { folder, log, report, part, page, workers }: Reading,
): Promise<{ performance: PerformanceReport; score: ScoreResult }> {
  const server = await serverMetricsOf(folder, result, report, log);
  const isScored = hasScoredLoad(plan);
  const requests = page.requestsOf(plan.mode, isScored);
  const keyed = isScored ? new KeyedRequests() : undefined;
  part?.loadRead?.();
  const servedFromCache = server && countedHitRate(server.summary);
  const held = { ...report, smallestObjective: part?.smallestObjective, servedFromCache };
  const alsoTo = (record: RunRecord): void => {
    requests.add(record);
    keyed?.add(record);
    part?.recorded?.(record);
  };
  const measured = await performanceOf(plan, result, held, { workers, alsoTo });
  const performance = { ...measured, ...(server && { server }) };
  const alone = await scoresOf(plan, result, folder);
  const score = keyed ? underLoad(alone, keyed, performance) : alone;
  await page.add({
    ...partOf(result),
    ...(isJudges(result) ? {} : { performance }),
    requests,
    score: score.score,
  });
  return { performance, score };
}

/** Kept with the run, also where it is nothing: who reports it again was not warned of what the sessions before were. */
function whatWasLost(folder: RunFolder, told: Parameters<typeof degradedIn>[0]): Table | undefined {
  const file = folder.file('summary', `degraded_${folder.name}.json`);
  const kept = readJsonIfThere(file);
  const before = Array.isArray(kept) ? (kept as Partial<Degraded>[]) : [];
  const warned = before.flatMap(({ what, task }) => (task === undefined ? String(what) : []));
  const warnings = [...new Set([...warned, ...told.warnings])];
  const degraded = degradedIn({ ...told, warnings }).filter(({ what }) => !isFact(what));
  folder.write(file, `${JSON.stringify(degraded, null, 2)}\n`);
  return degradedTable(degraded, file);
}

function isJudges({ answers }: StageResult): boolean {
  return answers !== undefined;
}

/** Of what a part of the page is, and which transcripts were scored. */
function partOf({ task, files, answers }: StageResult) {
  const of = { model: task.model.abbr, dataset: task.dataset.abbr };
  return { ...of, files: answers === undefined ? [files] : [files, answers] };
}

interface ScoreResult {
  /** What was scored now or lies on disk, with the verdicts. */
  readonly score?: StoredScore;
  readonly accuracy: readonly AccuracyReport[];
  readonly changes: readonly ChangeReport[];
}

const NO_SCORE: ScoreResult = { accuracy: [], changes: [] };

/** A score that is made is also written, beside what it changed; where nothing is asked and nothing scored, what is on disk counts. */
async function scoresOf(plan: Plan, result: StageResult, folder: RunFolder): Promise<ScoreResult> {
  const { mode } = plan;
  const { model, dataset } = result.task;
  if (dataset.judge !== undefined) return NO_SCORE;
  if (!hasStep(mode, 'score')) {
    const isNone = hasStep(mode, 'ask') || (wasLoadTest(plan) && !hasScoredLoad(plan));
    const stored = isNone ? undefined : storedScore(folder, result);
    return stored === undefined ? NO_SCORE : { score: stored, accuracy: [stored.report], changes: [] };
  }
  const scored = await scoreTask(result);
  if (scored === undefined) return NO_SCORE;
  const before = hasStep(mode, 'ask') ? undefined : storedScore(folder, result);
  folder.write(folder.file('results', model.abbr, `${dataset.abbr}.json`), scored.details);
  const changes = verdictChanges(before?.judged ?? [], scored.judged);
  return {
    score: scored,
    accuracy: [scored.report],
    changes: changes.length === 0 ? [] : [{ model: model.abbr, dataset: dataset.abbr, changes }],
  };
}

/** What the answers of a load test were worth under it. */
function underLoad(found: ScoreResult, requests: KeyedRequests, { summary }: PerformanceReport): ScoreResult {
  if (found.score === undefined) return found;
  const score = withLoad(found.score, requests, summary);
  return { ...found, score, accuracy: [score.report] };
}

function writeFiles(folder: RunFolder, { performance, changes }: Findings): void {
  for (const report of performance) {
    const { model, dataset, summary } = report;
    folder.write(folder.file('performances', model, `${dataset}.csv`), performanceCsv(summary));
    folder.write(folder.file('performances', model, `${dataset}.json`), performanceJson(report));
    const groups = groupsCsv(summary);
    if (groups !== undefined)
      folder.write(folder.file('performances', model, `${dataset}_groups.csv`), groups);
  }
  if (changes.length > 0) folder.write(changesFile(folder), changesCsv(changes));
}

function changesFile(folder: RunFolder): string {
  return folder.file('summary', `changed_${folder.name}.csv`);
}

/** Of answers that were there before the times are known. */
function print(
  { accuracy, performance, changes }: Findings,
  {
    full = false,
    nothingNew,
    matrix: { matrix, groups },
  }: ReportFlags & {
    readonly nothingNew: boolean;
    readonly matrix: Omit<RunMatrix, 'results'>;
  },
  folder: RunFolder,
): void {
  const options = terminalOptions();
  const write = (text: string) => process.stdout.write(`\n${text}`);
  if (accuracy.length > 0) {
    const results = isSingle(matrix) ? [] : matrixTables(matrix, options.width ?? 80);
    const tables = [
      ...results,
      ...groupScoreTables(groups),
      ...accuracyTables(accuracy),
      ...underLoadTables(accuracy),
    ];
    write(renderTerminal(tables, notesOnScores(accuracy), options));
  }
  if (changes.length > 0) write(renderTerminal(changeTables(changes, changesFile(folder)), [], options));
  for (const report of nothingNew ? [] : performance) {
    write(renderTerminal(performanceTables(report, { full }), report.summary.notes, options));
  }
}

function notesOnScores(accuracy: readonly AccuracyReport[]): string[] {
  return accuracy.some(({ simulated }) => simulated) ? [SIMULATED] : [];
}

function exitCodeOf(
  plan: Plan,
  performance: readonly PerformanceReport[],
  { interrupted, log, report: { strict = false } }: Pick<Conclusion, 'interrupted' | 'log' | 'report'>,
): number {
  // What the user stopped did not fail.
  const cancelled = cancelledIn(performance);
  const total = sumOf(performance, 'Total Requests') - cancelled;
  const failed = sumOf(performance, 'Failed Requests') - cancelled;
  if (total > 0 && failed / total > plan.maxErrorRate) {
    const share = (rate: number) => `${Number((rate * 100).toFixed(2))} %`;
    log.warn(
      `${failed} of ${plural(total, 'request')} failed (${share(failed / total)}), more than --max-error-rate ${share(plan.maxErrorRate)}`,
    );
    return EXIT.failed;
  }
  if (interrupted) return EXIT.interrupted;
  const invalid = strict && wasLoadTest(plan) ? performance.filter(isNotValid) : [];
  for (const { model, dataset, summary } of invalid)
    log.warn(`${model} × ${dataset}: --strict, and the verdict is ${summary.validity.verdict}`);
  return invalid.length > 0 ? EXIT.notValid : EXIT.ok;
}

function isNotValid({ summary }: PerformanceReport): boolean {
  return summary.validity.verdict !== 'VALID';
}

function sumOf(performance: readonly PerformanceReport[], name: string): number {
  const valueIn = (summary: Summary) => summary.common.find((metric) => metric.name === name)?.value ?? 0;
  return performance.reduce((sum, { summary }) => sum + valueIn(summary), 0);
}

function cancelledIn(performance: readonly PerformanceReport[]): number {
  const groups = performance.flatMap(({ summary }) => summary.failures);
  return groups.reduce((sum, { kind, count }) => sum + (kind === 'cancelled' ? count : 0), 0);
}
