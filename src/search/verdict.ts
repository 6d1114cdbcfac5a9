/** What a search found, in sentences. */
import { type Finding, finding } from '../contract/finding.ts';
import { plainNumber } from '../report/numbers.ts';
import { phrase, type Text } from '../report/words.ts';
import type { SearchEnd, SearchResult } from './capacity.ts';
import type { LoadKind } from './load-points.ts';
import type { Objective } from './objectives.ts';

const ENDS = {
  precise: finding('SEARCH-PRECISE', {}),
  budget: finding('SEARCH-BUDGET', {}),
  lowest: finding('SEARCH-LOWEST', {}),
  highest: finding('SEARCH-HIGHEST', {}),
  interrupted: finding('SEARCH-INTERRUPTED', {}),
} as const satisfies Record<Exclude<SearchEnd, 'invalid'>, Finding>;

/** Says why a search ended. */
export function searchEnd({ end, reason }: Pick<SearchResult, 'end' | 'reason'>): Finding {
  return end === 'invalid' ? finding('SEARCH-SPOILT', { why: reason }) : ENDS[end];
}

/** Says what a search found: the capacity first, then why the search ended and what it cost. */
export function capacityLines(
  result: SearchResult,
  objectives: readonly Objective[],
  kind: LoadKind,
): Text[] {
  const { capacity, binding, cure, requests, points } = result;
  const figure = (value: number) => plainNumber(Number(value.toPrecision(3)));
  const first =
    capacity === undefined
      ? phrase('Capacity: not known')
      : phrase(
          kind === 'rate'
            ? 'Capacity: {load} requests a second (95 %: {low} to {high}), limited by {objective}'
            : 'Capacity: {load} requests in flight (95 %: {low} to {high}), limited by {objective}',
          {
            ...{ load: figure(capacity.load), low: figure(capacity.low), high: figure(capacity.high) },
            objective: objectives[binding!]!.name,
          },
        );
  return [
    first,
    phrase('Ended: {why}', { why: searchEnd(result) }),
    ...(cure === undefined ? [] : [phrase('To do: {cure}', { cure: { cureOf: cure } })]),
    phrase('Cost: {requests?# request|# requests} in {points?# point|# points}', {
      requests,
      points: points.length,
    }),
  ];
}
