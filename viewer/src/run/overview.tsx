import { commonValue, metricStats } from '../../../src/metrics/by-id.ts';
import type { CommonMetricId, MetricId } from '../../../src/metrics/definitions.ts';
import type { Table } from '../../../src/report/table.ts';
import { DataTable } from '../components/data-table.tsx';
import { ReportCard } from '../components/report-table.tsx';
import { Card, Section } from '../components/section.tsx';
import { number } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Task } from './task.ts';

interface Props {
  readonly tasks: readonly Task[];
  /** Groups of datasets. */
  readonly groups: readonly Table[];
}

/** Every task of the run in a line, and the groups that they make up. */
export function Overview({ tasks, groups }: Props) {
  const words = useWords();
  const scored = tasks.some(({ score }) => score !== undefined);
  const tested = tasks.some(
    ({ performance }) => performance !== undefined && performance.accuracyBatchSize === undefined,
  );
  const median = ({ performance }: Task, id: MetricId) =>
    number(performance && metricStats(performance.summary, id)?.median);
  const common = ({ performance }: Task, id: CommonMetricId) =>
    number(performance && commonValue(performance.summary, id));
  return (
    <Section id="overview" title={words.overview}>
      <Card wide>
        <DataTable
          label={words.overview}
          columns={[
            { head: words.tasks, align: 'left' },
            ...(scored ? [{ head: words.accuracy }, { head: words.interval }] : []),
            ...(tested ? [{ head: words.validity }] : []),
            { head: words.requests },
            { head: words.failed },
            { head: 'TTFT P50, ms' },
            { head: 'TPOT P50, ms' },
            { head: 'tok/s' },
          ]}
          rows={tasks.map((task) => [
            `${task.model} × ${task.dataset}`,
            ...(scored ? scoreCells(task) : []),
            ...(tested ? [validityOf(task)] : []),
            common(task, 'total_requests'),
            common(task, 'failed_requests'),
            median(task, 'ttft'),
            median(task, 'tpot'),
            common(task, 'output_token_throughput'),
          ])}
        />
      </Card>
      {groups.map((table) => (
        <ReportCard key={JSON.stringify(table.title)} table={table} />
      ))}
    </Section>
  );
}

function scoreCells({ score }: Task): string[] {
  const { value, interval } = score?.report.card ?? {};
  return [
    value === undefined ? '–' : value.toFixed(2),
    interval === undefined ? '–' : `${interval.low.toFixed(1)} … ${interval.high.toFixed(1)}`,
  ];
}

function validityOf({ performance }: Task): string {
  return performance === undefined || performance.accuracyBatchSize !== undefined
    ? '–'
    : performance.summary.validity.verdict;
}
