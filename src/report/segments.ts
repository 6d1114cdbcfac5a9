import { commonValue } from '../metrics/by-id.ts';
import type { CommonMetricId } from '../metrics/definitions.ts';
import type { Summary } from '../metrics/types.ts';
import { plainNumber } from './numbers.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';
import { phrase, type Text } from './words.ts';

/** Common metrics that a segment shows, and their heads. */
const SHOWN: readonly (readonly [id: CommonMetricId, head: Text])[] = [
  ['total_requests', phrase('Requests')],
  ['failed_requests', phrase('Failed')],
  ['duration', phrase('Duration, ms')],
  ['request_throughput', 'req/s'],
  ['output_token_throughput', phrase('Output token/s')],
];

/** The sessions of a continued load test, each a load of its own. */
export function segmentTable(segments: readonly Summary[]): Table {
  return {
    title: phrase('Segments'),
    columns: [right(phrase('Segment')), left(phrase('Verdict')), ...SHOWN.map(([, head]) => right(head))],
    rows: segments.map((summary, index) => [
      String(index + 1),
      summary.validity.verdict,
      ...SHOWN.map(([id]) => {
        const value = commonValue(summary, id);
        return value === undefined ? NO_VALUE : plainNumber(value);
      }),
    ]),
    footnotes: segments.flatMap(({ validity: { findings } }, index) =>
      findings.map((one) => phrase('segment {n}: {finding}', { n: index + 1, finding: one })),
    ),
  };
}
