import type { Plan } from '../config/plan.ts';
import { EXIT } from '../errors.ts';
import { isPaced } from '../load/pacer.ts';
import { summarize } from '../metrics/summary.ts';
import type { Summary } from '../metrics/types.ts';
import { type AccuracyReport, accuracyTables } from '../report/accuracy.ts';
import { accuracyCsv, performanceCsv } from '../report/csv.ts';
import { groupsCsv } from '../report/groups-csv.ts';
import { accuracyJson, performanceJson } from '../report/json.ts';
import { markdownPage } from '../report/markdown.ts';
import { type PerformanceReport, performanceTables } from '../report/performance.ts';
import { renderTerminal } from '../report/terminal.ts';
import { countMissingTokens, recordsWithCounts } from '../run/count-tokens.ts';
import type { TaskResult } from '../run/execute.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { INSECURE, isInsecure } from './describe-connection.ts';
import type { RunLog } from './log.ts';
import { type Scored, scoreTask } from './score-task.ts';

const BATCH_TIMES =
  'a local model answers in batches: times run from the beginning of the batch, to its end where no tokens were streamed';
const CONTINUED =
  'continued run (--reuse): its sessions stand one after the other on one clock, without the pause between them; duration and throughputs are no measure of one load';
const SIMULATED = 'SIMULATED: this service says that its answers and times are made up';

interface Conclusion {
  readonly folder: RunFolder;
  readonly interrupted: boolean;
  readonly log: RunLog;
}

/** From the record files to tables, files and exit code; nothing here looks at the run itself. */
export async function conclude(
  plan: Plan,
  results: readonly TaskResult[],
  { folder, interrupted, log }: Conclusion,
): Promise<number> {
  const performance: PerformanceReport[] = [];
  const scored: Scored[] = [];
  for (const result of results) {
    performance.push(await performanceOf(plan, result));
    if (plan.mode === 'all') scored.push(...(await scoreTask(result)));
  }
  writeFiles(folder, performance, scored);
  const accuracy = scored.map(({ report }) => report);
  print(accuracy, performance);
  process.stdout.write(`\nResults: ${folder.path}\n`);
  return exitCodeOf(plan, performance, interrupted, log);
}

async function performanceOf(
  plan: Plan,
  { task, files, outcome, simulated, memory }: TaskResult,
): Promise<PerformanceReport> {
  const { model, dataset, countTokens } = task;
  const counts = countTokens === undefined ? new Map() : await countMissingTokens(files, countTokens);
  const summary = await summarize(recordsWithCounts(files.records, counts, files.ids), {
    concurrency: model.concurrency,
    planned: outcome.planned,
    interrupted: outcome.stopped !== undefined,
    batched: model.attr === 'local',
    ...(plan.summarizer?.stats_list === undefined ? {} : { statistics: plan.summarizer.stats_list }),
    ...(isPaced(model.ratePerSecond) ? { ratePerSecond: model.ratePerSecond } : {}),
  });
  return {
    model: model.abbr,
    dataset: dataset.abbr,
    summary: {
      ...summary,
      notes: [
        ...(simulated ? [SIMULATED] : []),
        ...(files.continued ? [CONTINUED] : []),
        ...(isInsecure(model) ? [INSECURE] : []),
        ...(model.attr === 'local' ? [BATCH_TIMES] : []),
        ...summary.notes,
      ],
    },
    ...(memory === undefined ? {} : { memory }),
    ...(plan.mode === 'all' ? { accuracyBatchSize: model.concurrency } : {}),
  };
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
  const accuracy = scored.map(({ report }) => report);
  const page = markdownPage({ title: `ais_bench run ${folder.name}`, accuracy, performance });
  folder.write(folder.file('summary', `summary_${folder.name}.md`), page);
  if (accuracy.length === 0) return;
  folder.write(folder.file('summary', `summary_${folder.name}.csv`), accuracyCsv(accuracy));
  folder.write(folder.file('summary', `summary_${folder.name}.json`), accuracyJson(accuracy));
}

function print(accuracy: readonly AccuracyReport[], performance: readonly PerformanceReport[]): void {
  const { stdout } = process;
  const options = { color: stdout.isTTY === true && !process.env['NO_COLOR'], width: stdout.columns ?? 80 };
  const write = (text: string) => stdout.write(`\n${text}`);
  if (accuracy.length > 0) write(renderTerminal(accuracyTables(accuracy), notesOnScores(accuracy), options));
  for (const report of performance) {
    write(renderTerminal(performanceTables(report), report.summary.notes, options));
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
