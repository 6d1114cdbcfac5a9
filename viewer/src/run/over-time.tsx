/** What happened when: requests, concurrency, rates, tokens, latency. */
import { useMemo } from 'preact/hooks';
import type { ChartSeries } from '../charts/chart.tsx';
import { TimeChart } from '../charts/time-chart.tsx';
import { type Spans, Timeline } from '../charts/timeline.tsx';
import { Lazy } from '../components/lazy.tsx';
import { Card, Legend, Section } from '../components/section.tsx';
import { duration, instant, msTick, number } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import { cellsOf, openOf, perSecond, quantilesOf, rateOf, type Stretch } from './cells.ts';
import { lanesOf } from './lanes.ts';
import type { Task } from './task.ts';

type Requests = NonNullable<Task['requests']>;

export function TimeSection({ task }: { readonly task: Task }) {
  const words = useWords();
  const { requests, performance } = task;
  if (requests === undefined || performance === undefined) return null;
  const { load } = performance.summary;
  return (
    <Section id="time" title={words.time}>
      <div class="cards">
        <Lazy wide>
          <RequestSpans requests={requests} />
        </Lazy>
        <Lazy>
          <Concurrency requests={requests} asked={load.askedConcurrency} />
        </Lazy>
        <Lazy>
          <Rates requests={requests} {...(load.askedRate === undefined ? {} : { asked: load.askedRate })} />
        </Lazy>
        <Lazy>
          <Tokens requests={requests} />
        </Lazy>
        <Lazy>
          <LatencyOverTime requests={requests} />
        </Lazy>
      </div>
    </Section>
  );
}

function stretchOf({ columns: { sent, scheduled, took } }: Requests): Stretch {
  let to = 0;
  let from = Number.POSITIVE_INFINITY;
  for (let n = 0; n < sent.length; n++) {
    to = Math.max(to, sent[n]! + took[n]!);
    from = Math.min(from, scheduled[n]! || sent[n]!, sent[n]!);
  }
  return { from, to };
}

const COLORS = ['prefill', 'decode', 'failed', 'whole'];
const [STREAMED, FAILED, WHOLE] = [0, 2, 3];

function spansOf({ columns, outcomes }: Requests): Spans {
  const { sent, took, ttft, outcome } = columns;
  const to = sent.map((from, n) => from + took[n]!);
  const { lane, count } = lanesOf(sent, to);
  const isFailed = (n: number) => !['ok', 'retried'].includes(outcomes[outcome[n]!]!);
  return {
    lane,
    lanes: count,
    from: sent,
    middle: sent.map((from, n) => from + ttft[n]!),
    to,
    color: Uint8Array.from(sent, (_, n) => {
      if (isFailed(n)) return FAILED;
      return Number.isNaN(ttft[n]!) ? WHOLE : STREAMED;
    }),
  };
}

function RequestSpans({ requests }: { readonly requests: Requests }) {
  const words = useWords();
  const spans = useMemo(() => spansOf(requests), [requests]);
  const stretch = useMemo(() => stretchOf(requests), [requests]);
  const { columns, outcomes } = requests;
  const describe = (n: number) =>
    words.request({
      n: number(n + 1),
      sent: instant(columns.sent[n]!, 1),
      took: duration(columns.took[n]!),
      ttft: duration(columns.ttft[n]!),
      tokens: `${number(columns.inputTokens[n]!)} + ${number(columns.outputTokens[n]!)}`,
      outcome: outcomes[columns.outcome[n]!]!,
    });
  const legend = [
    ['prefill', words.prefill, STREAMED],
    ['decode', words.decode, STREAMED],
    ['whole', words.wholeAnswer, WHOLE],
    ['failed', words.failed, FAILED],
  ] as const;
  return (
    <Card title={words.timeline} note={words.timelineNote} wide>
      <Legend
        entries={legend.flatMap(([color, meaning, kind]) =>
          spans.color.includes(kind) ? [[color, meaning] as const] : [],
        )}
      />
      <Timeline
        label={words.timeline}
        spans={spans}
        colors={COLORS}
        stretch={stretch}
        describe={describe}
        hint={words.timelineHint}
        lanesNote={words.lanes}
      />
    </Card>
  );
}

