import { plural } from '../basics/plural.ts';
import type { ScoreUnderLoad } from '../evaluate/under-load.ts';
import { NO_VALUE, nameColumn, reasonNotes, right, type Table } from './table.ts';
import { oneLine } from './text.ts';
import type { Text } from './words.ts';

/** How sure a number is, in its own unit. */
export interface ReportedInterval {
  readonly low: number;
  readonly high: number;
  /** 0.95 for a 95 % interval. */
  readonly level: number;
  readonly method: string;
  /** How many groups of answers it rests on, where that is fewer than the answers. */
  readonly clusters?: number;
}

/** A further number of the same answers, in percent. */
interface ReportedMeasure {
  readonly value: number;
  /** What it is a mean over. */
  readonly n: number;
  readonly interval?: ReportedInterval;
  /** What AISBench's own rules give. */
  readonly compat?: number;
}

/** What the report reads of a score card (`evaluate`): values in percent, 0..100. */
export interface ReportedScore {
  readonly metric: string;
  readonly metrics?: Readonly<Record<string, ReportedMeasure>>;
  /** Absent when nothing could be scored. */
  readonly value?: number;
  /** Samples that the value is a share of. */
  readonly n: number;
  /** How many dialogues the samples are turns of. */
  readonly dialogues?: number;
  /** How many questions the samples are answers to, where each was asked several times. */
  readonly questions?: number;
  readonly correct: number;
  /** Worth something, and not all. */
  readonly partial?: number;
  readonly wrong: number;
  readonly unextractable: number;
  /** A judge that was asked twice said one thing and the other. */
  readonly inconsistent?: number;
  readonly truncated: number;
  readonly failed: number;
  readonly interval?: ReportedInterval;
  /** Of a judge that was asked twice: of `n` verdicts `agreed` were the same; who was called right one time only. */
  readonly agreement?: {
    readonly n: number;
    readonly agreed: number;
    readonly onlyFirst: number;
    readonly onlySwapped: number;
    readonly kappa?: number;
  };
}

/** The accuracy of one model on one dataset. */
export interface AccuracyReport {
  readonly model: string;
  readonly dataset: string;
  readonly card: ReportedScore;
  /** The value that AISBench's own rules give, in percent. */
  readonly compatValue?: number;
  /** How the answers were graded, where there is something to know. */
  readonly notes?: readonly string[];
  /** The service says that its answers are made up; the score's own line says so. */
  readonly simulated?: boolean;
  /** Of a load test whose answers were scored. */
  readonly underLoad?: ScoreUnderLoad;
}

/** Verdicts in the order of the columns. */
export const COUNTS = [
  ['Correct', 'correct'],
  ['Partial', 'partial'],
  ['Wrong', 'wrong'],
  ['Unextractable', 'unextractable'],
  ['Inconsistent', 'inconsistent'],
  ['Truncated', 'truncated'],
  ['Failed', 'failed'],
] as const satisfies readonly (readonly [string, keyof ReportedScore])[];

/** The scores, and what the samples behind them came to. */
export function accuracyTables(reports: readonly AccuracyReport[]): Table[] {
  return reports.length === 0 ? [] : [scoreTable(reports), verdictTable(reports)];
}

/** A number with its names: a line of the table. */
export interface ScoreLine extends ReportedMeasure {
  readonly dataset: string;
  readonly model: string;
  readonly metric: string;
}

/** The headline of a report as a line; undefined where nothing could be scored. */
function headlineOf({ dataset, model, card, compatValue }: AccuracyReport): ScoreLine | undefined {
  const { metric, value, n, interval } = card;
  if (value === undefined) return undefined;
  return {
    ...{ dataset, model, metric, value, n },
    ...(interval === undefined ? {} : { interval }),
    ...(compatValue === undefined ? {} : { compat: compatValue }),
  };
}

/** The numbers of a report beside its headline. */
export function furtherLines({ dataset, model, card }: AccuracyReport): ScoreLine[] {
  return Object.entries(card.metrics ?? {}).map(([metric, own]) => ({ dataset, model, metric, ...own }));
}

function linesOf(report: AccuracyReport): ScoreLine[] {
  const headline = headlineOf(report);
  return [...(headline === undefined ? [] : [headline]), ...furtherLines(report)];
}

function scoreTable(reports: readonly AccuracyReport[]): Table {
  const lines = reports.flatMap(linesOf);
  // AISBench's value is worth a column only where it says something else.
  const differs = lines.some((line) => compatText(line) !== '');
  const cells = (line: ScoreLine, metric = line.metric) => [
    oneLine(line.dataset),
    oneLine(metric),
    oneLine(line.model),
    valueText(line.value),
    ...(differs ? [compatText(line)] : []),
    String(line.n),
    intervalText(line),
  ];
  const rowsOf = (report: AccuracyReport) => {
    const { dataset, model, card, simulated } = report;
    const metric = simulated ? `${card.metric} (simulated)` : card.metric;
    const headline = headlineOf(report);
    const none = [oneLine(dataset), oneLine(metric), oneLine(model), NO_VALUE];
    const first =
      headline === undefined
        ? [...none, ...(differs ? [''] : []), String(card.n), NO_VALUE]
        : cells(headline, metric);
    return [first, ...furtherLines(report).map((line) => cells(line))];
  };
  return {
    title: 'Accuracy, in percent',
    columns: [
      nameColumn('Dataset'),
      nameColumn('Metric'),
      nameColumn('Model'),
      right('Value'),
      ...(differs ? [right('AISBench')] : []),
      right('n'),
      right('Interval'),
    ],
    rows: reports.flatMap(rowsOf),
    footnotes: [
      ...reasonNotes(reports.flatMap(noScoreNotes)),
      ...intervalNotes(lines),
      ...dialogueNotes(reports),
      ...repeatNotes(reports),
      ...agreementNotes(reports),
      ...gradingNotes(reports),
      ...(differs ? ["AISBench: the value by AISBench's own rules, where it differs"] : []),
    ],
  };
}

