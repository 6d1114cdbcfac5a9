import { type Finding, finding } from '../contract/finding.ts';
import type { FailedRecord, OkRecord } from '../contract/record.ts';
import {
  CONVERSATION_METRICS,
  type ConversationMetricName,
  METRIC_IDS,
  type MetricId,
  type MetricUnit,
  TURN_METRICS,
  type TurnMetricName,
} from './definitions.ts';
import type { RequestMetrics } from './request.ts';
import { type MetricRow, MetricRows } from './rows.ts';
import { Series, type Stats } from './stats.ts';

/** The dialogues of a run; absent from runs without any. */
export interface ConversationSummary {
  readonly counts: {
    /** Dialogues whose first turn was sent: the sum of the other three. */
    readonly total: number;
    /** Every turn was answered. */
    readonly completed: number;
    /** A turn failed: the turns after it were not sent, unless a function of the user's leads the dialogue. */
    readonly brokenOff: number;
    /** The run was stopped before the last turn. */
    readonly unfinished: number;
  };
  readonly rows: readonly ConversationRow[];
  /** First turns, second turns, … each with the metrics of its requests. */
  readonly turns: readonly TurnRows[];
}

/** One value a dialogue. */
export interface ConversationRow {
  readonly id: MetricId;
  readonly name: ConversationMetricName;
  readonly unit: MetricUnit;
  /** Dialogues that have this metric. */
  readonly n: number;
  readonly stats?: Stats;
  readonly reason?: Finding;
}

export interface TurnRows {
  /** Counted from 1. */
  readonly turn: number;
  readonly rows: readonly MetricRow[];
}

/** A dialogue whose last turn has not come yet. */
interface Open {
  /** When its first turn left, ms. */
  readonly sent: number;
  answered: number;
  /** A turn was retried: its time is not the service's. */
  retried: boolean;
}

/**
 * Follows dialogues through their records, which come in the order of their turns. A dialogue is forgotten when it ends, so
 * memory holds those in flight.
 */
export class Conversations {
  readonly #open = new Map<string, Open>();
  readonly #turns: MetricRows[] = [];
  readonly #latency = new Series();
  readonly #answered = new Series();
  /** Dialogues that are over because a turn failed: one that a user's function leads may go on all the same. */
  readonly #broken = new Set<string>();
  #completed = 0;
  #brokenOff = 0;
  #cancelled = 0;
  #retried = 0;

  addAnswer(record: OkRecord, metrics: RequestMetrics): void {
    const { turn, turns = 0 } = record.call;
    if (turn === undefined) return;
    this.#addTurn(turn, record, metrics);
    if (this.#broken.has(record.call.id)) return;
    const open = this.#openAt(turn, record);
    open.answered++;
    open.retried ||= record.attempt > 1;
    if (turn + 1 < turns) return;
    this.#completed++;
    this.#end(record, open);
    const { E2EL } = metrics;
    if (open.retried) this.#retried++;
    else if (typeof E2EL === 'number') this.#latency.push(record.times.sent + E2EL - open.sent);
  }

  addFailure(record: FailedRecord): void {
    const { turn } = record.call;
    if (turn === undefined || this.#broken.has(record.call.id)) return;
    const open = this.#openAt(turn, record);
    if (record.failure.kind === 'cancelled') {
      this.#cancelled++;
      this.#open.delete(record.call.id);
    } else {
      this.#brokenOff++;
      if (turn + 1 < (record.call.turns ?? 0)) this.#broken.add(record.call.id);
      this.#end(record, open);
    }
  }

  /** May be called at any time; undefined when there was no dialogue. */
  summary(): ConversationSummary | undefined {
    const unfinished = this.#cancelled + this.#open.size;
    const total = this.#completed + this.#brokenOff + unfinished;
    if (total === 0) return undefined;
    return {
      counts: { total, completed: this.#completed, brokenOff: this.#brokenOff, unfinished },
      rows: [
        row('Conversation Latency', this.#latency, this.#whyNoLatency()),
        row('Turns Completed', this.#answered, finding('NO-DIALOGUE-ENDED', {})),
      ],
      turns: this.#turns.map((rows, index) => ({ turn: index + 1, rows: turnRows(rows) })),
    };
  }

  #openAt(turn: number, { call, times }: OkRecord | FailedRecord): Open {
    const known = turn === 0 ? undefined : this.#open.get(call.id);
    if (known !== undefined) return known;
    const open = { sent: times.sent ?? Number.NaN, answered: 0, retried: false };
    this.#open.set(call.id, open);
    return open;
  }

  #end({ call }: OkRecord | FailedRecord, open: Open): void {
    this.#answered.push(open.answered);
    this.#open.delete(call.id);
  }

  #addTurn(turn: number, { attempt, streamed }: OkRecord, metrics: RequestMetrics): void {
    while (this.#turns.length <= turn) this.#turns.push(new MetricRows());
    const rows = this.#turns[turn]!;
    rows.push('InputTokens', metrics.InputTokens);
    rows.push('OutputTokens', metrics.OutputTokens);
    if (streamed) rows.addStream(metrics.atOnce);
    if (attempt > 1) return;
    rows.push('E2EL', metrics.E2EL);
    rows.push('TTFT', metrics.TTFT);
  }

  #whyNoLatency(): Finding {
    if (this.#completed === 0) return finding('NO-DIALOGUE-COMPLETED', {});
    return finding(this.#retried > 0 ? 'ALL-DIALOGUES-RETRIED' : 'NO-LATENCY', {});
  }
}

function row(name: ConversationMetricName, series: Series, reason: Finding): ConversationRow {
  const head = { id: METRIC_IDS[name], name, unit: CONVERSATION_METRICS[name], n: series.length };
  const stats = series.stats();
  return stats === undefined ? { ...head, reason } : { ...head, stats };
}

function turnRows(rows: MetricRows): MetricRow[] {
  return rows
    .rows(finding('ALL-RETRIED', {}))
    .filter(({ name }) => TURN_METRICS.includes(name as TurnMetricName));
}
