/** Lines over points that each may lack a value. */
import { percent, tick } from '../format.ts';
import type { ChartAxis, ChartSeries } from './chart.tsx';

/** A chart before it has a place. */
export interface Drawn {
  readonly title: string;
  readonly note?: string;
  readonly series: readonly ChartSeries[];
  readonly axis: ChartAxis;
}

/** A plain number on an axis. */
export const NUMBERS: ChartAxis = { tick };

/** Makes lines over these points: `of` is the value at one, undefined where it has none. */
export function linesOver<Point>(points: readonly Point[]) {
  return (
    label: string,
    color: string,
    of: (point: Point) => number | undefined,
    look: Pick<ChartSeries, 'dashed' | 'filled' | 'show'> = {},
  ): ChartSeries => ({ label, color, values: points.map((point) => of(point) ?? null), ...look });
}

/** Whether the line has a point anywhere. */
export function isMeasured({ values }: ChartSeries): boolean {
  return Array.from(values).some((value) => value !== null);
}

/** Shares of 1 in percent. Where all of them are 0 nothing else says how long the axis is. */
export function shareAxis(series: readonly ChartSeries[]): ChartAxis {
  const isFlat = series.every(({ values }) => Array.from(values).every((value) => !value));
  return { tick: (share) => percent(share, 0), ...(isFlat ? { range: [0, 1] as const } : {}) };
}
