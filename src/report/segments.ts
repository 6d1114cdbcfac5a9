import type { Summary } from '../metrics/types.ts';
import { plainNumber } from './numbers.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';
import { oneLine } from './text.ts';

/** Common metrics that a segment shows, and their heads. */
const SHOWN = [
  ['Total Requests', 'Requests'],
  ['Failed Requests', 'Failed'],
  ['Benchmark Duration', 'Duration, ms'],
  ['Request Throughput', 'req/s'],
  ['Output Token Throughput', 'Output token/s'],
] as const;

/** The sessions of a continued load test, each a load of its own. */
export function segmentTable(segments: readonly Summary[]): Table {
  return {
    title: 'Segments',
    columns: [right('Segment'), left('Verdict'), ...SHOWN.map(([, head]) => right(head))],
    rows: segments.map(({ validity, common }, index) => [
      String(index + 1),
      validity.verdict,
      ...SHOWN.map(([name]) => {
        const value = common.find((metric) => metric.name === name)?.value;
        return value === undefined ? NO_VALUE : plainNumber(value);
      }),
    ]),
    footnotes: segments.flatMap(({ validity: { reasons } }, index) =>
      reasons.map((reason) => `segment ${index + 1}: ${oneLine(reason)}`),
    ),
  };
}
