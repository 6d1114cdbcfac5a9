import type { GroupRow, Groups } from '../metrics/groups.ts';
import type { Stats } from '../metrics/stats.ts';
import { compactNumber } from './numbers.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';
import { oneLine } from './text.ts';
import { phrase, type Text } from './words.ts';

/** A row mapping can name thousands of adapters; the files have them all. */
const MOST_ROWS = 50;

/** Servers and adapters side by side, where the run had several. */
export function groupTables({ servers, adapters }: Groups): Table[] {
  return [
    ...(servers === undefined ? [] : [groupTable(phrase('Servers'), phrase('Server'), servers)]),
    ...(adapters === undefined ? [] : [groupTable(phrase('Adapters'), phrase('Adapter'), adapters)]),
  ];
}

function groupTable(title: Text, head: Text, rows: readonly GroupRow[]): Table {
  const further = rows.length - MOST_ROWS;
  return {
    title,
    columns: [
      left(head),
      right(phrase('Reqs')),
      right(phrase('Failed')),
      right('TTFT P50'),
      right('P99'),
      right('E2EL P50'),
      right('P99'),
      right('tok/s'),
    ],
    rows: rows
      .slice(0, MOST_ROWS)
      .map((row) => [
        row.name === '' ? phrase('none') : oneLine(row.name),
        compactNumber(row.requests),
        compactNumber(row.failed),
        statistic(row.ttft, 'median'),
        statistic(row.ttft, 'p99'),
        statistic(row.e2el, 'median'),
        statistic(row.e2el, 'p99'),
        row.outputTokenThroughput === undefined ? NO_VALUE : compactNumber(row.outputTokenThroughput),
      ]),
    footnotes: [
      ...(further > 0
        ? [phrase('{n?# further row is|# further rows are} in the CSV file', { n: further })]
        : []),
      phrase('Times in ms, of answers without a retry; tok/s: generated tokens a second of the whole run'),
    ],
  };
}

function statistic(stats: Stats | undefined, key: 'median' | 'p99'): string {
  return stats === undefined ? NO_VALUE : compactNumber(stats[key]);
}
