import { type Interval, shareInterval } from './intervals.ts';
import { ANSWERED, CANCELLED, RETRIED, type RequestTable } from './request-table.ts';

/** What a service level objective can be set on; limits in milliseconds. */
const SLO_METRICS = ['ttft', 'ttfat', 'tpot', 'e2el'] as const;
type SloMetric = (typeof SLO_METRICS)[number];
export type Slos = Readonly<Partial<Record<SloMetric, number>>>;

/** Requests that met every objective that was given. */
export interface Goodput {
  readonly slos: Slos;
  readonly good: number;
  /** Answered and failed requests; those that the user cancelled are not held against the service. */
  readonly of: number;
  /** Good requests a second of the run. */
  readonly perSecond?: number;
  /** Good / of, 0..1, with its 95 % interval. */
  readonly share?: number;
  readonly interval?: Interval;
  /** Why there is no value. */
  readonly reason?: string;
}

/** Reads `ttft:500 tpot:50`, separated by spaces or commas. Throws an Error that says what is wrong. */
export function parseSlos(text: string): Slos {
  const pairs = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map(parseSlo);
  if (pairs.length === 0) throw new Error('it names no objective');
  return Object.fromEntries(pairs);
}

function parseSlo(part: string): [SloMetric, number] {
  const [, name, limit] = /^([a-z0-9]+)[:=](\d+(?:\.\d+)?)$/i.exec(part) ?? [];
  const metric = SLO_METRICS.find((known) => known === name?.toLowerCase());
  const milliseconds = Number(limit);
  if (metric !== undefined && milliseconds > 0) return [metric, milliseconds];
  throw new Error(
    `${JSON.stringify(part)} is not one of ${SLO_METRICS.join(', ')} with milliseconds, e.g. ttft:500`,
  );
}

/** `duration` of the run in milliseconds. */
export function goodputOf(table: RequestTable, slos: Slos, duration: number | undefined): Goodput {
  const wanted = Object.entries(slos) as [SloMetric, number][];
  let good = 0;
  let of = 0;
  const known = new Set<SloMetric>();
  for (let row = 0; row < table.length; row++) {
    const outcome = table.get(row, 'outcome');
    if (outcome === CANCELLED) continue;
    of++;
    if (outcome !== ANSWERED && outcome !== RETRIED) continue;
    for (const [metric] of wanted) if (!Number.isNaN(table.get(row, metric))) known.add(metric);
    if (isGood(table, row, wanted)) good++;
  }
  const missing = wanted.find(([metric]) => metric !== 'tpot' && !known.has(metric));
  if (of === 0) return { slos, good, of, reason: 'no request was sent' };
  if (missing !== undefined && good === 0)
    return { slos, good, of, reason: `no request has a ${missing[0]}` };
  const rate = duration === undefined || duration <= 0 ? undefined : (good * 1000) / duration;
  return {
    slos,
    good,
    of,
    ...(rate === undefined ? {} : { perSecond: rate }),
    share: good / of,
    interval: shareInterval(good, of),
  };
}

/** By row: whether the request was answered and met every objective; nothing where no request has one of the times. */
export function goodRows(table: RequestTable, slos: Slos): boolean[] | undefined {
  const { reason } = goodputOf(table, slos, undefined);
  if (reason !== undefined) return undefined;
  const wanted = Object.entries(slos) as [SloMetric, number][];
  return Array.from({ length: table.length }, (_, row) => isGood(table, row, wanted));
}

function isGood(table: RequestTable, row: number, wanted: readonly [SloMetric, number][]): boolean {
  const outcome = table.get(row, 'outcome');
  if (outcome !== ANSWERED && outcome !== RETRIED) return false;
  return wanted.every(([metric, limit]) => meets(table, row, metric, limit));
}

/**
 * Times to something count from the schedule: a user waits from then on. An answer without tokens after its first event made
 * nobody wait for one.
 */
function meets(table: RequestTable, row: number, metric: SloMetric, limit: number): boolean {
  const value = table.get(row, metric);
  if (metric === 'tpot') return Number.isNaN(value) || value <= limit;
  return value + table.get(row, 'sent') - table.get(row, 'scheduled') <= limit;
}
