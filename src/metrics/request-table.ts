import type { RunRecord } from '../contract/record.ts';
import { StreamTally } from './payload.ts';
import type { RequestMetrics } from './request.ts';

/** Columns of the table; milliseconds or tokens, NaN where a request has no value. `atOnce`: 1 where a streamed answer came at one instant. */
const COLUMNS = [
  'scheduled',
  'sent',
  'done',
  'ttft',
  'ttfat',
  'e2el',
  'tpot',
  'input',
  'output',
  'outcome',
  'atOnce',
] as const;
export type RequestColumn = (typeof COLUMNS)[number];

/** Values of the column `outcome`. */
export const ANSWERED = 0;
export const RETRIED = 1;
export const FAILED = 2;
export const CANCELLED = 3;

/** A few numbers of each request that was sent, 88 bytes a request: what windows and goodput are computed from at the end. */
export class RequestTable {
  #values = new Float64Array(64 * COLUMNS.length);
  #length = 0;
  /** Streamed answers, and those that came at one instant. */
  readonly streams = new StreamTally();
  readonly #column: Readonly<Record<RequestColumn, number>> = Object.fromEntries(
    COLUMNS.map((name, index) => [name, index]),
  ) as Record<RequestColumn, number>;

  get length(): number {
    return this.#length;
  }

  /** `metrics`: of an answered request. A request that was never sent has no row. */
  add(record: RunRecord, metrics?: RequestMetrics): void {
    const { sent, scheduled = sent, done, events, headers } = record.times;
    if (sent === undefined) return;
    this.#append([
      scheduled!,
      sent,
      Math.max(sent, done ?? events?.at.at(-1) ?? headers ?? sent),
      numberOr(metrics?.TTFT),
      numberOr(metrics?.TTFAT),
      numberOr(metrics?.E2EL),
      numberOr(metrics?.TPOT),
      numberOr(metrics?.InputTokens),
      numberOr(metrics?.OutputTokens),
      outcomeOf(record),
      metrics?.atOnce === undefined ? 0 : 1,
    ]);
    if (metrics !== undefined && record.streamed) this.streams.add(metrics.atOnce);
  }

  get(row: number, column: RequestColumn): number {
    return this.#values[row * COLUMNS.length + this.#column[column]]!;
  }

  #append(row: readonly number[]): void {
    const at = this.#length * COLUMNS.length;
    if (at === this.#values.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values.set(row, at);
    this.#length++;
  }
}

function numberOr(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function outcomeOf(record: RunRecord): number {
  if (record.outcome === 'failed') return record.failure.kind === 'cancelled' ? CANCELLED : FAILED;
  return record.attempt > 1 ? RETRIED : ANSWERED;
}
