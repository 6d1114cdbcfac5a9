import { instant } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import { Chart, type ChartProps } from './chart.tsx';
import { NUMBERS } from './lines.ts';

const TIME = { tick: instant };

/** A line chart over the time of the run; all of a page share their cursor. */
export function TimeChart(props: Pick<ChartProps, 'label' | 'x' | 'series' | 'yAxis'>) {
  return <Chart yAxis={NUMBERS} {...props} xAxis={TIME} xName={useWords().instant} sync="time" />;
}
