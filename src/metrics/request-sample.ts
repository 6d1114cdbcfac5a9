import type { CallRef, OkRecord, RunRecord } from '../contract/record.ts';
import type { GapShares, TimedValues } from './estimates.ts';
import { GapPool } from './gap-pool.ts';
import { atOnce, payloadOf } from './payload.ts';
import { eachGap, requestMetrics } from './request.ts';
import { ANSWERED, RETRIED, RequestTable } from './request-table.ts';

/** What one request has one latency of; milliseconds. */
export type SampledLatency = 'ttft' | 'ttfat' | 'tpot' | 'e2el';

/** The numbers of single requests of a run, in memory: what one run is compared with another by. */
export class RequestSample {
  readonly table = new RequestTable();
  /** Of each row of the table: which request it is, the same in every run of the same data. */
  readonly keys: string[] = [];
  readonly gaps = new GapPool();

  add(record: RunRecord): void {
    const metrics = record.outcome === 'ok' ? requestMetrics(record) : undefined;
    const rows = this.table.length;
    this.table.add(record, metrics);
    if (this.table.length > rows) this.keys.push(placeOf(record.call));
    if (hasGaps(record)) eachGap(record.times.events, (gap) => this.gaps.push(gap));
  }

  /** A latency of the answers that needed no retry, in the order in which the requests left; none where most streams were no streams. */
  latencies(name: SampledLatency): TimedValues {
    const isUnknown = name !== 'e2el' && this.table.streams.mostly !== undefined;
    return this.#timed(
      (row) =>
        !isUnknown && this.table.get(row, 'outcome') === ANSWERED && !Number.isNaN(this.table.get(row, name)),
      (row) => this.table.get(row, name),
    );
  }

  /** 1 of each request for which it holds, else 0; those that the user cancelled are left out. */
  shares(holds: (row: number) => boolean, of: (row: number) => boolean): TimedValues {
    return this.#timed(of, (row) => (holds(row) ? 1 : 0));
  }

  /** When answers ended, and how much each was worth. */
  ends(amountOf: (row: number) => number): { readonly at: number; readonly amount: number }[] {
    const ends = [];
    for (let row = 0; row < this.table.length; row++) {
      const isAnswer = this.table.get(row, 'outcome') <= RETRIED;
      if (isAnswer) ends.push({ at: this.table.get(row, 'done'), amount: amountOf(row) });
    }
    return ends;
  }

  /** First request sent to last request ended, milliseconds on the run's clock; undefined where nothing was sent. */
  span(): { readonly from: number; readonly to: number } | undefined {
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < this.table.length; row++) {
      from = Math.min(from, this.table.get(row, 'sent'));
      to = Math.max(to, this.table.get(row, 'done'));
    }
    return to > from ? { from, to } : undefined;
  }

  #timed(has: (row: number) => boolean, numberOf: (row: number) => number): TimedValues {
    const rows = [];
    for (let row = 0; row < this.table.length; row++) if (has(row)) rows.push(row);
    rows.sort((a, b) => this.table.get(a, 'sent') - this.table.get(b, 'sent') || a - b);
    return { keys: rows.map((row) => this.keys[row]!), values: Float64Array.from(rows, numberOf) };
  }
}

/** The gaps of each request against limits that are known only when all have been read: a second look at the records. */
export class GapCounts {
  readonly #limits: readonly number[];
  readonly #requests: { sent: number; key: string; count: number; sum: number; below: number[] }[] = [];

  constructor(limits: readonly number[]) {
    this.#limits = limits;
  }

  add(record: RunRecord): void {
    if (!hasGaps(record)) return;
    const below = this.#limits.map(() => 0);
    let [count, sum] = [0, 0];
    eachGap(record.times.events, (gap) => {
      count++;
      sum += gap;
      for (const [i, limit] of this.#limits.entries())
        if (gap <= limit) below[i] = below[i]! + (gap < limit ? 1 : 0.5);
    });
    this.#requests.push({ sent: record.times.sent, key: placeOf(record.call), count, sum, below });
  }

  /** For each limit, in the order in which the requests left; `sums` of the gaps of each. */
  finish(): { readonly shares: readonly GapShares[]; readonly sums: Float64Array } {
    const ordered = this.#requests.sort((a, b) => a.sent - b.sent);
    const keys = ordered.map(({ key }) => key);
    const counts = Float64Array.from(ordered, ({ count }) => count);
    return {
      shares: this.#limits.map((_, i) => ({
        keys,
        counts,
        below: Float64Array.from(ordered, ({ below }) => below[i]!),
      })),
      sums: Float64Array.from(ordered, ({ sum }) => sum),
    };
  }
}

/** Of an answer that needed no retry and came in several events, and not at one instant. */
function hasGaps(record: RunRecord): record is OkRecord {
  if (record.outcome !== 'ok' || !record.streamed || record.attempt > 1) return false;
  const payload = payloadOf(record.times.events);
  return payload !== undefined && payload.count > 1 && atOnce(record, payload) === undefined;
}

/** Where a request stands in its data; a hash of what it asks would differ with the name of the model. */
function placeOf({ index, repetition, turn = 0, label = '' }: CallRef): string {
  return `${index} ${repetition} ${turn} ${label}`;
}
