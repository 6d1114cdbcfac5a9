import { useMemo } from 'preact/hooks';
import type { ChartSeries } from '../charts/chart.tsx';
import { isMeasured } from '../charts/lines.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { ReportCard } from '../components/report-table.tsx';
import { Card, Section } from '../components/section.tsx';
import { percent } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Task } from './task.ts';

type Server = NonNullable<NonNullable<Task['performance']>['server']>;
type Curves = Server['summary']['curves'];

/** What the service counted about itself. */
export function ServerSection({ task }: { readonly task: Task }) {
  const words = useWords();
  const server = task.performance?.server;
  if (server === undefined) return null;
  const { curves } = server.summary;
  return (
    <Section id="server" title={words.server}>
      <div class="cards">
        <QueueChart curves={curves} />
        <CacheChart curves={curves} />
        {task.tables.server.map((table) => (
          <ReportCard key={JSON.stringify(table.title)} table={table} />
        ))}
      </div>
    </Section>
  );
}

/** Gauges are read at the same instants; one that a reading lacks has no point there. */
function aligned(curves: Curves, names: readonly (keyof Curves)[]) {
  const at = [...new Set(names.flatMap((name) => (curves[name]?.points ?? []).map(([time]) => time)))];
  at.sort((a, b) => a - b);
  const values = names.map((name) => {
    const points = new Map(curves[name]?.points.map(([time, value]) => [time, value]));
    return at.map((time) => points.get(time) ?? null);
  });
  return { x: Float64Array.from(at), values };
}

function QueueChart({ curves }: { readonly curves: Curves }) {
  const words = useWords();
  const chart = useMemo(() => {
    const { x, values } = aligned(curves, ['running', 'waiting']);
    const series: ChartSeries[] = [
      { label: words.running, color: 'decode', stepped: true, filled: true, values: values[0]! },
      { label: words.queued, color: 'prefill', stepped: true, values: values[1]! },
    ];
    return { x, series };
  }, [curves, words]);
  if (chart.x.length < 2) return null;
  return (
    <Card title={words.serverQueue} note={words.serverQueueNote}>
      <TimeChart label={words.serverQueue} {...chart} />
    </Card>
  );
}

function CacheChart({ curves }: { readonly curves: Curves }) {
  const words = useWords();
  const chart = useMemo(() => {
    const { x, values } = aligned(curves, ['kvCache', 'prefixHitRate']);
    const show = (share: number) => percent(share);
    const all: ChartSeries[] = [
      { label: words.kvCache, color: 'itl', stepped: true, values: values[0]!, show },
      { label: words.prefixHits, color: 'tpot', stepped: true, values: values[1]!, show },
    ];
    return { x, series: all.filter(isMeasured) };
  }, [curves, words]);
  if (chart.x.length < 2) return null;
  return (
    <Card title={words.serverCache} note={words.serverCacheNote}>
      <TimeChart
        label={words.serverCache}
        {...chart}
        yAxis={{ tick: (share) => percent(share, 0), range: [0, 1] }}
      />
    </Card>
  );
}
