import { InvalidArgumentError } from 'commander';
import { DIALECTS, type DialectName } from '../metrics/dialects/types.ts';
import { parseSlos, type Slos } from '../metrics/goodput.ts';
import type { FlagSpec } from './flag-spec.ts';

/** What is made of the records of a run. */
export interface ReportFlags {
  readonly goodput?: readonly Slos[];
  readonly metricDialect?: DialectName;
  readonly full?: boolean;
}

export const REPORT_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--goodput <slos...>',
    meaning:
      'count requests that meet these limits in ms, e.g. ttft:500 tpot:50 e2el:20000 (also ttfat), from the schedule',
    parse: slosOf,
    repeatable: true,
  },
  {
    flags: '--metric-dialect <tool>',
    meaning: 'also print what another tool would have made of the same records',
    choices: DIALECTS,
  },
  { flags: '--full', meaning: 'print every metric, 95 % intervals and the health of this machine' },
];

/** The table of `explain` has no longer form. */
export const EXPLAIN_FLAGS = REPORT_FLAGS.filter(({ flags }) => flags !== '--full');

function slosOf(text: string): Slos {
  try {
    return parseSlos(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** One set of objectives out of however many words they were given in; undefined when none was. */
export function slosIn({ goodput }: ReportFlags): Slos | undefined {
  return goodput === undefined ? undefined : Object.assign({}, ...goodput);
}