function Concurrency({ requests, asked }: { readonly requests: Requests; readonly asked: number }) {
  const words = useWords();
  const chart = useMemo(() => {
    const { sent, took, ttft } = requests.columns;
    const cells = cellsOf(stretchOf(requests), sent.length, { least: 2 });
    const to = sent.map((from, n) => from + took[n]!);
    const first = sent.map((from, n) => from + ttft[n]!);
    const series: ChartSeries[] = [
      { label: words.inFlight, color: 'decode', filled: true, values: openOf(cells, sent, to) },
      { label: words.waiting, color: 'prefill', values: openOf(cells, sent, first) },
      { label: words.askedFor, color: 'asked', dashed: true, values: cells.at.map(() => asked) },
    ];
    return { x: cells.at, series };
  }, [requests, asked, words]);
  return (
    <Card title={words.concurrency} note={words.concurrencyNote}>
      <TimeChart label={words.concurrency} {...chart} />
    </Card>
  );
}

function Rates({ requests, asked }: { readonly requests: Requests; readonly asked?: number }) {
  const words = useWords();
  const chart = useMemo(() => {
    const { sent, scheduled, took, outcome } = requests.columns;
    const cells = cellsOf(stretchOf(requests), sent.length, { least: 15 });
    const ended = sent.map((from, n) => from + took[n]!);
    const isOk = (n: number) => outcome[n]! < 2;
    const series: ChartSeries[] = [
      ...(asked === undefined
        ? []
        : [
            { label: words.askedFor, color: 'asked', dashed: true, values: cells.at.map(() => asked) },
            { label: words.scheduled, color: 'prefill', values: rateOf(cells, scheduled) },
          ]),
      { label: words.sent, color: 'ttft', values: rateOf(cells, sent) },
      {
        label: words.answered,
        color: 'tpot',
        values: rateOf(
          cells,
          ended.filter((_, n) => isOk(n)),
        ),
      },
    ];
    const failed = ended.filter((_, n) => !isOk(n));
    if (failed.length > 0)
      series.push({ label: words.failed, color: 'failed', values: rateOf(cells, failed) });
    return { x: cells.at, series };
  }, [requests, asked, words]);
  return (
    <Card title={`${words.rates}, req/s`} note={asked === undefined ? words.ratesClosed : words.ratesOpen}>
      <TimeChart label={words.rates} {...chart} />
    </Card>
  );
}

function Tokens({ requests }: { readonly requests: Requests }) {
  const words = useWords();
  const chart = useMemo(() => {
    const most = Math.max(40, Math.min(300, requests.columns.sent.length));
    const { x, y } = perSecond(stretchOf(requests), requests.tokens, most);
    return { x, series: [{ label: 'tok/s', color: 'itl', filled: true, values: y }] };
  }, [requests]);
  if (!chart.series[0]!.values.some((rate) => rate > 0)) return null;
  return (
    <Card title={`${words.outputThroughput}, tok/s`} note={words.tokensNote}>
      <TimeChart label={words.outputThroughput} {...chart} />
    </Card>
  );
}

function LatencyOverTime({ requests }: { readonly requests: Requests }) {
  const words = useWords();
  const { sent, ttft, e2el } = requests.columns;
  const name = ttft.some(Number.isFinite) ? 'TTFT' : 'E2EL';
  const chart = useMemo(() => {
    const cells = cellsOf(stretchOf(requests), sent.length, { least: 20, most: 200 });
    const [p50, p90, p99] = quantilesOf(cells, sent, name === 'TTFT' ? ttft : e2el, [0.5, 0.9, 0.99]);
    const show = duration;
    const series: ChartSeries[] = [
      { label: 'P50', color: 'p50', values: p50!, show },
      { label: 'P90', color: 'p90', values: p90!, show },
      { label: 'P99', color: 'p99', values: p99!, show },
    ];
    return { x: cells.at, series };
  }, [requests]);
  if (!e2el.some(Number.isFinite)) return null;
  return (
    <Card title={words.overTime(name)} note={words.overTimeNote}>
      <TimeChart label={words.overTime(name)} {...chart} yAxis={{ tick: msTick }} />
    </Card>
  );
}