function verdictTable(reports: readonly AccuracyReport[]): Table {
  // Most runs have one metric; its column would cost the names their room.
  const several = new Set(reports.map(({ card }) => card.metric)).size > 1;
  // Rare verdicts have a column where there are any.
  const isRare = (key: string) => key === 'partial' || key === 'inconsistent';
  const counts = COUNTS.filter(([, key]) => !isRare(key) || reports.some(({ card }) => card[key]));
  return {
    title: 'Verdicts',
    columns: [
      nameColumn('Dataset'),
      ...(several ? [nameColumn('Metric')] : []),
      nameColumn('Model'),
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

function compatText({ value, compat }: ReportedMeasure): string {
  const text = compat === undefined ? '' : valueText(compat);
  return text === valueText(value) ? '' : text;
}

function intervalText({ interval }: ReportedMeasure): string {
  return interval === undefined ? NO_VALUE : `${interval.low.toFixed(1)}..${interval.high.toFixed(1)}`;
}

function noScoreNotes({ dataset, card }: AccuracyReport): { name: string; reason: string }[] {
  return card.value === undefined
    ? [{ name: oneLine(dataset), reason: 'no score, every request failed' }]
    : [];
}

const CLUSTERED =
  'clustered: answers to one question, turns of a dialogue and questions of one source count as one group';
const NO_INTERVAL = 'no interval, all answers are of one group';

/** How the intervals were made: one sentence a method, which says of what where there are several. */
function intervalNotes(lines: readonly ScoreLine[]): Text[] {
  const methods = new Map<string, ScoreLine[]>();
  const without: { name: string; reason: string }[] = [];
  for (const line of lines) {
    const { interval } = line;
    if (interval === undefined) without.push({ name: nameOf(line, lines), reason: NO_INTERVAL });
    else {
      const how = `${100 * interval.level} %, ${interval.method}`;
      methods.set(how, [...(methods.get(how) ?? []), line]);
    }
  }
  const notes = [...methods].map(([how, having]) => {
    if (methods.size === 1) return `Interval: ${how}`;
    return `Interval of ${[...new Set(having.map((line) => nameOf(line, lines)))].join(', ')}: ${how}`;
  });
  const isClustered = [...methods.keys()].some((how) => how.endsWith('clustered'));
  return [...notes, ...(isClustered ? [CLUSTERED] : []), ...reasonNotes(without)];
}

/** A metric whose numbers were all made the same way stands for them; else the dataset is named too. */
function nameOf({ dataset, metric, interval }: ScoreLine, lines: readonly ScoreLine[]): string {
  const isUniform = lines.every(
    (line) => line.metric !== metric || line.interval?.method === interval?.method,
  );
  return oneLine(isUniform ? metric : `${dataset} ${metric}`);
}

function dialogueNotes(reports: readonly AccuracyReport[]): string[] {
  const notes = reports.flatMap(({ dataset, card: { n, dialogues } }) =>
    dialogues === undefined
      ? []
      : [
          `${oneLine(dataset)}: ${plural(n, 'turn')} of ${plural(dialogues, 'dialogue')}, each scored by itself`,
        ],
  );
  return [...new Set(notes)];
}

function repeatNotes(reports: readonly AccuracyReport[]): string[] {
  const notes = reports.flatMap(({ dataset, card: { n, dialogues, questions } }) =>
    questions === undefined || dialogues !== undefined
      ? []
      : [`${oneLine(dataset)}: ${plural(n, 'answer')} to ${plural(questions, 'question')}`],
  );
  return [...new Set(notes)];
}

function agreementNotes(reports: readonly AccuracyReport[]): string[] {
  return reports.flatMap(({ dataset, model, card: { agreement } }) => {
    if (agreement === undefined) return [];
    const { n, agreed, onlyFirst, onlySwapped, kappa } = agreement;
    const chance =
      kappa === undefined ? 'no kappa: all verdicts are the same' : `Cohen's kappa ${kappa.toFixed(2)}`;
    const sided = `called right first only ${onlyFirst}, swapped only ${onlySwapped}`;
    return [
      `${oneLine(dataset)}, ${oneLine(model)}: the judge said the same of ${agreed} of ${plural(n, 'answer')} when swapped (${chance}; ${sided})`,
    ];
  });
}

function gradingNotes(reports: readonly AccuracyReport[]): string[] {
  const notes = reports.flatMap(({ dataset, notes = [] }) =>
    notes.map((note) => `${oneLine(dataset)}: ${oneLine(note)}`),
  );
  return [...new Set(notes)];
}
