import { defined } from '../basics/defined.ts';
import type { ScoreAtSlo } from '../evaluate/under-load.ts';
import type { AccuracyReport, ScoreLine } from './accuracy.ts';
import { compactNumber } from './numbers.ts';
import { phrase } from './phrase.ts';
import { NO_VALUE, nameColumn, reasonNotes, right, type Table } from './table.ts';
import { oneLine } from './text.ts';
import type { Text } from './words.ts';

/** A line about an answer's worth under load: percent, or answers a second. */
export interface LoadLine extends Partial<ScoreLine> {
  readonly metric: string;
  /** The metric in words. */
  readonly words: Text;
  readonly unit: '%' | '1/s';
}

/** What a score was worth under load, as lines; none of a run that was no load test. */
export function underLoadLines({ model, dataset, card, underLoad }: AccuracyReport): LoadLine[] {
  if (underLoad === undefined) return [];
  const { n, correctPerSecond, steadyCorrectPerSecond, atSlo } = underLoad;
  const of = { model, dataset };
  const rate = (
    metric: 'correct answers/s' | 'correct answers/s, steady',
    value: number | undefined,
  ): LoadLine => ({
    ...of,
    ...defined({ metric, words: phrase(metric), n, unit: '1/s' as const, value }),
  });
  return [
    rate('correct answers/s', correctPerSecond),
    ...(steadyCorrectPerSecond === undefined
      ? []
      : [rate('correct answers/s, steady', steadyCorrectPerSecond)]),
    ...(atSlo === undefined
      ? []
      : [
          {
            ...{ ...of, metric: `${card.metric} at SLO`, unit: '%' as const },
            words: phrase('{metric} at SLO', { metric: oneLine(card.metric) }),
            ...(atSlo.score ?? { n: 0 }),
          },
          {
            ...of,
            metric: 'met SLO',
            words: phrase('met SLO'),
            unit: '%' as const,
            ...(atSlo.met ?? { n: 0 }),
          },
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
      title: phrase('Quality under load'),
      columns: [
        nameColumn(phrase('Dataset')),
        nameColumn(phrase('Metric')),
        nameColumn(phrase('Model')),
        right(phrase('Value')),
        right('n'),
        right(phrase('Interval')),
      ],
      rows: lines.map((line) => [
        oneLine(line.dataset!),
        line.words,
        oneLine(line.model!),
        valueText(line),
        String(line.n ?? 0),
        line.interval === undefined
          ? ''
          : `${line.interval.low.toFixed(1)}..${line.interval.high.toFixed(1)}`,
      ]),
      footnotes: [
        phrase('correct answers/s: credits of all answers over the duration of the load'),
        ...[...new Set(shown.flatMap(({ atSlo }) => (atSlo === undefined ? [] : [limitsOf(atSlo)])))].map(
          (limits) => phrase('at SLO: answers whose requests met {limits} from the schedule', { limits }),
        ),
        ...[...new Set(lines.flatMap(({ interval }) => (interval ? [interval.method] : [])))].map((method) =>
          phrase('Interval: 95 %, {method}', { method }),
        ),
        ...reasonNotes(reports.flatMap(noValue)),
      ],
    },
  ];
}

function valueText({ value, unit }: LoadLine): string {
  if (value === undefined) return NO_VALUE;
  return unit === '%' ? value.toFixed(2) : compactNumber(value);
}

function limitsOf({ slos }: ScoreAtSlo): string {
  return Object.entries(slos)
    .map(([name, limit]) => `${name} ≤ ${limit} ms`)
    .join(', ');
}

function noValue({ dataset, underLoad }: AccuracyReport): { name: Text; reason: Text }[] {
  if (underLoad === undefined) return [];
  const { atSlo, correctPerSecond } = underLoad;
  return [
    ...(correctPerSecond === undefined
      ? [{ name: oneLine(dataset), reason: phrase('the load took no time') }]
      : []),
    ...(atSlo?.reason === undefined
      ? []
      : [{ name: phrase('{metric} at SLO', { metric: oneLine(dataset) }), reason: atSlo.reason }]),
  ];
}
