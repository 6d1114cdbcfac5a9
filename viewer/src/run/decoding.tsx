import { useMemo } from 'preact/hooks';
import { Chart, type ChartSeries } from '../charts/chart.tsx';
import { Card, Section } from '../components/section.tsx';
import { duration, msTick, tick } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Task } from './task.ts';

type Curve = NonNullable<NonNullable<Task['requests']>['byPosition']>;

/** ITL over the place in the answer. */
export function DecodingSection({ task }: { readonly task: Task }) {
  const words = useWords();
  const curve = task.requests?.byPosition;
  if (curve === undefined || curve.position.length < 2) return null;
  return (
    <Section id="decoding" title={words.decoding}>
      <Card title={words.byPosition} note={words.byPositionNote} wide>
        <PositionChart curve={curve} />
      </Card>
    </Section>
  );
}

function PositionChart({ curve }: { readonly curve: Curve }) {
  const words = useWords();
  const series = useMemo(
    (): ChartSeries[] => [
      { label: 'P50', color: 'p50', values: curve.p50, show: duration },
      { label: 'P90', color: 'p90', values: curve.p90, show: duration },
      { label: 'P99', color: 'p99', values: curve.p99, show: duration },
    ],
    [curve],
  );
  return (
    <Chart
      label={words.byPosition}
      x={curve.position}
      series={series}
      xAxis={{
        tick,
        log: curve.position.at(-1)! > 64,
        range: [curve.position[0]!, curve.position.at(-1)!],
      }}
      yAxis={{ tick: msTick }}
      xName={words.token}
    />
  );
}
