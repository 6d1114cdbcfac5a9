import { isLoadTest } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import { messageOf } from '../contract/errors.ts';
import { finding } from '../contract/finding.ts';
import type { ServerMetricsReport } from '../report/server-metrics.ts';
import { decodeReading, type ReadingTask } from '../scrape/scraper.ts';
import { type ServerMetricsSummary, summarizeServerMetrics, type TimedReading } from '../scrape/summary.ts';
import type { ExecuteOptions, TaskResult } from '../sending/execute.ts';
import { watchServer } from '../sending/server-watch.ts';
import { LineAppender } from '../store/append.ts';
import { readLines } from '../store/read-back.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { Journal } from './journal.ts';
import type { ReportOptions, RunOptions } from './options.ts';

function fileOf(folder: RunFolder): string {
  return folder.file('server-metrics.jsonl');
}

/**
 * Returns how a run watches its services, or undefined where it does not: load tests do unless `scrapeMetrics` is false. The readings of
 * all tasks go to one file.
 */
export function serverWatcher(
  { scrapeMetrics, specDecode }: Pick<RunOptions, 'scrapeMetrics' | 'specDecode'>,
  plan: Plan,
  { folder, redact, found }: { folder: RunFolder; redact: Redactor; found: Journal['found'] },
): ExecuteOptions['watch'] {
  const isExplicit = scrapeMetrics !== undefined || specDecode === true;
  if (scrapeMetrics === false || (!isExplicit && !isLoadTest(plan.mode))) return undefined;
  return async ({ model, dataset }, clock) => {
    if (model.attr === 'local') return undefined;
    const lines: { file?: LineAppender } = {};
    const append = (line: string) => {
      lines.file ??= new LineAppender(fileOf(folder), redact);
      lines.file.append(line);
    };
    const of = { model: model.abbr, dataset: dataset.abbr };
    const watch = await watchServer(model, of, { from: scrapeMetrics ?? true, clock, append });
    return {
      stop: async () => {
        const outcome = await watch.stop();
        closeMetricsFile(lines.file, found);
        const { refused } = outcome;
        if (isExplicit && refused !== undefined)
          found(finding('SERVER-METRICS-REFUSED', { why: refused }, { model: of.model }));
        return outcome;
      },
    };
  };
}

/** Closes the file of the service's metrics; a failure takes nothing from the run. */
export function closeMetricsFile(
  file: Pick<LineAppender, 'close'> | undefined,
  found: Journal['found'],
): void {
  try {
    file?.close();
  } catch (error) {
    found(finding('SERVER-METRICS-LOST', { why: messageOf(error) }));
  }
}

/** Reads what the file of a run says of one task; undefined where nothing was read. A file that cannot be read is only warned of. */
export async function readServerMetrics(
  folder: RunFolder,
  { task, server }: Pick<TaskResult, 'task' | 'server'>,
  { specDecode = false }: Pick<ReportOptions, 'specDecode'>,
  { warn }: Pick<Journal, 'warn'>,
): Promise<ServerMetricsReport | undefined> {
  if (server === undefined || server.refused !== undefined) return undefined;
  try {
    const readings = await readingsOf(folder, { model: task.model.abbr, dataset: task.dataset.abbr });
    const summary = summarizeServerMetrics(readings);
    return summary && { summary, failures: server.failures, speculation: specDecode };
  } catch (error) {
    warn(messageOf(error));
    return undefined;
  }
}

/** What the prefix cache served of the load's own prompts; undefined where the service tells a rate of its whole life, or none. */
export function countedHitRate({ counted, prefixHitRate }: ServerMetricsSummary): number | undefined {
  return counted.prefixQueries !== undefined && 'value' in prefixHitRate ? prefixHitRate.value : undefined;
}

async function readingsOf(folder: RunFolder, of: ReadingTask): Promise<TimedReading[]> {
  const readings: TimedReading[] = [];
  for await (const { line, where } of readLines(fileOf(folder))) {
    const { model, dataset, ...reading } = decodeReading(line, where);
    if (model === of.model && dataset === of.dataset) readings.push(reading);
  }
  return readings;
}
