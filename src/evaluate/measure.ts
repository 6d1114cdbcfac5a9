import type { ClusteredAnswer } from './statistics/clusters.ts';
import { intervalOf } from './statistics/interval-of.ts';
import { creditOf, type Judged, type Measure, type RuleSet } from './types.ts';

/** Answers that share this are not independent: those to one question, the turns of a dialogue, questions of one source. */
export function clusterOf({ index, source }: Judged): string {
  return source === undefined ? `row ${index}` : `source ${source}`;
}

/** The mean credit of all answers under a rule set. */
export function meanCredit(judged: readonly Judged[], rules: RuleSet): Measure {
  const observations = judged.map((one) => ({ cluster: clusterOf(one), got: creditOf(one[rules]), of: 1 }));
  const interval = intervalOf(observations);
  return {
    value: percent(sumOf(observations, 'got'), judged.length),
    n: judged.length,
    ...(interval === undefined ? {} : { interval }),
  };
}

/** The evaluator's `parts`, pooled over the answers that have them; a name of which nothing could be got has no number. */
export function pooledParts(judged: readonly Judged[], rules: RuleSet): Record<string, Measure> {
  const names = new Set(judged.flatMap((one) => Object.keys(one[rules].parts ?? {})));
  const measures = [...names].flatMap((name) => {
    const observations = partsOf(judged, rules, name);
    const of = sumOf(observations, 'of');
    if (of <= 0) return [];
    const interval = intervalOf(observations);
    const isCount = observations.every((one) => Number.isInteger(one.of));
    const compat = partsOf(judged, 'compat', name);
    const ofCompat = sumOf(compat, 'of');
    const measure: Measure = {
      value: percent(sumOf(observations, 'got'), of),
      n: isCount ? of : observations.length,
      ...(interval === undefined ? {} : { interval }),
      ...(ofCompat > 0 ? { compat: percent(sumOf(compat, 'got'), ofCompat) } : {}),
    };
    return [[name, measure] as const];
  });
  return Object.fromEntries(measures);
}

/** What each answer brought to a part; those of which nothing could be got say nothing of it. */
function partsOf(judged: readonly Judged[], rules: RuleSet, name: string): ClusteredAnswer[] {
  return judged.flatMap((one) => {
    const [got, of] = one[rules].parts?.[name] ?? [0, 0];
    return of > 0 ? [{ cluster: clusterOf(one), got, of }] : [];
  });
}

function sumOf(observations: readonly ClusteredAnswer[], key: 'got' | 'of'): number {
  return observations.reduce((sum, one) => sum + one[key], 0);
}

/** `part` of `whole` in percent. */
export function percent(part: number, whole: number): number {
  return (100 * part) / whole;
}
