import { defined } from '../basics/defined.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { type MetricInterval, shareInterval } from './intervals.ts';
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
  readonly interval?: MetricInterval;
  /** Why there is no value. */
  readonly reason?: Finding;
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
  const { metric, percentile, limit } = parseObjective(part);
  if (percentile === undefined) return [metric, limit];
  throw new Error(
    `${JSON.stringify(part)} names a percentile, and goodput counts single requests: write ${metric}:${limit}`,
  );
}

/** A limit, and which percentile (above 0, below 100) it is for; without one it is for each request. */
export interface ObjectiveText {
  readonly metric: SloMetric;
  readonly percentile?: number;
  /** Milliseconds. */
  readonly limit: number;
}

/** Reads `ttft:500`, `e2el=20s` or `ttft.p99=2000ms`. Throws an Error that says what is wrong. */
export function parseObjective(text: string): ObjectiveText {
  const [, name, p, number, unit] =
    /^([a-z0-9]+)(?:\.p(\d+(?:\.\d+)?))?[:=](\d+(?:\.\d+)?)(ms|s)?$/i.exec(text) ?? [];
  const metric = SLO_METRICS.find((known) => known === name?.toLowerCase());
  const limit = Number(number) * (unit?.toLowerCase() === 's' ? 1000 : 1);
  const percentile = p === undefined ? undefined : Number(p);
  if (percentile !== undefined && !(percentile > 0 && percentile < 100))
    throw new Error(`${JSON.stringify(text)}: a percentile is above 0 and below 100, e.g. p99`);
  if (metric !== undefined && limit > 0) return defined({ metric, percentile, limit });
  throw new Error(
    `${JSON.stringify(text)} is not one of ${SLO_METRICS.join(', ')} with milliseconds, e.g. ttft:500`,
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
    if (isGood(table, row, slos)) good++;
  }
  const missing = wanted.find(([metric]) =>
    table.streams.mostly === undefined ? metric !== 'tpot' && !known.has(metric) : metric !== 'e2el',
  );
  if (of === 0) return { slos, good, of, reason: finding('NOTHING-SENT', {}) };
  if (missing !== undefined)
    return { slos, good: 0, of, reason: finding('NO-OBJECTIVE-METRIC', { metric: missing[0] }) };
  const perSecond = duration === undefined || duration <= 0 ? undefined : (good * 1000) / duration;
  return defined({ slos, good, of, perSecond, share: good / of, interval: shareInterval(good, of) });
}

/** By row: whether the request was answered and met every objective; nothing where no request has one of the times. */
export function goodRows(table: RequestTable, slos: Slos): boolean[] | undefined {
  const { reason } = goodputOf(table, slos, undefined);
  if (reason !== undefined) return undefined;
  return Array.from({ length: table.length }, (_, row) => isGood(table, row, slos));
}

/** Whether the request of a row was answered and met every objective. */
export function isGood(table: RequestTable, row: number, slos: Slos): boolean {
  const outcome = table.get(row, 'outcome');
  if (outcome !== ANSWERED && outcome !== RETRIED) return false;
  const wanted = Object.entries(slos) as [SloMetric, number][];
  return wanted.every(([metric, limit]) => meets(table, row, metric, limit));
}

/**
 * Times to something count from the schedule: a user waits from then on. An answer without tokens after its first event made
 * nobody wait for one.
 */
function meets(table: RequestTable, row: number, metric: SloMetric, limit: number): boolean {
  // The first token of an answer that came at one instant was there at its end, if not before.
  const isBounded = metric !== 'tpot' && table.get(row, 'atOnce') === 1;
  const value = table.get(row, isBounded ? 'e2el' : metric);
  if (metric === 'tpot') return Number.isNaN(value) || value <= limit;
  return value + table.get(row, 'sent') - table.get(row, 'scheduled') <= limit;
}
