import type { ConversationRow, ConversationSummary, TurnRows } from '../metrics/conversations.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Stats } from '../metrics/stats.ts';
import { compactNumber } from './numbers.ts';
import { statistics } from './statistics.ts';
import { left, NO_VALUE, reasonNotes, right, type Table } from './table.ts';

/** Dialogues as a whole, then first turns, second turns, … apart. */
export function conversationTables(summary: ConversationSummary): Table[] {
  return [conversationTable(summary), turnTable(summary.turns)];
}

function conversationTable({ counts, rows }: ConversationSummary): Table {
  const { total, completed, brokenOff, unfinished } = counts;
  const ended = [`${completed} completed`, `${brokenOff} broken off at a failed turn`];
  if (unfinished > 0) ended.push(`${unfinished} stopped before their end`);
  return {
    title: 'Conversations',
    columns: [left('Metric'), ...statistics().map(({ head }) => right(head)), right('N')],
    rows: rows.map((row) => [
      headOf(row),
      ...statistics().map((statistic) => numberText(row.stats && statistic.of(row.stats))),
      compactNumber(row.n),
    ]),
    footnotes: [...reasonNotes(rows), `Conversations: ${total}; ${ended.join(', ')}`],
  };
}

/** What a cell of the turns' table shows; a turn's answers are told by their median and tail. */
const TURN_COLUMNS = [
  ['TTFT', 'median', 'TTFT P50'],
  ['TTFT', 'p99', 'TTFT P99'],
  ['E2EL', 'median', 'E2EL P50'],
  ['E2EL', 'p99', 'E2EL P99'],
  ['InputTokens', 'median', 'Input P50'],
  ['OutputTokens', 'median', 'Output P50'],
] as const satisfies readonly (readonly [MetricRow['name'], keyof Stats, string])[];

function turnTable(turns: readonly TurnRows[]): Table {
  const named = (rows: readonly MetricRow[], wanted: string) => rows.find(({ name }) => name === wanted);
  return {
    title: 'Turns',
    columns: [right('Turn'), right('N'), ...TURN_COLUMNS.map(([, , head]) => right(head))],
    rows: turns.map(({ turn, rows }) => [
      String(turn),
      compactNumber(named(rows, 'E2EL')?.n ?? 0),
      ...TURN_COLUMNS.map(([name, key]) => numberText(named(rows, name)?.stats?.[key])),
    ]),
    footnotes: [
      ...new Set(turns.flatMap(({ rows }) => reasonNotes(rows))),
      'Times in ms, of the turns that were answered without a retry',
    ],
  };
}

function headOf({ name, unit }: ConversationRow): string {
  return unit === '' ? name : `${name}, ${unit}`;
}

function numberText(value: number | undefined): string {
  return value === undefined ? NO_VALUE : compactNumber(value);
}
