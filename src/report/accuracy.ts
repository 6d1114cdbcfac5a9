import { left, NO_VALUE, reasonNotes, right, type Table } from './table.ts';
import { oneLine } from './text.ts';

/** What the report reads of a score card (`evaluate`): values in percent, 0..100. */
export interface ReportedScore {
  readonly metric: string;
  /** Further numbers of the same answers, in percent. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** Absent when nothing could be scored. */
  readonly value?: number;
  /** Samples that the value is a share of. */
  readonly n: number;
  /** How many dialogues the samples are turns of. */
  readonly dialogues?: number;
  readonly correct: number;
  /** Worth something, and not all. */
  readonly partial?: number;
  readonly wrong: number;
  readonly unextractable: number;
  readonly truncated: number;
  readonly failed: number;
  readonly interval?: {
    readonly low: number;
    readonly high: number;
    /** 0.95 for a 95 % interval. */
    readonly level: number;
    readonly method: string;
  };
}

/** The accuracy of one model on one dataset. */
export interface AccuracyReport {
  readonly model: string;
  readonly dataset: string;
  readonly card: ReportedScore;
  /** The value that AISBench's own rules give, in percent. */
  readonly compatValue?: number;
  /** The service says that its answers are made up; the score's own line says so. */
  readonly simulated?: boolean;
}

/** Verdicts in the order of the columns. */
export const COUNTS = [
  ['Correct', 'correct'],
  ['Partial', 'partial'],
  ['Wrong', 'wrong'],
  ['Unextractable', 'unextractable'],
  ['Truncated', 'truncated'],
  ['Failed', 'failed'],
] as const satisfies readonly (readonly [string, keyof ReportedScore])[];

/** The scores, and what the samples behind them came to. */
export function accuracyTables(reports: readonly AccuracyReport[]): Table[] {
  return reports.length === 0 ? [] : [scoreTable(reports), verdictTable(reports)];
}

function scoreTable(reports: readonly AccuracyReport[]): Table {
  // AISBench's value is worth a column only where it says something else.
  const differs = reports.some((report) => compatText(report) !== '');
  return {
    title: 'Accuracy',
    columns: [
      left('Dataset'),
      left('Metric'),
      left('Model'),
      right('Value'),
      ...(differs ? [right('AISBench')] : []),
      right('n'),
      right('Interval'),
    ],
    rows: reports.flatMap((report) => [
      [
        oneLine(report.dataset),
        oneLine(report.simulated ? `${report.card.metric} (simulated)` : report.card.metric),
        oneLine(report.model),
        valueText(report.card.value),
        ...(differs ? [compatText(report)] : []),
        String(report.card.n),
        intervalText(report.card),
      ],
      ...furtherRows(report, differs),
    ]),
    footnotes: [
      ...reasonNotes(reports.flatMap(noScoreNotes)),
      ...intervalNotes(reports),
      ...dialogueNotes(reports),
      ...(differs ? ["AISBench: the value by AISBench's own rules, where it differs"] : []),
    ],
  };
}

function furtherRows({ dataset, model, card }: AccuracyReport, differs: boolean): string[][] {
  return Object.entries(card.metrics ?? {}).map(([metric, value]) => [
    oneLine(dataset),
    oneLine(metric),
    oneLine(model),
    valueText(value),
    ...(differs ? [''] : []),
    String(card.n),
    '',
  ]);
}

function verdictTable(reports: readonly AccuracyReport[]): Table {
  // Most runs have one metric; its column would cost the names their room.
  const several = new Set(reports.map(({ card }) => card.metric)).size > 1;
  const counts = COUNTS.filter(([, key]) => key !== 'partial' || reports.some(({ card }) => card.partial));
  return {
    title: 'Verdicts',
    columns: [
      left('Dataset'),
      ...(several ? [left('Metric')] : []),
      left('Model'),
      ...counts.map(([head]) => right(head)),
    ],
    rows: reports.map(({ dataset, model, card }) => [
      oneLine(dataset),
      ...(several ? [oneLine(card.metric)] : []),
      oneLine(model),
      ...counts.map(([, key]) => String(card[key] ?? 0)),
    ]),
    footnotes: [],
  };
}

/** Two decimals, as AISBench prints scores. */
function valueText(value: number | undefined): string {
  return value === undefined ? NO_VALUE : value.toFixed(2);
}

function compatText({ card, compatValue }: AccuracyReport): string {
  const text = compatValue === undefined ? '' : valueText(compatValue);
  return text === valueText(card.value) ? '' : text;
}

function intervalText({ interval }: ReportedScore): string {
  return interval === undefined ? NO_VALUE : `${interval.low.toFixed(1)}..${interval.high.toFixed(1)}`;
}

function noScoreNotes({ dataset, card }: AccuracyReport): { name: string; reason: string }[] {
  return card.value === undefined
    ? [{ name: oneLine(dataset), reason: 'no score, every request failed' }]
    : [];
}

/** How the intervals were made: one sentence a method. */
function intervalNotes(reports: readonly AccuracyReport[]): string[] {
  return reasonNotes(
    reports.flatMap(({ card: { interval } }) =>
      interval === undefined
        ? []
        : [{ name: 'Interval', reason: `${100 * interval.level} %, ${interval.method}` }],
    ),
  ).map((note) => note.replace(/^(Interval)(, \1)+/, '$1'));
}

function dialogueNotes(reports: readonly AccuracyReport[]): string[] {
  const notes = reports.flatMap(({ dataset, card: { n, dialogues } }) =>
    dialogues === undefined
      ? []
      : [`${oneLine(dataset)}: ${n} turns of ${dialogues} dialogues, each scored by itself`],
  );
  return [...new Set(notes)];
}
