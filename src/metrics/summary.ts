/** The summary of a run, computed from its records in one pass with a few numbers a request in memory. */

import type { FailedRecord, OkRecord, RunRecord } from '../record.ts';
import { Batches } from './batches.ts';
import { CaseStarts } from './case-starts.ts';
import { commonMetrics } from './common.ts';
import { Conversations } from './conversations.ts';
import { METRIC_DEFINITIONS_VERSION, type MissingReason, type RequestMetricName } from './definitions.ts';
import { FailureGroups } from './failures.ts';
import { RequestGroups } from './groups.ts';
import { describeLoad } from './load.ts';
import { notesOf } from './notes.ts';
import { eachGap, type RequestMetrics, requestMetrics } from './request.ts';
import { MetricRows } from './rows.ts';
import { furtherPercentiles, Series, USUAL_STATISTICS } from './stats.ts';
import { Timeline } from './timeline.ts';
import { TokenTally } from './token-sources.ts';
import type { Retried, Summary, SummaryOptions } from './types.ts';

/** Reads every record once and gives the summary. */
export async function summarize(
  records: Iterable<RunRecord> | AsyncIterable<RunRecord>,
  options: SummaryOptions,
): Promise<Summary> {
  const run = new RunSummary(options);
  for await (const record of records) run.add(record);
  return run.finish();
}

/** Rows of tokens count every answer; rows of time leave out the retried ones. */
const TIMED: readonly Exclude<RequestMetricName, 'ITL'>[] = [
  'E2EL',
  'TTFT',
  'TPOT',
  'OutputTokenThroughput',
  'PrefillTokenThroughput',
];

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
  readonly #gaps = { all: 0, shared: 0 };
  readonly #streams = { count: 0, oneEvent: 0, oneToken: 0 };
  #successes = 0;
  #lastSuccess = Number.NEGATIVE_INFINITY;

  constructor(options: SummaryOptions) {
    this.#options = options;
    this.#rows = new MetricRows(furtherPercentiles(options.statistics ?? USUAL_STATISTICS));
  }

  add(record: RunRecord): void {
    if (this.#options.batched === true) this.#batches.add(record);
    for (const failure of record.earlier) this.#retried.causes.add(failure, record.call);
    if (record.outcome === 'ok') this.#addAnswer(record);
    else this.#addFailure(record);
  }

  finish(): Summary {
    const input = this.#input.sources();
    const output = this.#output.sources();
    const rows = this.#rows.rows(
      this.#successes === 0 ? 'no request succeeded' : 'every answer needed a retry',
    );
    const run = { timeline: this.#timeline, concurrency: this.#options.concurrency };
    const conversations = this.#conversations.summary();
    const batches = this.#batches.summary();
    const summary = {
      definitions: METRIC_DEFINITIONS_VERSION,
      statistics: this.#options.statistics ?? USUAL_STATISTICS,
      rows,
      common: commonMetrics({
        ...run,
        successes: this.#successes,
        failures: this.#failures.total,
        input,
        output,
      }),
      retried: this.#retriedStats(),
      failures: this.#failures.groups(),
      tokens: { input, output },
      load: describeLoad({
        ...run,
        ratePerSecond: this.#options.ratePerSecond,
        medianTtft: rows.find(({ name }) => name === 'TTFT')?.stats?.median,
        gaps: this.#gaps,
      }),
      ...(conversations === undefined ? {} : { conversations }),
      ...(batches === undefined ? {} : { batches }),
      ...this.#groups.summary(this.#timeline.duration),
    };
    return { ...summary, notes: this.#notes(summary) };
  }

  #addFailure(record: FailedRecord): void {
    const { times, failure, call } = record;
    this.#timeline.add(times, undefined, this.#caseStarts.isFirst(call));
    this.#failures.add(failure, call);
    this.#conversations.addFailure(record);
    this.#groups.add(record);
  }

  #addAnswer(record: OkRecord): void {
    const metrics = requestMetrics(record);
    this.#successes++;
    this.#lastSuccess = Math.max(this.#lastSuccess, record.times.done);
    const busy = typeof metrics.E2EL === 'number' ? metrics.E2EL : undefined;
    this.#timeline.add(record.times, busy, this.#caseStarts.isFirst(record.call));
    this.#conversations.addAnswer(record, metrics);
    this.#groups.add(record, metrics);
    this.#input.add(record.inputTokens);
    this.#output.add(record.outputTokens);
    this.#rows.push('InputTokens', metrics.InputTokens);
    this.#rows.push('OutputTokens', metrics.OutputTokens);
    if (record.streamed) this.#addStream(metrics);
    if (record.attempt > 1) this.#addRetried(metrics);
    else this.#addTimes(record, metrics);
  }

  #addStream({ payloadEvents, OutputTokens }: RequestMetrics): void {
    this.#streams.count++;
    if (payloadEvents === 1) this.#streams.oneEvent++;
    if (typeof OutputTokens === 'number' && OutputTokens <= 1) this.#streams.oneToken++;
  }

  #addRetried({ E2EL, TTFT }: RequestMetrics): void {
    this.#retried.count++;
    if (typeof E2EL === 'number') this.#retried.e2el.push(E2EL);
    if (typeof TTFT === 'number') this.#retried.ttft.push(TTFT);
  }

  #addTimes(record: OkRecord, metrics: RequestMetrics): void {
    for (const name of TIMED) this.#rows.push(name, metrics[name]);
    const gaps: number[] = [];
    if (record.streamed) {
      eachGap(record.times.events, (gap, shared) => {
        gaps.push(gap);
        this.#gaps.all++;
        if (shared) this.#gaps.shared++;
      });
    }
    this.#rows.pushGaps(gaps, missingGaps(record, metrics));
  }

  #retriedStats(): Retried {
    const { count, e2el, ttft, causes } = this.#retried;
    return { count, e2el: e2el.stats(), ttft: ttft.stats(), causes: causes.groups() };
  }

  #notes(summary: Omit<Summary, 'notes'>): string[] {
    const { count, oneEvent, oneToken } = this.#streams;
    return notesOf({
      summary,
      concurrency: this.#options.concurrency,
      total: this.#successes + this.#failures.total,
      sent: this.#timeline.sent,
      failed: this.#failures.total,
      cancelled: this.#failures.count('cancelled'),
      planned: this.#options.planned,
      interrupted: this.#options.interrupted ?? false,
      buffered: count > 0 && oneEvent === count && oneToken < count,
      failureTail: this.#successes === 0 ? 0 : this.#timeline.lastEnd - this.#lastSuccess,
    });
  }
}

function missingGaps({ streamed }: OkRecord, { payloadEvents }: RequestMetrics): MissingReason {
  if (!streamed) return 'not-streamed';
  return payloadEvents === 0 ? 'no-payload' : 'one-event';
}
