import type { Plan } from '../config/plan.ts';
import { finding } from '../contract/finding.ts';
import type { RunRecord } from '../contract/record.ts';
import type { ClientHealth } from '../metrics/client-health.ts';
import { Dialects } from '../metrics/dialects/index.ts';
import type { DialectName, DialectReport } from '../metrics/dialects/types.ts';
import { Segments, segmented } from '../metrics/segments.ts';
import { RunSummary } from '../metrics/summary.ts';
import type { SummaryOptions } from '../metrics/types.ts';
import { agentFacts } from '../report/agents.ts';
import type { PerformanceReport } from '../report/performance.ts';
import { CountCheck } from '../sending/count-check.ts';
import { countMissingTokens, recordsWithCounts } from '../sending/count-tokens.ts';
import type { TaskResult } from '../sending/execute.ts';
import { askedRateOf } from '../sending/load-plan.ts';
import { type AgentsFile, writerOf } from '../store/agents-file.ts';
import { readClientFiles } from '../store/client-file.ts';
import { isInsecure } from './describe-connection.ts';
import { type ReportFlags, slosIn } from './report-flags.ts';
import { wasLoadTest } from './scored-load.ts';

/** AISBench's class of `--summarizer stable_stage`. */
const STABLE_STAGE = 'StablePerfMetricCalculator';

interface Sight {
  /** Who sent, where it was not this machine. */
  readonly agents: AgentsFile | undefined;
  /** Sees every record too. */
  readonly alsoTo: (record: RunRecord) => void;
}

/** The performance of one task, from its record files, which are read once. */
export async function performanceOf(
  plan: Plan,
  { task, files, outcome, simulated, memory, sharedSlots = false }: TaskResult,
  flags: ReportFlags & Pick<SummaryOptions, 'smallestObjective' | 'servedFromCache'>,
  { agents, alsoTo }: Sight,
): Promise<PerformanceReport> {
  const { model, dataset, countTokens } = task;
  const counts = countTokens === undefined ? new Map() : await countMissingTokens(files, countTokens);
  const check = countTokens && (await CountCheck.of(files.predictions, countTokens));
  const options = optionsOf(plan, { task, files, outcome }, flags);
  const wanted = wantedStages(plan, flags);
  const run = new RunSummary(options);
  const others = new Dialects(dialectsOf(wanted), options);
  const segments =
    wasLoadTest(plan) && files.continued ? new Segments(files.sessions ?? [], options) : undefined;
  let writer: string | undefined;
  const onFile = (path: string) => {
    writer = agents && writerOf(agents, path)?.name;
  };
  for await (const record of recordsWithCounts(files.records, counts, files.ids, onFile)) {
    run.add(record, writer);
    others.add(record);
    segments?.add(record);
    check?.add(record);
    alsoTo(record);
  }
  const summary = segmented(run.finish(), segments?.finish());
  const senders = agentFacts(agents, { model: model.abbr, dataset: dataset.abbr }, summary);
  const dialects = others.finish().filter(({ dialect, stage }) => wanted.has(stageKey(dialect, stage)));
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
    ...(senders.length === 0 ? {} : { agents: senders }),
  };
}

/** What a summary has to know beside the records. */
function optionsOf(
  plan: Plan,
  { task, files, outcome }: Pick<TaskResult, 'task' | 'files' | 'outcome'>,
  flags: Parameters<typeof performanceOf>[2],
): SummaryOptions {
  const { model } = task;
  const ratePerSecond = askedRateOf(task.source, plan.load);
  const slos = slosIn(flags);
  return {
    concurrency: model.concurrency,
    ...(outcome.planned === undefined ? {} : { planned: outcome.planned }),
    ...(wasLoadTest(plan) ? { isLoadTest: true, lostSenders: outcome.lost?.length ?? 0 } : {}),
    interrupted: outcome.stopped !== undefined,
    batched: model.attr === 'local',
    ...(plan.summarizer?.stats_list === undefined ? {} : { statistics: plan.summarizer.stats_list }),
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    ...(slos === undefined ? {} : { slos }),
    ...(flags.smallestObjective === undefined ? {} : { smallestObjective: flags.smallestObjective }),
    ...(flags.servedFromCache === undefined ? {} : { servedFromCache: flags.servedFromCache }),
    clientHealth: readClientFiles(files.records) as ClientHealth[],
  };
}

/** AISBench's stage `total` is its dialect; `stable` is what its summarizer of that name asks for. */
function wantedStages(plan: Plan, { metricDialect }: ReportFlags): ReadonlySet<string> {
  const calculator = plan.summarizer?.['calculator'] as { type?: unknown } | undefined;
  return new Set([
    ...(metricDialect === undefined ? [] : [stageKey(metricDialect)]),
    ...(calculator?.type === STABLE_STAGE ? [stageKey('aisbench', 'stable')] : []),
  ]);
}

function stageKey(dialect: DialectName, stage: DialectReport['stage'] = 'total'): string {
  return `${dialect} ${stage}`;
}

function dialectsOf(stages: ReadonlySet<string>): DialectName[] {
  return [...new Set([...stages].map((key) => key.split(' ')[0] as DialectName))];
}
