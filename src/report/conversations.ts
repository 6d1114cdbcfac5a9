import { metricRow, metricStats } from '../metrics/by-id.ts';
import type { ConversationRow, ConversationSummary, TurnRows } from '../metrics/conversations.ts';
import type { MetricId } from '../metrics/definitions.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Stats } from '../metrics/stats.ts';
import { compactNumber } from './numbers.ts';
import { statistics } from './statistics.ts';
import { left, NO_VALUE, reasonNotes, right, type Table } from './table.ts';
import { phrase, type Text } from './words.ts';

/** Dialogues as a whole, then first turns, second turns, … apart. */
export function conversationTables(summary: ConversationSummary): Table[] {
  return [conversationTable(summary), turnTable(summary.turns)];
}

function conversationTable({ counts, rows }: ConversationSummary): Table {
  const { total, completed, brokenOff, unfinished } = counts;
  const parts = [
    phrase('{n} completed', { n: completed }),
    phrase('{n} broken off at a failed turn', { n: brokenOff }),
    ...(unfinished > 0 ? [phrase('{n} stopped before their end', { n: unfinished })] : []),
  ];
  return {
    title: phrase('Conversations'),
    columns: [left(phrase('Metric')), ...statistics().map(({ head }) => right(head)), right('N')],
    rows: rows.map((row) => [
      headOf(row),
      ...statistics().map((statistic) => numberText(row.stats && statistic.of(row.stats))),
      compactNumber(row.n),
    ]),
    footnotes: [...reasonNotes(rows), phrase('Conversations: {total}; {parts}', { total, parts })],
  };
}

/** What a cell of the turns' table shows; a turn's answers are told by their median and tail. */
const TURN_COLUMNS = [
  ['ttft', 'median', 'TTFT P50'],
  ['ttft', 'p99', 'TTFT P99'],
  ['e2el', 'median', 'E2EL P50'],
  ['e2el', 'p99', 'E2EL P99'],
  ['input_tokens', 'median', phrase('Input P50')],
  ['output_tokens', 'median', phrase('Output P50')],
] as const satisfies readonly (readonly [MetricId, keyof Stats, Text])[];

function turnTable(turns: readonly TurnRows[]): Table {
  return {
    title: phrase('Turns'),
    columns: [right(phrase('Turn')), right('N'), ...TURN_COLUMNS.map(([, , head]) => right(head))],
    rows: turns.map(({ turn, rows }) => [
      String(turn),
      compactNumber(metricRow({ rows }, 'e2el')?.n ?? 0),
      ...TURN_COLUMNS.map(([id, key]) => numberText(metricStats({ rows }, id)?.[key])),
    ]),
    footnotes: [
      ...reasonNotes(distinct(turns.flatMap(({ rows }) => rows))),
      phrase('Times in ms, of the turns that were answered without a retry'),
    ],
  };
}

/** A metric that several turns lack for one reason is named once. */
function distinct(rows: readonly MetricRow[]): MetricRow[] {
  const byReason = new Map(rows.map((row) => [JSON.stringify([row.id, row.reason]), row]));
  return [...byReason.values()];
}

function headOf({ name, unit }: ConversationRow): Text {
  return unit === '' ? phrase(name) : phrase('{name}, {unit}', { name: phrase(name), unit });
}

function numberText(value: number | undefined): string {
  return value === undefined ? NO_VALUE : compactNumber(value);
}
