/** The page of a sweep or a search: every measure over the load, then the table of points. */
import { useMemo } from 'preact/hooks';
import type { Unpacked } from '../../../src/report/page/codec.ts';
import type { SweepPage, SweepTask } from '../../../src/search/point-table.ts';
import { Chart } from '../charts/chart.tsx';
import { Contents } from '../components/contents.tsx';
import { ReportTable } from '../components/report-table.tsx';
import { Card, Section } from '../components/section.tsx';
import { Sentences } from '../components/sentences.tsx';
import { tick } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import { curvesOf } from './curves.ts';

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
            <Sentences of={found} />
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
  const charts = useMemo(() => curvesOf(task.points, kind, words), [task, kind, words]);
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
                yAxis={axis}
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
