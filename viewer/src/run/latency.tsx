import { useMemo } from 'preact/hooks';
import { Cdf, type Distribution } from '../charts/cdf.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Card, Section } from '../components/section.tsx';
import { number } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Task } from './run-view.tsx';

/** Percentiles, and the whole distributions behind them. */
export function LatencySection({ task }: { readonly task: Task }) {
  const words = useWords();
  if (task.performance === undefined) return null;
  return (
    <Section id="latency" title={words.latency}>
      <div class="cards">
        <Percentiles performance={task.performance} />
        {task.requests !== undefined && <Distributions requests={task.requests} />}
      </div>
    </Section>
  );
}

function Percentiles({ performance }: { readonly performance: NonNullable<Task['performance']> }) {
  const words = useWords();
  const { rows, further } = performance.summary;
  const shown = [...rows, ...further].filter(({ stats, unit }) => stats !== undefined && unit === 'ms');
  return (
    <Card title={words.percentiles} note={words.percentilesNote} wide>
      <DataTable
        label={words.percentiles}
        columns={[
          { head: words.metric, align: 'left' },
          ...[words.average, 'Min', 'P50', 'P75', 'P90', 'P99', 'Max', 'N'].map((head) => ({ head })),
        ]}
        rows={shown.map(({ name, unit, stats, n }) => [
          `${name}, ${unit}`,
          ...[
            stats!.average,
            stats!.min,
            stats!.median,
            stats!.p75,
            stats!.p90,
            stats!.p99,
            stats!.max,
            n,
          ].map(number),
        ])}
      />
    </Card>
  );
}

type Requests = NonNullable<Task['requests']>;

function Distributions({ requests }: { readonly requests: Requests }) {
  const words = useWords();
  const { columns, gaps } = requests;
  const charts = useMemo(() => {
    const lag = columns.sent.map((sent, row) => sent - columns.scheduled[row]!);
    const late = (values: Float64Array) => values.map((value, row) => value + lag[row]!);
    const isClean = (_: number, row: number) => columns.outcome[row] === 0;
    const sorted = (values: Float64Array) => values.filter(isClean).filter(Number.isFinite).sort();
    const both = (color: string, values: Float64Array): Distribution[] => [
      { label: words.serviceClock, color, sorted: sorted(values) },
      { label: words.responseClock, color, dashed: true, sorted: sorted(late(values)) },
    ];
    return [
      { name: 'TTFT', note: words.cdfNote, distributions: both('ttft', columns.ttft) },
      {
        name: 'TPOT',
        note: words.cdfNote,
        distributions: [{ label: 'TPOT', color: 'tpot', sorted: sorted(columns.tpot) }],
      },
      ...(gaps === undefined
        ? []
        : [
            {
              name: 'ITL',
              note: words.gapsNote(number(gaps.n)),
              distributions: [{ label: 'ITL', color: 'itl', sorted: gaps.values, shares: gaps.shares }],
            },
          ]),
      { name: 'E2EL', note: words.cdfNote, distributions: both('e2el', columns.e2el) },
    ].filter(({ distributions }) => distributions[0]!.sorted.length > 0);
  }, [requests, words]);
  return (
    <>
      {charts.map(({ name, note, distributions }) => (
        <Card key={name} title={name} note={note}>
          <Cdf label={`${name} CDF`} distributions={distributions} xName={words.atMost} />
        </Card>
      ))}
    </>
  );
}
