/** What a search found, in sentences. */
import { plural } from '../basics/plural.ts';
import { plainNumber } from '../report/numbers.ts';
import type { SearchEnd, SearchResult } from './capacity.ts';
import type { LoadKind } from './load-points.ts';
import type { Objective } from './objectives.ts';

const ENDS: Readonly<Record<SearchEnd, string>> = {
  precise: 'the interval is as narrow as was asked',
  budget: 'the budget of requests is used up',
  lowest: 'the objectives are not kept even at the lowest load that was tried',
  highest: 'the objectives are kept at the highest load too: the capacity is above it',
  invalid: 'a point was no measurement of the service',
  interrupted: 'interrupted',
};

/** Capacity first, then why the search ended and what it cost. */
export function capacityLines(
  result: SearchResult,
  objectives: readonly Objective[],
  kind: LoadKind,
): string[] {
  const { capacity, binding, end, reason, cure, requests, points } = result;
  const unit = kind === 'rate' ? 'requests a second' : 'requests in flight';
  const figure = (value: number) => plainNumber(Number(value.toPrecision(3)));
  const first =
    capacity === undefined
      ? 'Capacity: not known'
      : `Capacity: ${figure(capacity.load)} ${unit} (95 %: ${figure(capacity.low)} to ${figure(capacity.high)}), where ${objectives[binding!]!.name} gives way`;
  return [
    first,
    `Ended: ${ENDS[end]}${reason === undefined ? '' : `: ${reason}`}`,
    ...(cure === undefined ? [] : [`To do: ${cure}`]),
    `Cost: ${plural(requests, 'request')} in ${plural(points.length, 'point')}`,
  ];
}
