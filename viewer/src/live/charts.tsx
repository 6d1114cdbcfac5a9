import { useMemo } from 'preact/hooks';
import type { LivePoint } from '../../../src/live/live-server.ts';
import type { ChartAxis, ChartSeries } from '../charts/chart.tsx';
import { type Drawn, linesOver, NUMBERS } from '../charts/lines.ts';
import { LiveChart } from '../charts/live-chart.tsx';
import { Card } from '../components/section.tsx';
import { duration, instant, msTick } from '../format.ts';
import { type LiveWords, useLiveWords } from './words.ts';

type Points = readonly LivePoint[];

const TIME: ChartAxis = { tick: instant };

/** Rate, tokens, in flight and latencies over time, on one axis. */
export function LiveCharts({ points }: { readonly points: Points }) {
  const words = useLiveWords();
  const drawn = useMemo(() => chartsOf(points, words), [points, words]);
  const x = useMemo(() => points.map(({ at }) => at), [points]);
  if (points.length < 2) return null;
  return (
    <div class="cards">
      {drawn.map(({ title, note, axis, series }) => (
        <Card key={title} title={title} {...(note === undefined ? {} : { note })}>
          <LiveChart
            label={title}
            x={x}
            series={series}
            xAxis={TIME}
            yAxis={axis}
            xName={words.time}
            height={200}
            sync="live"
          />
        </Card>
      ))}
    </div>
  );
}

function chartsOf(points: Points, words: LiveWords): Drawn[] {
  const line = linesOver(points);
  const asked = points.some(({ targetRate }) => targetRate !== undefined)
    ? [line(words.asked, 'asked', ({ targetRate }) => targetRate, { dashed: true })]
    : [];
  const spread = (name: 'ttft' | 'itl'): ChartSeries[] => [
    line('P50', name, (point) => point[name]?.p50, { show: duration }),
    line('P99', 'e2el', (point) => point[name]?.p99, { show: duration }),
  ];
  const latency = (name: 'ttft' | 'itl'): Drawn[] =>
    points.some((point) => point[name] !== undefined)
      ? [{ title: name.toUpperCase(), note: words.latencyNote, axis: { tick: msTick }, series: spread(name) }]
      : [];
  return [
    {
      title: words.rate,
      note: words.rateNote,
      series: [line(words.now, 'ttft', ({ rate }) => rate), ...asked],
      axis: NUMBERS,
    },
    {
      title: `${words.tokens}, tok/s`,
      note: words.tokensNote,
      series: [line('tok/s', 'tpot', ({ tokensPerSecond }) => tokensPerSecond, { filled: true })],
      axis: NUMBERS,
    },
    ...latency('ttft'),
    ...latency('itl'),
    {
      title: words.inFlight,
      series: [line(words.inFlight, 'decode', ({ inFlight }) => inFlight, { filled: true })],
      axis: NUMBERS,
    },
    ...(points.some(({ failed }) => failed > 0)
      ? [
          {
            title: words.failed,
            series: [line(words.failed, 'failed', ({ failed }) => failed)],
            axis: NUMBERS,
          },
        ]
      : []),
  ];
}
