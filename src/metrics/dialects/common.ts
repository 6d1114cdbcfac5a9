/** What several dialects share: the arithmetic of their statistics. */
import { EVENT_KINDS, type EventKind, type EventLog } from '../../contract/record.ts';
import { percentileOf, type Series } from '../stats.ts';

/** 1 for the kinds that a tool looks at. */
export function kindSet(...kinds: readonly EventKind[]): Uint8Array {
  return Uint8Array.from(EVENT_KINDS, (kind) => Number(kinds.includes(kind)));
}

/** Arrivals of the events that a tool looks at, milliseconds. */
export function instants(events: EventLog, kinds: Uint8Array): Float64Array {
  return events.at.filter((_, i) => kinds[events.kind[i]!] === 1);
}

export function mean(series: Series): number | undefined {
  return series.length === 0 ? undefined : series.sum / series.length;
}

/** Linear between neighbours, as numpy's. */
export function percentile(series: Series, p: number): number | undefined {
  const values = series.sorted();
  return values.length === 0 ? undefined : percentileOf(values.length, (rank) => values[rank]!, p);
}

/** Of the population, as numpy's. */
export function deviation(series: Series): number | undefined {
  const n = series.length;
  return n === 0 ? undefined : Math.sqrt((series.variance * (n - 1)) / n);
}

/** Leaves out what is undefined. */
export function known<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && Number.isFinite(value));
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
