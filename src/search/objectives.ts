/** What a service is asked to keep up, and how many requests of a point did. */
import { isGood, type ObjectiveText, type Slos } from '../metrics/goodput.ts';
import { ANSWERED, CANCELLED, RETRIED, type RequestTable } from '../metrics/request-table.ts';

/** `share` of the requests must keep all `limits`. That p99 ≤ 2 s is the same as that 99 % take 2 s at most. */
export interface Objective {
  /** As a person writes it: `ttft.p99=2000ms`. */
  readonly name: string;
  readonly limits: Slos;
  /** Above 0 and below 1. */
  readonly share: number;
}

/**
 * Objectives out of what was asked: each percentile by itself, and all limits at once for `goodput`, a share. Of several limits on
 * one metric the widest counts there: a median is no limit for each request.
 */
export function objectivesOf(texts: readonly ObjectiveText[], goodput: number | undefined): Objective[] {
  const single = texts.flatMap(({ metric, percentile, limit }): Objective[] =>
    percentile === undefined
      ? []
      : [
          {
            name: `${metric}.p${percentile}=${limit}ms`,
            limits: { [metric]: limit },
            share: percentile / 100,
          },
        ],
  );
  if (goodput === undefined) return single;
  const limits: Record<string, number> = {};
  for (const { metric, limit } of texts) limits[metric] = Math.max(limit, limits[metric] ?? limit);
  return [...single, { name: `goodput=${goodput}`, limits, share: goodput }];
}

/**
 * Which requests of a table, in the order of their schedule, are bad: 1 where a limit is not kept or the request failed. Those that
 * were cancelled are left out.
 */
export function badRequests(table: RequestTable, { limits }: Objective): Uint8Array {
  const rows = Array.from({ length: table.length }, (_, row) => row)
    .filter((row) => table.get(row, 'outcome') !== CANCELLED)
    .sort((a, b) => table.get(a, 'scheduled') - table.get(b, 'scheduled'));
  return Uint8Array.from(rows, (row) => {
    const outcome = table.get(row, 'outcome');
    return (outcome === ANSWERED || outcome === RETRIED) && isGood(table, row, limits) ? 0 : 1;
  });
}
