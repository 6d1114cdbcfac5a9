import type { CallRef, FailureKind } from '../contract/record.ts';
import { commonValue, metricRow, metricStats } from '../metrics/by-id.ts';
import type { ConversationRow, ConversationSummary, TurnRows } from '../metrics/conversations.ts';
import type { CommonMetricId, MetricId } from '../metrics/definitions.ts';
import type { FailureGroup } from '../metrics/failures.ts';
import type { GroupRow, Groups } from '../metrics/groups.ts';
import type { MetricRow } from '../metrics/rows.ts';
import type { Stats } from '../metrics/stats.ts';
import type { Summary } from '../metrics/types.ts';
import { compactNumber, plainNumber } from './numbers.ts';
import { phrase } from './phrase.ts';
import { left, NO_VALUE, reasonNotes, right, statistics, type Table } from './table.ts';
import { clip, displayWidth, oneLine } from './text.ts';
import type { Text } from './words.ts';

/** Common metrics that a segment shows, and their heads. */
const SHOWN: readonly (readonly [id: CommonMetricId, head: Text])[] = [
  ['total_requests', phrase('Requests')],
  ['failed_requests', phrase('Failed')],
  ['duration', phrase('Duration, ms')],
  ['request_throughput', 'req/s'],
  ['output_token_throughput', phrase('Output token/s')],
];

/** The sessions of a continued load test, each a load of its own. */
export function segmentTable(segments: readonly Summary[]): Table {
  return {
    title: phrase('Segments'),
    columns: [right(phrase('Segment')), left(phrase('Verdict')), ...SHOWN.map(([, head]) => right(head))],
    rows: segments.map((summary, index) => [
      String(index + 1),
      summary.validity.verdict,
      ...SHOWN.map(([id]) => {
        const value = commonValue(summary, id);
        return value === undefined ? NO_VALUE : plainNumber(value);
      }),
    ]),
    footnotes: segments.flatMap(({ validity: { findings } }, index) =>
      findings.map((one) => phrase('segment {n}: {finding}', { n: index + 1, finding: one })),
    ),
  };
}

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

const MESSAGE_WIDTH = 240;

/** Failures by cause, the most frequent first, each with one request to look at. */
export function failureTable(title: string, groups: readonly FailureGroup[]): Table {
  return {
    title,
    columns: [right('Count'), left('Kind'), right('Status'), left('Message'), left('Example')],
    rows: groups.map((group) => [
      String(group.count),
      group.kind,
      group.status === undefined ? '' : String(group.status),
      messageOf(group),
      oneLine(exampleOf(group.example)),
    ]),
    footnotes: [...new Set(groups.flatMap(curesOf))],
  };
}

/** One thing to do about a failure, where there is one that a flag or a config can do. */
function curesOf({ kind, status = 0, message }: FailureGroup): string[] {
  const cure = status > 0 ? cureOfStatus(status) : cureOfKind(kind, message);
  return cure === undefined ? [] : [`to do (${status > 0 ? `HTTP ${status}` : kind}): ${cure}`];
}

function cureOfStatus(status: number): string | undefined {
  if (status === 401 || status === 403) return 'give the key of the service with --api-key';
  if (status === 404) return 'check the address (--url) and the name of the model (--model)';
  if (status === 429) return 'ask for less at once (--batch-size) or more slowly (--request-rate)';
  return status >= 300 && status < 400 ? 'give the address that it redirects to, with --url' : undefined;
}

function cureOfKind(kind: FailureKind, message: string): string | undefined {
  if (kind === 'connect')
    return 'see that the service is up and its address right: --url, --host-ip, --host-port';
  if (kind === 'timeout') return 'find out why it takes so long, or allow more: --timeout-total and its like';
  if (kind === 'bad-reply' && message.includes('no event stream'))
    return 'check the address, or set stream: false where the service answers in one piece';
  return undefined;
}

function exampleOf({ dataset, index, turn, label }: CallRef): string {
  const turnText = turn === undefined ? '' : ` turn ${turn + 1}`;
  return `${dataset} #${index}${turnText}${label === undefined ? '' : ` label ${label}`}`;
}

/** The message holds the server's words; the whole body is in the record. */
function messageOf({ message }: FailureGroup): string {
  const text = oneLine(message);
  return displayWidth(text) <= MESSAGE_WIDTH ? text : `${clip(text, MESSAGE_WIDTH - 1)}…`;
}
