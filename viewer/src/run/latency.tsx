import { useMemo } from 'preact/hooks';
import { Cdf, type Distribution } from '../charts/cdf.tsx';
import { DataTable } from '../components/data-table.tsx';
import { Lazy } from '../components/lazy.tsx';
import { Card, Section } from '../components/section.tsx';
import { number } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Task } from './task.ts';

/** Percentiles, and the whole distributions behind them. */
export function LatencySection({ task }: { readonly task: Task }) {
  const words = useWords();
  // Of a run in which nothing was answered there is nothing to say here.
  if (task.performance?.summary.rows.every(({ stats }) => stats === undefined) ?? true) return null;
  return (
    <Section id="latency" title={words.latency}>
      <div class="cards">
        <Percentiles performance={task.performance!} />
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

/** The distributions that there are: which, and how each is made when its turn comes. */
function Distributions({ requests }: { readonly requests: Requests }) {
  const { columns, gaps } = requests;
  const has = (values: Float64Array) => values.some(Number.isFinite);
  return (
    <>
      {has(columns.ttft) && (
        <Lazy>
          <TwoClocks name="TTFT" color="ttft" values={columns.ttft} columns={columns} />
        </Lazy>
      )}
      {has(columns.tpot) && (
        <Lazy>
          <OneClock name="TPOT" color="tpot" values={columns.tpot} columns={columns} />
        </Lazy>
      )}
      {gaps !== undefined && (
        <Lazy>
          <Gaps gaps={gaps} />
        </Lazy>
      )}
      {has(columns.e2el) && (
        <Lazy>
          <TwoClocks name="E2EL" color="e2el" values={columns.e2el} columns={columns} />
        </Lazy>
      )}
    </>
  );
}

interface DistributionProps {
  readonly name: string;
  readonly color: string;
  readonly values: Float64Array;
  readonly columns: Requests['columns'];
}

/** Of answers without a retry, ascending. */
function sorted({ outcome }: Requests['columns'], values: Float64Array): Float64Array {
  return values.filter((value, row) => outcome[row] === 0 && Number.isFinite(value)).sort();
}

function TwoClocks({ name, color, values, columns }: DistributionProps) {
  const words = useWords();
  const distributions = useMemo((): Distribution[] => {
    const { sent, scheduled } = columns;
    const response = values.map((value, row) => value + sent[row]! - scheduled[row]!);
    return [
      { label: words.serviceClock, color, sorted: sorted(columns, values) },
      { label: words.responseClock, color, dashed: true, sorted: sorted(columns, response) },
    ];
  }, [values, words]);
  return <CdfCard name={name} note={words.cdfNote} distributions={distributions} />;
}

function OneClock({ name, color, values, columns }: DistributionProps) {
  const words = useWords();
  const distributions = useMemo(
    (): Distribution[] => [{ label: name, color, sorted: sorted(columns, values) }],
    [values],
  );
  return <CdfCard name={name} note={words.cdfNote} distributions={distributions} />;
}

function Gaps({ gaps }: { readonly gaps: NonNullable<Requests['gaps']> }) {
  const words = useWords();
  const distributions = useMemo(
    (): Distribution[] => [{ label: 'ITL', color: 'itl', sorted: gaps.values, shares: gaps.shares }],
    [gaps],
  );
  return <CdfCard name="ITL" note={words.gapsNote(number(gaps.n))} distributions={distributions} />;
}

interface CdfCardProps {
  readonly name: string;
  readonly note: string;
  readonly distributions: readonly Distribution[];
}

function CdfCard({ name, note, distributions }: CdfCardProps) {
  const words = useWords();
  return (
    <Card title={name} note={note}>
      <Cdf label={`${name} CDF`} distributions={distributions} xName={words.atMost} />
    </Card>
  );
}
