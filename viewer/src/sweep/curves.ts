/** The measures of a sweep over its loads, as charts. */
import type { LoadKind } from '../../../src/search/load-points.ts';
import type { PointRow } from '../../../src/search/point-table.ts';
import type { ChartSeries } from '../charts/chart.tsx';
import { type Drawn, isMeasured, linesOver, NUMBERS, shareAxis } from '../charts/lines.ts';
import { duration, msTick, percent } from '../format.ts';
import type { Words } from '../i18n/en.ts';

type Quality = NonNullable<PointRow['quality']>;

/** A chart for each thing that was measured at any of the points. */
export function curvesOf(points: readonly PointRow[], kind: LoadKind, words: Words): Drawn[] {
  const line = linesOver(points);
  const tails = (metric: 'ttft' | 'tpot' | 'itl' | 'e2el'): Drawn => ({
    title: metric.toUpperCase(),
    series: [
      line('P50', 'p50', (point) => point[metric]?.p50, { show: duration }),
      line('P99', 'p99', (point) => point[metric]?.p99, { show: duration }),
    ],
    axis: { tick: msTick },
  });
  /** `of` is in percent. */
  const quality = (
    label: string,
    color: string,
    of: (found: Quality) => number | undefined,
    look: { readonly dashed?: true } = {},
  ) => line(label, color, ({ quality: found }) => found && asShare(of(found)), { show: percent, ...look });
  const metrics = [...new Set(points.flatMap(({ quality }) => quality?.metric ?? []))];
  const achieved = kind === 'rate' ? words.achievedRate : words.heldConcurrency;
  const all: Drawn[] = [
    {
      title: words.outputThroughput,
      series: [line('tok/s', 'accent', ({ outputTokensPerSecond }) => outputTokensPerSecond)],
      axis: NUMBERS,
    },
    {
      title: words.askedAndAchieved,
      series: [
        line(words.asked, 'asked', ({ asked }) => asked, { dashed: true }),
        line(achieved, 'accent', (point) => point.achieved),
        ...(kind === 'rate' ? [line(words.answeredRate, 'tpot', (point) => point.requestsPerSecond)] : []),
      ],
      axis: NUMBERS,
    },
    ...(['ttft', 'tpot', 'itl', 'e2el'] as const).map(tails),
    shares(words.goodShare, [
      line(words.goodput, 'good', ({ goodput }) => goodput?.share, { show: percent }),
    ]),
    shares(`${words.quality}: ${metrics.join(', ')}`, [
      quality(words.allAnswers, 'accent', (found) => found.score),
      ...[
        quality(words.intervalLow, 'p50', ({ interval }) => interval?.low, { dashed: true }),
        quality(words.intervalHigh, 'p50', ({ interval }) => interval?.high, { dashed: true }),
        quality(words.atSlo, 'good', ({ scoreAtSlo }) => scoreAtSlo),
      ].filter(isMeasured),
    ]),
    {
      title: words.correctRate,
      series: [line(words.correctRate, 'good', ({ quality }) => quality?.correctPerSecond)],
      axis: NUMBERS,
    },
  ];
  return all.filter(({ series }) => series.every(isMeasured));
}

function shares(title: string, series: readonly ChartSeries[]): Drawn {
  return { title, series, axis: shareAxis(series) };
}

function asShare(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value / 100;
}
