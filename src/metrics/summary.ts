/** The summary of a run, computed from its records in one pass with a few numbers a request in memory. */

import { type Finding, finding } from '../contract/finding.ts';
import type { CallRef, FailedRecord, OkRecord, RunRecord } from '../contract/record.ts';
import { CacheTally, LengthTally } from './answer-tokens.ts';
import { Arrivals } from './arrivals.ts';
import { Batches } from './batches.ts';
import { metricStats } from './by-id.ts';
import { censoredLatency } from './censored.ts';
import { commonMetrics } from './common.ts';
import { Conversations } from './conversations.ts';
import { METRIC_DEFINITIONS_VERSION } from './definitions.ts';
import { FailureGroups } from './failures.ts';
import type { Deadlines } from './fluidity.ts';
import { goodputOf, type Slos } from './goodput.ts';
import { RequestGroups } from './groups.ts';
import { describeLoad } from './load.ts';
import { ReplyRows } from './reply-rows.ts';
import { type RequestMetrics, requestMetrics } from './request.ts';
import { RequestTable } from './request-table.ts';
import { MetricRows } from './rows.ts';
import { runFindings } from './run-findings.ts';
import { furtherPercentiles, Series, USUAL_STATISTICS } from './stats.ts';
import { steadyState } from './steady.ts';
import { Timeline } from './timeline.ts';
import { eventTokenLabel, TokenTally, withTokenSource } from './token-sources.ts';
import type { Retried, Summary, SummaryOptions } from './types.ts';
import { judge, lateAbove } from './validity.ts';

/** Reads every record once and gives the summary. */
export async function summarize(
  records: Iterable<RunRecord> | AsyncIterable<RunRecord>,
  options: SummaryOptions,
): Promise<Summary> {
  const run = new RunSummary(options);
  for await (const record of records) run.add(record);
  return run.finish();
}

/** Takes records as they come; `finish` may be called at any time, also more than once. */
export class RunSummary {
  readonly #options: SummaryOptions;
  readonly #rows: MetricRows;
  readonly #retried = { count: 0, e2el: new Series(), ttft: new Series(), causes: new FailureGroups() };
  readonly #failures = new FailureGroups();
  readonly #timeline = new Timeline();
  readonly #caseStarts = new CaseStarts();
  readonly #conversations = new Conversations();
  readonly #groups = new RequestGroups();
  readonly #batches = new Batches();
  readonly #input = new TokenTally();
  readonly #output = new TokenTally();
  readonly #cached = new CacheTally();
  readonly #lengths = new LengthTally();
  readonly #earlyEnds = new EarlyEnds();
  readonly #table = new RequestTable();
  readonly #arrivals = new Arrivals();
  readonly #replies: ReplyRows;
  /** Streamed answers with text that the server counts as no token. */
  #noToken = 0;
  #repeated = 0;
  #successes = 0;
  #lastSuccess = Number.NEGATIVE_INFINITY;

  constructor(options: SummaryOptions) {
    this.#options = options;
    this.#rows = new MetricRows(furtherPercentiles(options.statistics ?? USUAL_STATISTICS));
    this.#replies = new ReplyRows(this.#rows, this.#arrivals, deadlinesOf(options.slos));
  }

