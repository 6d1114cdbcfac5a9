import type { HealthFigures } from '../metrics/client-health.ts';
import type { MetricInterval, TailPercentile } from '../metrics/intervals.ts';
import type { MetricRow } from '../metrics/rows.ts';
import { eventTokenLabel } from '../metrics/token-sources.ts';
import type { Summary } from '../metrics/types.ts';
import { compactNumber, nameWithUnit } from './numbers.ts';
import { phrase } from './phrase.ts';
import { left, NO_VALUE, reasonNotes, right, statistics, type Table } from './table.ts';
import { oneLine } from './text.ts';
import type { Text } from './words.ts';

/** Our metrics behind AISBench's eight. */
export function furtherTable({ further, statistics: names, tokens }: Summary): Table {
  const shown = statistics(names);
  return {
    title: 'Further metrics',
    columns: [left('Metric'), ...shown.map(({ head }) => right(head)), right('N')],
    rows: further.map((row) => [
      nameWithUnit(row.name, row.unit),
      ...shown.map((statistic) => numberText(row.stats && statistic.of(row.stats))),
      compactNumber(row.n),
    ]),
    footnotes: [...reasonNotes(further), `Tokens of single events: ${eventTokenLabel(tokens.events)}`],
  };
}

/** How sure the statistics are, and the far tail. */
export function intervalTable({ rows, further }: Summary): Table {
  const known = [...rows, ...further].filter(({ stats }) => stats !== undefined);
  return {
    title: phrase('95 % intervals'),
    columns: [
      left(phrase('Metric')),
      right(phrase('Average')),
      right(phrase('Median')),
      right('P90'),
      right('P99'),
      right('P99.9'),
    ],
    rows: known.map(({ name, unit, intervals, tail }) => [
      nameWithUnit(name, unit),
      range(intervals?.average),
      range(intervals?.median),
      range(intervals?.p90),
      range(intervals?.p99),
      numberText(tail?.value),
    ]),
    footnotes: [
      ...tailNotes(known),
      phrase('ITL and Token ITL pool values that are not independent: no intervals'),
    ],
  };
}

function range(interval: MetricInterval | undefined): string {
  if (interval === undefined) return NO_VALUE;
  const end = (value: number | undefined) => (value === undefined ? '?' : compactNumber(value));
  return `${end(interval.low)}..${end(interval.high)}`;
}

/** One line for the rows that are too short for the far tail. */
function tailNotes(rows: readonly MetricRow[]): Text[] {
  const short = rows.flatMap(({ tail }) => (tail?.needed === undefined ? [] : [tail]));
  const [first] = short as readonly TailPercentile[];
  return first === undefined
    ? []
    : [phrase('P{p} needs {n} values; ? : too few values to bound it', { p: first.p, n: first.needed! })];
}

/** The health of every process that sent; nothing where it was not measured. */
export function clientTables({ validity: { client } }: Summary): Table[] {
  if (client.length === 0) return [];
  return [
    {
      title: phrase('Client'),
      columns: [left(phrase('Process')), ...HEALTH.map(([head]) => right(head))],
      rows: client.map((figures) => [oneLine(figures.process), ...HEALTH.map(([, of]) => of(figures))]),
      footnotes: [],
    },
  ];
}

const HEALTH: readonly (readonly [head: Text, of: (figures: HealthFigures) => string])[] = [
  [phrase('Loop busy'), ({ loopUtilization }) => share(loopUtilization)],
  [phrase('Loop lag P99, ms'), ({ loopLagP99 }) => numberText(loopLagP99)],
  ['GC', ({ gcShare }) => share(gcShare)],
  ['CPU', ({ cpuShare }) => share(cpuShare)],
  [phrase('Memory'), ({ memoryShare }) => share(memoryShare)],
  [phrase('Descriptors'), ({ descriptorShare }) => share(descriptorShare)],
];

function share(value: number | undefined): string {
  return value === undefined ? NO_VALUE : `${Number((100 * value).toFixed(1))} %`;
}

function numberText(value: number | undefined): string {
  return value === undefined ? NO_VALUE : compactNumber(value);
}
