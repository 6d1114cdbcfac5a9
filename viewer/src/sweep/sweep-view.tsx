/** The page of a sweep or a search: every measure over the load, then the table of points. */
import { useMemo } from 'preact/hooks';
import type { Unpacked } from '../../../src/report/page/codec.ts';
import type { PointRow } from '../../../src/search/point-table.ts';
import type { SweepPage, SweepTask } from '../../../src/search/sweep-page.ts';
import { Chart, type ChartSeries } from '../charts/chart.tsx';
import { Contents } from '../components/contents.tsx';
import { ReportTable } from '../components/report-table.tsx';
import { Card, Section } from '../components/section.tsx';
import { duration, msTick, number, percent, tick } from '../format.ts';
import { useWords, type Words } from '../i18n/words.ts';

export function SweepView({ page }: { readonly page: Unpacked<SweepPage> }) {
  const words = useWords();
  const { name, version, kind, found, tasks } = page as SweepPage;
  return (
    <>
      <div class="head">
        <div>
          <h1>{name}</h1>
          <p class="sub">{kind === 'rate' ? words.overRate : words.overConcurrency}</p>
        </div>
      </div>
      <Contents />
      {found.length > 0 && (
        <Section id="capacity" title={words.capacity}>
          <Card wide>
            <ul>
              {found.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </Card>
        </Section>
      )}
      {tasks.map((task, n) => (
        <TaskCurves key={task.title} id={`curves-${n}`} task={task} kind={kind} />
      ))}
      <footer>{`ais_bench ${version}`}</footer>
    </>
  );
}

interface TaskProps {
  readonly id: string;
  readonly task: SweepTask;
  readonly kind: SweepPage['kind'];
}

function TaskCurves({ id, task, kind }: TaskProps) {
  const words = useWords();
  const charts = useMemo(() => chartsOf(task.points, kind, words), [task, kind, words]);
  const loads = task.points.map(({ asked }) => asked);
  const [first = 1, last = 1] = [loads[0], loads.at(-1)];
  // A line needs two ends.
  const isLine = last > first;
  return (
    <Section id={id} title={task.title}>
      <div class="cards">
        {isLine &&
          charts.map(({ title, series, axis }) => (
            <Card key={title} title={title}>
              <Chart
                label={title}
                x={loads}
                series={series}
                xAxis={{ tick, log: last / first > WIDE, range: [first, last] }}
                yAxis={{ tick: axis }}
                xName={kind === 'rate' ? words.overRate : words.overConcurrency}
              />
            </Card>
          ))}
        <Card title={words.points} wide>
          <ReportTable table={task.table} />
        </Card>
      </div>
    </Section>
  );
}

/** A wider range of loads than this reads better on a logarithmic axis. */
const WIDE = 8;

interface CurveChart {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly axis: (value: number) => string;
}

function chartsOf(points: readonly PointRow[], kind: SweepPage['kind'], words: Words): CurveChart[] {
  const values = (of: (point: PointRow) => number | undefined) => points.map((point) => of(point) ?? null);
  const line = (
    label: string,
    color: string,
    of: (point: PointRow) => number | undefined,
    show: ChartSeries['show'] = number,
  ): ChartSeries => ({ label, color, values: values(of), show });
  const tails = (metric: 'ttft' | 'tpot' | 'itl' | 'e2el'): CurveChart => ({
    title: metric.toUpperCase(),
    series: [
      line('P50', 'p50', (point) => point[metric]?.p50, duration),
      line('P99', 'p99', (point) => point[metric]?.p99, duration),
    ],
    axis: msTick,
  });
  const achieved = kind === 'rate' ? words.achievedRate : words.heldConcurrency;
  const all: CurveChart[] = [
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
  ];
  // What nobody measured has no chart.
  return all.filter(({ series }) =>
    series.every(({ values: own }) => Array.from(own).some((value) => value !== null)),
  );
}
