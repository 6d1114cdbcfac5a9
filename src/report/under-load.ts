import type { ScoreAtSlo } from '../evaluate/under-load.ts';
import type { AccuracyReport, ScoreLine } from './accuracy.ts';
import { compactNumber } from './numbers.ts';
import { NO_VALUE, nameColumn, reasonNotes, right, type Table } from './table.ts';
import { oneLine } from './text.ts';

/** A line about an answer's worth under load: percent, or answers a second. */
export interface LoadLine extends Partial<ScoreLine> {
  readonly metric: string;
  readonly unit: '%' | '1/s';
}

/** What a score was worth under load, as lines; none of a run that was no load test. */
export function underLoadLines({ model, dataset, card, underLoad }: AccuracyReport): LoadLine[] {
  if (underLoad === undefined) return [];
  const { n, correctPerSecond, steadyCorrectPerSecond, atSlo } = underLoad;
  const of = { model, dataset };
  const rate = (metric: string, value: number | undefined): LoadLine => ({
    ...of,
    ...{ metric, n, unit: '1/s' },
    ...(value === undefined ? {} : { value }),
  });
  return [
    rate('correct answers/s', correctPerSecond),
    ...(steadyCorrectPerSecond === undefined
      ? []
      : [rate('correct answers/s, steady', steadyCorrectPerSecond)]),
    ...(atSlo === undefined
      ? []
      : [
          { ...of, metric: `${card.metric} at SLO`, unit: '%' as const, ...(atSlo.score ?? { n: 0 }) },
          { ...of, metric: 'met SLO', unit: '%' as const, ...(atSlo.met ?? { n: 0 }) },
        ]),
  ];
}

/** One table of all scores that were made under load. */
export function underLoadTables(reports: readonly AccuracyReport[]): Table[] {
  const lines = reports.flatMap(underLoadLines);
  if (lines.length === 0) return [];
  const shown = reports.flatMap(({ underLoad }) => (underLoad === undefined ? [] : [underLoad]));
  return [
    {
      title: 'Quality under load',
      columns: [
        nameColumn('Dataset'),
        nameColumn('Metric'),
        nameColumn('Model'),
        right('Value'),
        right('n'),
        right('Interval'),
      ],
      rows: lines.map((line) => [
        oneLine(line.dataset!),
        oneLine(line.metric),
        oneLine(line.model!),
        valueText(line),
        String(line.n ?? 0),
        line.interval === undefined
          ? ''
          : `${line.interval.low.toFixed(1)}..${line.interval.high.toFixed(1)}`,
      ]),
      footnotes: [
        'correct answers/s: credits of all answers over the duration of the load',
        ...new Set(shown.flatMap(({ atSlo }) => (atSlo === undefined ? [] : [sloNote(atSlo)]))),
        ...new Set(lines.flatMap(({ interval }) => (interval ? [`Interval: 95 %, ${interval.method}`] : []))),
        ...reasonNotes(reports.flatMap(noValue)),
      ],
    },
  ];
}

function valueText({ value, unit }: LoadLine): string {
  if (value === undefined) return NO_VALUE;
  return unit === '%' ? value.toFixed(2) : compactNumber(value);
}

function sloNote({ slos }: ScoreAtSlo): string {
  const limits = Object.entries(slos).map(([name, limit]) => `${name} ≤ ${limit} ms`);
  return `at SLO: answers whose requests met ${limits.join(', ')} from the schedule`;
}

function noValue({ dataset, underLoad }: AccuracyReport): { name: string; reason: string }[] {
  if (underLoad === undefined) return [];
  const { atSlo, correctPerSecond } = underLoad;
  return [
    ...(correctPerSecond === undefined ? [{ name: oneLine(dataset), reason: 'the load took no time' }] : []),
    ...(atSlo?.reason === undefined ? [] : [{ name: `${oneLine(dataset)} at SLO`, reason: atSlo.reason }]),
  ];
}
