import type { Plan } from '../config/plan.ts';
import { EXIT } from '../errors.ts';
import type { Summary } from '../metrics/types.ts';
import { type AccuracyReport, accuracyTables } from '../report/accuracy.ts';
import { performanceCsv } from '../report/csv.ts';
import { groupsCsv } from '../report/groups-csv.ts';
import { performanceJson } from '../report/json.ts';
import { markdownPage } from '../report/markdown.ts';
import { isSingle, type Matrix, matrixTables } from '../report/matrix.ts';
import { type PerformanceReport, performanceTables } from '../report/performance.ts';
import { renderTerminal } from '../report/terminal.ts';
import type { TaskResult } from '../run/execute.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunLog } from './log.ts';
import { performanceOf, SIMULATED } from './performance-of.ts';
import type { ReportFlags } from './report-flags.ts';
import { type Scored, scoreTask } from './score-task.ts';
import { serverMetricsOf } from './server-metrics.ts';
import type { ServerMetricsFlags } from './server-metrics-flags.ts';
import { terminalOptions } from './terminal-options.ts';
import { matrixOfRun, writeSummary } from './write-summary.ts';

interface Conclusion {
  readonly folder: RunFolder;
  readonly interrupted: boolean;
  readonly log: RunLog;
  readonly report: ReportFlags & ServerMetricsFlags;
}

/** From the record files to tables, files and exit code; nothing here looks at the run itself. */
export async function conclude(
  plan: Plan,
  results: readonly TaskResult[],
  { folder, interrupted, log, report }: Conclusion,
): Promise<number> {
  const performance: PerformanceReport[] = [];
  const scored: Scored[] = [];
  for (const result of results) {
    const server = await serverMetricsOf(folder, result, report, log);
    performance.push({ ...(await performanceOf(plan, result, report)), ...(server && { server }) });
    if (plan.mode === 'all') scored.push(...(await scoreTask(result)));
  }
  const accuracy = scored.map(({ report }) => report);
  const matrix = matrixOfRun(plan, accuracy);
  writeFiles(folder, performance, scored);
  const page = markdownPage({ title: `ais_bench run ${folder.name}`, accuracy, performance });
  writeSummary(folder, { ...matrix, page, accuracy });
  print(accuracy, performance, { ...report, matrix: matrix.matrix });
  process.stdout.write(`\nResults: ${folder.path}\n`);
  const code = exitCodeOf(plan, performance, interrupted, log);
  const lost = results.some(({ outcome }) => (outcome.lost ?? []).length > 0);
  return lost && code === EXIT.ok ? EXIT.crash : code;
}

function writeFiles(
  folder: RunFolder,
  performance: readonly PerformanceReport[],
  scored: readonly Scored[],
): void {
  for (const report of performance) {
    const { model, dataset, summary } = report;
    folder.write(folder.file('performances', model, `${dataset}.csv`), performanceCsv(summary));
    folder.write(folder.file('performances', model, `${dataset}.json`), performanceJson(report));
    const groups = groupsCsv(summary);
    if (groups !== undefined)
      folder.write(folder.file('performances', model, `${dataset}_groups.csv`), groups);
  }
  for (const { report, details } of scored) {
    folder.write(folder.file('results', report.model, `${report.dataset}.json`), details);
  }
}

function print(
  accuracy: readonly AccuracyReport[],
  performance: readonly PerformanceReport[],
  { full = false, matrix }: ReportFlags & { readonly matrix: Matrix },
): void {
  const options = terminalOptions();
  const write = (text: string) => process.stdout.write(`\n${text}`);
  if (accuracy.length > 0) {
    const results = isSingle(matrix) ? [] : matrixTables(matrix, options.width ?? 80);
    write(renderTerminal([...results, ...accuracyTables(accuracy)], notesOnScores(accuracy), options));
  }
  for (const report of performance) {
    write(renderTerminal(performanceTables(report, { full }), report.summary.notes, options));
  }
}

function notesOnScores(accuracy: readonly AccuracyReport[]): string[] {
  return accuracy.some(({ simulated }) => simulated) ? [SIMULATED] : [];
}

function exitCodeOf(
  plan: Plan,
  performance: readonly PerformanceReport[],
  interrupted: boolean,
  log: RunLog,
): number {
  // What the user stopped did not fail.
  const cancelled = cancelledIn(performance);
  const total = sumOf(performance, 'Total Requests') - cancelled;
  const failed = sumOf(performance, 'Failed Requests') - cancelled;
  if (total > 0 && failed / total > plan.maxErrorRate) {
    const share = (rate: number) => `${Number((rate * 100).toFixed(2))} %`;
    log.warn(
      `${failed} of ${total} requests failed (${share(failed / total)}), more than --max-error-rate ${share(plan.maxErrorRate)}`,
    );
    return EXIT.tooManyFailures;
  }
  return interrupted ? EXIT.interrupted : EXIT.ok;
}

function sumOf(performance: readonly PerformanceReport[], name: string): number {
  const valueIn = (summary: Summary) => summary.common.find((metric) => metric.name === name)?.value ?? 0;
  return performance.reduce((sum, { summary }) => sum + valueIn(summary), 0);
}

function cancelledIn(performance: readonly PerformanceReport[]): number {
  const groups = performance.flatMap(({ summary }) => summary.failures);
  return groups.reduce((sum, { kind, count }) => sum + (kind === 'cancelled' ? count : 0), 0);
}
