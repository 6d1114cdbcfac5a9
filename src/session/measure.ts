import { defined } from '../basics/defined.ts';
import type { ModelPlan, Plan } from '../config/plan.ts';
import { finding } from '../contract/finding.ts';
import type { RunRecord } from '../contract/record.ts';
import type { ClientHealth } from '../metrics/client-health.ts';
import { Dialects } from '../metrics/dialects/index.ts';
import type { DialectName, DialectReport } from '../metrics/dialects/types.ts';
import { Segments, segmented } from '../metrics/segments.ts';
import { RunSummary } from '../metrics/summary.ts';
import type { SummaryOptions } from '../metrics/types.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { workerFacts } from '../report/workers.ts';
import { CountCheck, countMissingTokens, recordsWithCounts } from '../sending/count-tokens.ts';
import type { TaskResult } from '../sending/execute.ts';
import { askedRateOf } from '../sending/load-plan.ts';
import { readClientFiles } from '../store/client-file.ts';
import { type WorkersFile, writerOf } from '../store/workers-file.ts';
import type { ReportOptions } from './options.ts';
import { wasLoadTest } from './scored-load.ts';

/** AISBench's class of `--summarizer stable_stage`. */
const STABLE_STAGE = 'StablePerfMetricCalculator';

interface RecordReaders {
  /** Workers of other machines, where those sent. */
  readonly workers: WorkersFile | undefined;
  /** Takes every record too. */
  readonly alsoTo: (record: RunRecord) => void;
}

/** Computes the performance of one task from its record files, which are read once. */
export async function measureTask(
  plan: Plan,
  { task, files, outcome, simulated, memory, sharedSlots = false }: TaskResult,
  options: ReportOptions & Pick<SummaryOptions, 'servedFromCache'>,
  { workers, alsoTo }: RecordReaders,
): Promise<PerformanceReport> {
  const { model, dataset, countTokens } = task;
  const counts = countTokens === undefined ? new Map() : await countMissingTokens(files, countTokens);
  const check = countTokens && (await CountCheck.of(files.predictions, countTokens));
  const summarized = summaryOptions(plan, { task, files, outcome }, options);
  const stages = dialectStages(plan, options.dialect);
  const run = new RunSummary(summarized);
  const others = new Dialects(dialectNames(stages), summarized);
  const segments =
    wasLoadTest(plan) && files.continued ? new Segments(files.sessions ?? [], summarized) : undefined;
  let writer: string | undefined;
  const onFile = (path: string) => {
    writer = workers && writerOf(workers, path)?.name;
  };
  for await (const record of recordsWithCounts(files.records, counts, files.ids, onFile)) {
    run.add(record, writer);
    others.add(record);
    segments?.add(record);
    check?.add(record);
    alsoTo(record);
  }
  const summary = segmented(run.finish(), segments?.finish());
  const senders = workerFacts(workers, { model: model.abbr, dataset: dataset.abbr }, summary);
  const dialects = others.finish().filter(({ dialect, stage }) => stages.has(stageKey(dialect, stage)));
  const findings = [
    ...(simulated ? [finding('SIMULATED', {})] : []),
    ...(files.continued ? [finding('CONTINUED', {})] : []),
    ...(isInsecure(model) ? [finding('INSECURE', {})] : []),
    ...(model.attr === 'local' ? [finding('BATCH-TIMES', {})] : []),
    ...(sharedSlots ? [finding('SHARED-SLOTS', {})] : []),
    ...(outcome.lost ?? []).map((what) => finding('WORKER-LOST', { what })),
    ...summary.findings,
    ...(check?.findings() ?? []),
  ];
  return {
    model: model.abbr,
    dataset: dataset.abbr,
    summary: { ...summary, findings },
    ...(segments === undefined ? {} : { segments: segments.finish() }),
    ...(memory === undefined ? {} : { memory }),
    ...(!wasLoadTest(plan) ? { accuracyBatchSize: model.concurrency } : {}),
    ...(dialects.length === 0 ? {} : { dialects }),
    ...(senders.length === 0 ? {} : { workers: senders }),
  };
}

/** What a summary needs beside the records. */
function summaryOptions(
  plan: Plan,
  { task, files, outcome }: Pick<TaskResult, 'task' | 'files' | 'outcome'>,
  { slos, smallestObjective, servedFromCache }: Parameters<typeof measureTask>[2],
): SummaryOptions {
  const { model, source } = task;
  return {
    concurrency: model.concurrency,
    ...(wasLoadTest(plan) ? { isLoadTest: true, lostSenders: outcome.lost?.length ?? 0 } : {}),
    interrupted: outcome.stopped !== undefined,
    batched: model.attr === 'local',
    ...defined({
      planned: outcome.planned,
      statistics: plan.summarizer?.stats_list,
      ratePerSecond: askedRateOf(source, plan.load),
      slos,
      smallestObjective,
      servedFromCache,
    }),
    clientHealth: readClientFiles(files.records) as ClientHealth[],
  };
}

/** AISBench's stage `total` is its dialect; `stable` is what its summarizer of that name asks for. */
function dialectStages({ summarizer }: Plan, dialect: DialectName | undefined): ReadonlySet<string> {
  const calculator = summarizer?.['calculator'] as { type?: unknown } | undefined;
  return new Set([
    ...(dialect === undefined ? [] : [stageKey(dialect)]),
    ...(calculator?.type === STABLE_STAGE ? [stageKey('aisbench', 'stable')] : []),
  ]);
}

function isInsecure(model: ModelPlan): boolean {
  return model.attr === 'service' && model.connection.tls?.insecure === true;
}

function stageKey(dialect: DialectName, stage: DialectReport['stage'] = 'total'): string {
  return `${dialect} ${stage}`;
}

function dialectNames(stages: ReadonlySet<string>): DialectName[] {
  return [...new Set([...stages].map((key) => key.split(' ')[0] as DialectName))];
}
