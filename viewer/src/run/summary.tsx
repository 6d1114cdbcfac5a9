import { commonValue, metricStats } from '../../../src/metrics/by-id.ts';
import type { CommonMetricId } from '../../../src/metrics/definitions.ts';
import { ValidityBadge } from '../components/badge.tsx';
import { Card, Section, Stat } from '../components/section.tsx';
import { Sentences } from '../components/sentences.tsx';
import { duration, number, percent } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import type { Task } from './task.ts';

/** What the numbers are worth, then the numbers that most people look for. */
export function SummarySection({ task }: { readonly task: Task }) {
  const words = useWords();
  const { performance } = task;
  if (performance === undefined) return null;
  const { summary, accuracyBatchSize } = performance;
  const score = task.score?.report.card;
  const { verdict, findings } = summary.validity;
  const common = (id: CommonMetricId) => commonValue(summary, id);
  const failed = common('failed_requests') ?? 0;
  return (
    <Section id="summary" title={words.summary}>
      <Card wide>
        {accuracyBatchSize === undefined ? (
          <div class="validity">
            <ValidityBadge verdict={verdict} />
            <span>{words.verdicts[verdict]}</span>
            <Sentences of={findings} />
          </div>
        ) : (
          <p class="note">{words.accuracyRun(accuracyBatchSize)}</p>
        )}
        <div class="stats">
          {score?.value !== undefined && (
            <Stat
              name={score.metric}
              value={score.value.toFixed(2)}
              {...(score.interval && {
                more: `${score.interval.low.toFixed(1)} … ${score.interval.high.toFixed(1)}`,
              })}
            />
          )}
          <Stat
            name={words.requests}
            value={number(common('total_requests'))}
            {...(failed > 0 ? { more: `${number(failed)} ${words.failed}` } : {})}
          />
          <Stat name={words.duration} value={duration(common('duration'))} />
          <Stat name={`${words.requestThroughput}, req/s`} value={number(common('request_throughput'))} />
          <Stat name={`${words.outputThroughput}, tok/s`} value={number(common('output_token_throughput'))} />
          <Stat
            name={words.concurrency}
            value={number(common('concurrency'))}
            more={`${words.peak} ${number(common('peak_concurrency'))}`}
          />
          {(['ttft', 'tpot', 'e2el'] as const).map((id) => {
            const stats = metricStats(summary, id);
            if (stats === undefined) return null;
            return (
              <Stat
                key={id}
                name={`${id.toUpperCase()} P50`}
                value={duration(stats.median)}
                more={`P99 ${duration(stats.p99)}`}
              />
            );
          })}
          {summary.goodput !== undefined && (
            <Stat
              name={`${words.goodput}, req/s`}
              value={number(summary.goodput.perSecond)}
              more={`${percent(summary.goodput.share)}: ${slosOf(summary.goodput.slos)}`}
            />
          )}
        </div>
        <Sentences of={summary.findings} asNotes />
      </Card>
    </Section>
  );
}

function slosOf(slos: Readonly<Record<string, number | undefined>>): string {
  return Object.entries(slos)
    .map(([name, limit]) => `${name.toUpperCase()} ≤ ${number(limit)}\u202fms`)
    .join(', ');
}
