/** The measures of a sweep over its loads, as charts. */
import type { LoadKind } from '../../../src/search/load-points.ts';
import type { PointRow } from '../../../src/search/point-table.ts';
import type { ChartSeries } from '../charts/chart.tsx';
import { duration, msTick, number, percent, tick } from '../format.ts';
import type { Words } from '../i18n/words.ts';

/** A chart over the load. */
interface Curves {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly axis: (value: number) => string;
}

/** A chart for each thing that was measured at any of the points. */
export function curvesOf(points: readonly PointRow[], kind: LoadKind, words: Words): Curves[] {
  const values = (of: (point: PointRow) => number | undefined) => points.map((point) => of(point) ?? null);
  const line = (
    label: string,
    color: string,
    of: (point: PointRow) => number | undefined,
    show: ChartSeries['show'] = number,
  ): ChartSeries => ({ label, color, values: values(of), show });
  const tails = (metric: 'ttft' | 'tpot' | 'itl' | 'e2el'): Curves => ({
    title: metric.toUpperCase(),
    series: [
      line('P50', 'p50', (point) => point[metric]?.p50, duration),
      line('P99', 'p99', (point) => point[metric]?.p99, duration),
    ],
    axis: msTick,
  });
  const metrics = [...new Set(points.flatMap(({ quality }) => quality?.metric ?? []))];
  const achieved = kind === 'rate' ? words.achievedRate : words.heldConcurrency;
  const all: Curves[] = [
    {
      title: words.outputThroughput,
      series: [line('tok/s', 'accent', ({ outputTokensPerSecond }) => outputTokensPerSecond)],
      axis: tick,
    },
    {
      title: words.askedAndAchieved,
      series: [
        { ...line(words.asked, 'asked', ({ asked }) => asked), dashed: true },
        line(achieved, 'accent', (point) => point.achieved),
        ...(kind === 'rate' ? [line(words.answeredRate, 'tpot', (point) => point.requestsPerSecond)] : []),
      ],
      axis: tick,
    },
    ...(['ttft', 'tpot', 'itl', 'e2el'] as const).map(tails),
    {
      title: words.goodShare,
      series: [line(words.goodput, 'good', ({ goodput }) => goodput?.share, percent)],
      axis: (value) => percent(value, 0),
    },
    {
      title: `${words.quality}: ${metrics.join(', ')}`,
      series: [
        line(words.allAnswers, 'accent', ({ quality }) => share(quality?.score), percent),
        ...[
          {
            ...line(words.intervalLow, 'p50', ({ quality }) => share(quality?.interval?.low), percent),
            dashed: true,
          },
          {
            ...line(words.intervalHigh, 'p50', ({ quality }) => share(quality?.interval?.high), percent),
            dashed: true,
          },
          line(words.atSlo, 'good', ({ quality }) => share(quality?.scoreAtSlo), percent),
        ].filter(isMeasured),
      ],
      axis: (value) => percent(value, 0),
    },
    {
      title: words.correctRate,
      series: [line(words.correctRate, 'good', ({ quality }) => quality?.correctPerSecond)],
      axis: tick,
    },
  ];
  return all.filter(({ series }) => series.every(isMeasured));
}

function isMeasured({ values }: ChartSeries): boolean {
  return Array.from(values).some((value) => value !== null);
}

/** Of percent. */
function share(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / 100;
}