  /** `worker`: the remote worker that sent it, where the record does not name it. */
  add(record: RunRecord, worker?: string): void {
    if (this.#options.batched === true) this.#batches.add(record);
    if (record.call.repetition > 0) this.#repeated++;
    for (const failure of record.earlier) this.#retried.causes.add(failure, record.call);
    if (record.outcome === 'ok') this.#addAnswer(record, worker);
    else this.#addFailure(record, worker);
  }

  finish(): Summary {
    const {
      concurrency,
      statistics = USUAL_STATISTICS,
      slos,
      clientHealth = [],
      smallestObjective,
      lostSenders,
    } = this.#options;
    const tokens = this.#tokens();
    const lengths = this.#lengths.summary();
    const ifEmpty = finding(this.#successes === 0 ? 'NO-SUCCESS' : 'ALL-RETRIED', {});
    const labels = {
      input: tokens.input.label,
      output: tokens.output.label,
      events: eventTokenLabel(this.#replies.eventTokens),
    };
    const rows = this.#rows.rows(ifEmpty).map((row) => withTokenSource(row, labels));
    const medianTtft = metricStats({ rows }, 'ttft')?.median;
    const timescale = Math.max(medianTtft ?? 0, smallestObjective ?? 0);
    const run = { timeline: this.#timeline, concurrency };
    const counts = { successes: this.#successes, failures: this.#failures.total };
    const load = describeLoad({
      ...run,
      table: this.#table,
      ratePerSecond: this.#options.ratePerSecond,
      lateThreshold: lateAbove(timescale),
      gaps: this.#replies.gaps,
    });
    const steady = steadyState(this.#table, this.#arrivals);
    const conversations = this.#conversations.summary();
    const batches = this.#batches.summary();
    const { duration } = this.#timeline;
    const summary = {
      definitions: METRIC_DEFINITIONS_VERSION,
      validity: judge(
        {
          ...{ load, timescale, steady, lostSenders },
          ...{ sent: this.#timeline.sent, answered: this.#successes, failures: this.#failures.groups() },
          noFirstToken: this.#table.streams.mostly !== undefined,
        },
        clientHealth,
      ),
      statistics,
      rows,
      further: this.#rows.further(ifEmpty).map((row) => withTokenSource(row, labels)),
      common: commonMetrics({ ...run, ...counts, ...tokens }),
      steady,
      ...(slos === undefined ? {} : { goodput: goodputOf(this.#table, slos, duration) }),
      censored: censoredLatency(this.#table),
      retried: this.#retriedStats(),
      failures: this.#failures.groups(),
      tokens,
      ...(lengths === undefined ? {} : { lengths }),
      load,
      ...(conversations === undefined ? {} : { conversations }),
      ...(batches === undefined ? {} : { batches }),
      ...this.#groups.summary(duration),
    };
    return { ...summary, findings: this.#findings(summary) };
  }

  #tokens(): Summary['tokens'] {
    const cached = this.#cached.summary();
    const reasoning = this.#replies.reasoning.summary();
    return {
      input: this.#input.sources(),
      output: this.#output.sources(),
      events: this.#replies.eventTokens,
      ...(cached === undefined ? {} : { cached }),
      ...(reasoning === undefined ? {} : { reasoning }),
    };
  }

  #addFailure(record: FailedRecord, worker: string | undefined): void {
    const { times, failure, call } = record;
    this.#timeline.add(times, undefined, this.#caseStarts.isFirst(call));
    this.#failures.add(failure, call);
    this.#conversations.addFailure(record);
    this.#groups.add(record, undefined, worker);
    this.#table.add(record);
  }

  #addAnswer(record: OkRecord, worker: string | undefined): void {
    const metrics = requestMetrics(record);
    this.#successes++;
    this.#lastSuccess = Math.max(this.#lastSuccess, record.times.done);
    const busy = typeof metrics.E2EL === 'number' ? metrics.E2EL : undefined;
    this.#timeline.add(record.times, busy, this.#caseStarts.isFirst(record.call));
    this.#conversations.addAnswer(record, metrics);
    this.#groups.add(record, metrics, worker);
    this.#input.add(record.inputTokens, record.unreadCounts?.input);
    this.#output.add(record.outputTokens, record.unreadCounts?.output);
    this.#cached.add(record);
    this.#lengths.add(record);
    this.#earlyEnds.add(record.finishReason);
    this.#table.add(record, metrics);
    this.#replies.add(record, metrics);
    if (record.streamed && metrics.payloadEvents > 0 && metrics.OutputTokens === 0) this.#noToken++;
    if (record.attempt > 1) this.#addRetried(metrics);
  }

  #addRetried({ E2EL, TTFT }: RequestMetrics): void {
    this.#retried.count++;
    if (typeof E2EL === 'number') this.#retried.e2el.push(E2EL);
    if (typeof TTFT === 'number') this.#retried.ttft.push(TTFT);
  }

  #retriedStats(): Retried {
    const { count, e2el, ttft, causes } = this.#retried;
    return { count, e2el: e2el.stats(), ttft: ttft.stats(), causes: causes.groups() };
  }

  #findings(summary: Omit<Summary, 'findings'>): Finding[] {
    return runFindings({
      summary,
      total: this.#successes + this.#failures.total,
      sent: this.#timeline.sent,
      failed: this.#failures.total,
      cancelled: this.#failures.count('cancelled'),
      planned: this.#options.planned,
      interrupted: this.#options.interrupted ?? false,
      earlyEnds: this.#earlyEnds.counts(),
      servedFromCache: this.#options.servedFromCache,
      countedAsNothing: this.#noToken,
      repeated: this.#options.isLoadTest === true ? this.#repeated : 0,
      streams: this.#table.streams,
      failureTail: this.#successes === 0 ? 0 : this.#timeline.lastEnd - this.#lastSuccess,
    });
  }
}

/** The objectives of goodput are also the deadlines of fluidity. */
function deadlinesOf(slos: Slos | undefined): Deadlines | undefined {
  if (slos?.tpot === undefined) return undefined;
  return { next: slos.tpot, ...(slos.ttft === undefined ? {} : { first: slos.ttft }) };
}

/**
 * Tells the request that begins a case, whose time the pacer set, from the ones that follow when it has ended. The requests
 * of a case are recorded in their order.
 */
class CaseStarts {
  readonly #choices = new Set<string>();

  isFirst({ id, turn, label }: CallRef): boolean {
    if (label === undefined) return turn === undefined || turn === 0;
    const isNew = !this.#choices.has(id);
    this.#choices.add(id);
    return isNew;
  }
}

/** Finish reasons of answers that the service broke off by itself, as services write them. */
const BROKEN_OFF = new Set([
  'content_filter',
  'abort',
  'aborted',
  'cancelled',
  'canceled',
  'error',
  'incomplete',
  'network_error',
  'repetition',
  'sensitive',
]);

/** Counts answers that ended neither by themselves nor at the limit of tokens. */
class EarlyEnds {
  readonly #counts = new Map<string, number>();

  add(finishReason: string | undefined): void {
    if (finishReason === undefined || !BROKEN_OFF.has(finishReason)) return;
    this.#counts.set(finishReason, (this.#counts.get(finishReason) ?? 0) + 1);
  }

  /** Answers by finish reason, the most frequent first. */
  counts(): readonly (readonly [finishReason: string, count: number])[] {
    return [...this.#counts].sort((a, b) => b[1] - a[1]);
  }
}
