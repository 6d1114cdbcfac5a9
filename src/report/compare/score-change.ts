import { finding } from '../../contract/finding.ts';
import { type VerdictChange, verdictChanges } from '../../evaluate/changes.ts';
import { clusterOf } from '../../evaluate/measure.ts';
import { normalQuantile } from '../../evaluate/statistics/distributions.ts';
import { type AnswerPair, mcnemarExact, pairedDifference } from '../../evaluate/statistics/interval.ts';
import { creditOf, type Judged } from '../../evaluate/types.ts';
import { type Difference, POWER } from './difference.ts';
import type { NumberChange, TaskSide } from './types.ts';

interface ScoreChange {
  readonly changes: readonly VerdictChange[];
  readonly score?: NumberChange & { readonly pairs: number; readonly lost: number; readonly won: number };
}

/** Where an answer stands in the data of its run. */
function placeOf({ index, repetition, turn = 0 }: Judged): string {
  return `${index} ${repetition} ${turn}`;
}

/** Verdicts that differ between two runs, and what the score gained over the questions that both were asked. */
export function scoreChange(before: TaskSide['scored'], after: TaskSide['scored']): ScoreChange {
  if (before === undefined || after === undefined) return { changes: [] };
  const then = new Map(before.judged.map((one) => [placeOf(one), one]));
  const pairs = after.judged.flatMap((now) => {
    const one = then.get(placeOf(now));
    // The hash of a case differs with the name of the model: what pairs is its place.
    return one === undefined ? [] : [{ before: one, after: { ...now, id: one.id } }];
  });
  const changes = verdictChanges(
    pairs.map((pair) => pair.before),
    pairs.map((pair) => pair.after),
  );
  const lost = pairs.filter((pair) => creditOf(pair.after) < creditOf(pair.before)).length;
  const won = pairs.filter((pair) => creditOf(pair.after) > creditOf(pair.before)).length;
  const kind = { id: 'accuracy', label: before.metric, unit: '%', moreIsBetter: true };
  const counts = { pairs: pairs.length, lost, won };
  if (before.metric !== after.metric)
    return {
      changes,
      score: {
        ...kind,
        ...counts,
        reason: finding('METRICS-DIFFER', { before: before.metric, after: after.metric }),
      },
    };
  if (pairs.length === 0)
    return { changes, score: { ...kind, ...counts, reason: finding('NO-COMMON-SAMPLE', {}) } };
  return { changes, score: { ...kind, ...counts, difference: differenceOfPairs(pairs, { lost, won }) } };
}

interface JudgedPair {
  readonly before: Judged;
  readonly after: Judged;
}

/**
 * Right or wrong, each question by itself: McNemar's exact test. Credits between, repetitions and questions that share a source:
 * the t of the paired difference over clusters.
 */
function differenceOfPairs(
  pairs: readonly JudgedPair[],
  { lost, won }: { readonly lost: number; readonly won: number },
): Difference {
  const rated: AnswerPair[] = pairs.map(({ before, after }) => ({
    cluster: clusterOf(before),
    before: creditOf(before),
    after: creditOf(after),
  }));
  const n = rated.length;
  const meanOf = (side: 'before' | 'after') => (100 * rated.reduce((sum, pair) => sum + pair[side], 0)) / n;
  const [before, after] = [meanOf('before'), meanOf('after')];
  const paired = pairedDifference(rated);
  const isBinary = rated.every((pair) =>
    [pair.before, pair.after].every((credit) => credit === 0 || credit === 1),
  );
  const isExact = isBinary && paired?.clusters === n;
  return {
    scale: 'points',
    before,
    after,
    n: [n, n],
    change: after - before,
    low: paired?.low ?? -100,
    high: paired?.high ?? 100,
    p: isExact ? mcnemarExact(lost, won) : (paired?.p ?? 1),
    needed: (effect, alpha) => ({
      n: pairsNeeded({ n, squares: squaresOf(rated), effect: Math.abs(effect) / 100, alpha }),
      isBound: false,
    }),
  };
}

function squaresOf(pairs: readonly AnswerPair[]): number {
  const byCluster = new Map<string, number>();
  for (const { cluster, before, after } of pairs)
    byCluster.set(cluster, (byCluster.get(cluster) ?? 0) + after - before);
  return [...byCluster.values()].reduce((sum, one) => sum + one * one, 0);
}

/**
 * Questions that a true change of `effect` (0..1) needs (R. J. Connor, 1987): how many pairs differ is taken from the runs, with one
 * pair more than there are, and cannot be fewer than the change itself.
 */
function pairsNeeded({
  n,
  squares,
  effect,
  alpha,
}: {
  readonly n: number;
  readonly squares: number;
  readonly effect: number;
  readonly alpha: number;
}): number {
  const differing = Math.max(effect, (squares + 1) / n);
  const level = normalQuantile(1 - alpha / 2) * Math.sqrt(differing);
  const power = normalQuantile(POWER) * Math.sqrt(Math.max(0, differing - effect ** 2));
  return Math.ceil(((level + power) / effect) ** 2);
}
