import { type Stats, USUAL_STATISTICS } from '../metrics/stats.ts';

/** A column of statistics. */
export interface Statistic {
  readonly head: string;
  of(stats: Stats): number | undefined;
}

/** The columns that a list of names asks for. */
export function statistics(names: readonly string[] = USUAL_STATISTICS): Statistic[] {
  return names.map((head) => ({
    head,
    of: (stats) => {
      const usual = stats[head.toLowerCase() as keyof Stats];
      return typeof usual === 'number' ? usual : stats.others?.[head];
    },
  }));
}
