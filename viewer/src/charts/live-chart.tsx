/** A line chart whose data grows: it is drawn on, not anew, so that cursor and zoom stay. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useTheme } from '../settings.ts';
import { type ChartProps, dataOf, optionsOf } from './chart.tsx';

export function LiveChart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useTheme();
  // What its lines are, apart from where they run.
  const shape = JSON.stringify([props.label, props.series.map(({ label }) => label)]);
  useEffect(() => {
    const element = place.current!;
    const observer = new ResizeObserver(() => {
      const { current } = plot;
      if (current && current.width !== element.clientWidth)
        current.setSize({ width: element.clientWidth, height: current.height });
    });
    // The theme's colours stand in the style sheet from the next frame on.
    const frame = requestAnimationFrame(() => {
      plot.current = new uPlot(optionsOf(latest.current, element), dataOf(latest.current), element);
      observer.observe(element);
    });
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape, theme]);
  useEffect(() => plot.current?.setData(dataOf(props)), [props]);
  return <div class="chart" ref={place} role="img" aria-label={props.label} />;
}
