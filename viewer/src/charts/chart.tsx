/** A line chart: uPlot in the colours of the theme, as wide as its place. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { number } from '../format.ts';
import { useTheme } from '../settings.ts';
import { logTicks } from './log-ticks.ts';

export interface ChartSeries {
  readonly label: string;
  /** Name of a colour of `style.css`, without its dashes: `ttft`. */
  readonly color: string;
  readonly values: ArrayLike<number | null>;
  readonly dashed?: boolean;
  /** Holds each value until the next one. */
  readonly stepped?: boolean;
  readonly filled?: boolean;
  readonly show?: (value: number) => string;
}

export interface ChartAxis {
  /** Text of a tick; `step` is the distance between two. */
  readonly tick: (value: number, step: number) => string;
  readonly log?: boolean;
  readonly range?: readonly [number, number];
}

export interface ChartProps {
  /** For people who do not see it. */
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly series: readonly ChartSeries[];
  readonly xAxis: ChartAxis;
  readonly yAxis?: ChartAxis;
  readonly xName?: string;
  readonly height?: number;
  /** Charts of one name share their cursor. */
  readonly sync?: string;
}

export function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  useEffect(() => {
    const element = place.current!;
    // The theme's colours stand in the style sheet from the next frame on.
    const frame = requestAnimationFrame(() => {
      plot = new uPlot(optionsOf(props, element), dataOf(props), element);
      observer.observe(element);
    });
    let plot: uPlot | undefined;
    const observer = new ResizeObserver(() => {
      if (plot !== undefined && plot.width !== element.clientWidth)
        plot.setSize({ width: element.clientWidth, height: plot.height });
    });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      plot?.destroy();
    };
  }, [props, theme]);
  return <div class="chart" ref={place} role="img" aria-label={props.label} />;
}

export function dataOf({ x, series }: ChartProps): uPlot.AlignedData {
  return [x, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData;
}

export function optionsOf(props: ChartProps, element: HTMLElement): uPlot.Options {
  const { series, xAxis, yAxis, height = 240, sync } = props;
  const color = (name: string) => getComputedStyle(element).getPropertyValue(`--${name}`).trim();
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const look = {
    stroke: color('muted'),
    font,
    grid: { stroke: color('grid'), width: 1 },
    ticks: { show: false },
  };
  const ticks =
    (axis: ChartAxis | undefined): uPlot.Axis.DynamicValues =>
    (_plot, splits) => {
      const step = splits.length > 1 ? Math.abs((splits[1] ?? 0) - (splits[0] ?? 0)) : 1;
      return splits.map((value) => (value === null ? '' : (axis?.tick(value, step) ?? number(value))));
    };
  return {
    width: element.clientWidth,
    height,
    scales: { x: scaleOf(xAxis), y: scaleOf(yAxis ?? { tick: number }) },
    series: [
      {
        label: props.xName ?? '',
        value: (_plot, value) => (value === null ? '–' : xAxis.tick(value, 0.001)),
      },
      ...series.map((one) => lineOf(one, color(one.color))),
    ],
    axes: [
      { ...look, ...splitsOf(xAxis), values: ticks(xAxis), space: 64, size: 28 },
      { ...look, ...splitsOf(yAxis), values: ticks(yAxis), size: 56, space: 36 },
    ],
    cursor: {
      points: { size: 6 },
      drag: { x: true, y: false },
      ...(sync === undefined ? {} : { sync: { key: sync } }),
    },
    legend: { live: true },
  };
}

/** uPlot begins a logarithmic axis at its range's end, which is seldom a round number, and hides most of the ticks. */
function splitsOf(axis: ChartAxis | undefined): Pick<uPlot.Axis, 'splits' | 'filter'> {
  if (axis?.log !== true) return {};
  return { splits: (_plot, _axis, low, high) => logTicks(low, high), filter: (_plot, splits) => splits };
}

function scaleOf({ log = false, range }: ChartAxis): uPlot.Scale {
  return {
    time: false,
    ...(log ? { distr: 3 as const } : {}),
    ...(range === undefined ? {} : { range: [range[0], range[1]] as [number, number] }),
  };
}

function lineOf(
  { label, dashed, stepped, filled, show = number }: ChartSeries,
  stroke: string,
): uPlot.Series {
  return {
    label,
    stroke,
    width: 1.5,
    points: { show: false },
    spanGaps: true,
    value: (_plot, value) => (value === null || value === undefined ? '–' : show(value)),
    ...(dashed ? { dash: [5, 4] } : {}),
    ...(filled ? { fill: `${stroke}24` } : {}),
    ...(stepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
  };
}
