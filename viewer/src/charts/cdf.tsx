/** Cumulative distributions: which share of the values is at most so large. */
import { msTick, percent } from '../format.ts';
import { Chart } from './chart.tsx';

export interface Distribution {
  readonly label: string;
  readonly color: string;
  readonly dashed?: boolean;
  /** Ascending. */
  readonly sorted: Float64Array;
  /** Share at or below each value; evenly spread where absent. */
  readonly shares?: Float64Array;
}

interface CdfProps {
  readonly label: string;
  readonly distributions: readonly Distribution[];
  readonly xName: string;
}

const POINTS = 400;
/** A wider spread than this reads better on a logarithmic axis. */
const WIDE = 30;

export function Cdf({ label, distributions, xName }: CdfProps) {
  const filled = distributions.filter(({ sorted }) => sorted.length > 0);
  if (filled.length === 0) return null;
  const ends = filled.map(({ sorted }) => ({ low: firstPositive(sorted), high: sorted.at(-1)! }));
  const low = Math.min(...ends.map((one) => one.low));
  const high = Math.max(...ends.map((one) => one.high), low * 1.01, low + 1e-3);
  const log = low > 0 && high / low > WIDE;
  const x = Float64Array.from({ length: POINTS }, (_, n) => {
    const part = n / (POINTS - 1);
    return log ? low * (high / low) ** part : low + (high - low) * part;
  });
  // Rounding must not put the last point below the largest value.
  x[POINTS - 1] = high;
  const series = filled.map(({ sorted, shares, ...look }) => ({
    ...look,
    values: sharesAt(x, sorted, shares),
    show: (value: number) => percent(value, 2),
  }));
  return (
    <Chart
      label={label}
      x={x}
      series={series}
      xAxis={{ tick: msTick, log, range: [low, high] }}
      yAxis={{ tick: (value) => percent(value, 0), range: [0, 1] }}
      xName={xName}
    />
  );
}

function firstPositive(sorted: Float64Array): number {
  return sorted.find((value) => value > 0) ?? 0;
}

/** Both ascend, so one walk is enough. */
function sharesAt(x: Float64Array, sorted: Float64Array, shares: Float64Array | undefined): number[] {
  let below = 0;
  return Array.from(x, (value) => {
    while (below < sorted.length && sorted[below]! <= value) below++;
    if (below === 0) return 0;
    return shares === undefined ? below / sorted.length : shares[below - 1]!;
  });
}
