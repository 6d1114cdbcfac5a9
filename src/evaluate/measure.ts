import type { ClusteredAnswer } from './statistics/clusters.ts';
import { intervalOf } from './statistics/interval.ts';
import { creditOf, type Judged, type Judgement, type Measure, type RuleSet, type Verdict } from './types.ts';

/** Answers that share this are not independent: those to one question, the turns of a dialogue, questions of one source. */
export function clusterOf({ index, source }: Judged): string {
  return source === undefined ? `row ${index}` : `source ${source}`;
}

/** Of answers that count 1 each: what they got, in percent, and how sure that is. */
export function shareOf(observations: readonly ClusteredAnswer[]): Measure {
  const interval = intervalOf(observations);
  return {
    value: percent(sumOf(observations, 'got'), observations.length),
    n: observations.length,
    ...(interval === undefined ? {} : { interval }),
  };
}

/** The mean credit of all answers under a rule set. */
export function meanCredit(judged: readonly Judged[], rules: RuleSet): Measure {
  return shareOf(judged.map((one) => ({ cluster: clusterOf(one), got: creditOf(one[rules]), of: 1 })));
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

// A judge that was asked twice, with what could sway it swapped: whether its verdicts held.

export interface Agreement {
  /** Answers of which both verdicts were read. */
  readonly n: number;
  /** Of these, how often they were the same. */
  readonly agreed: number;
  /** Called right when asked first, and not when swapped. */
  readonly onlyFirst: number;
  /** Called right when swapped, and not when asked first. */
  readonly onlySwapped: number;
  /** Cohen's kappa: 1 always the same, 0 as often as by chance. Absent where all verdicts are one and the same, which shows nothing. */
  readonly kappa?: number;
}

const READ: readonly Verdict[] = ['correct', 'partial', 'wrong'];

/** One judgement of two askings: that of the first where both are read and worth the same. */
export function combined(first: Judgement, second: Judgement): Judgement {
  const askedTwice = { first: first.verdict, swapped: second.verdict };
  if (!READ.includes(first.verdict)) return { ...first, askedTwice };
  if (!READ.includes(second.verdict)) {
    const explanation = `${first.verdict}, and ${second.verdict} when swapped`;
    return { ...withoutCredit(first), verdict: second.verdict, explanation, askedTwice };
  }
  const isSame = first.verdict === second.verdict && first.credit === second.credit;
  if (isSame) return { ...first, askedTwice };
  const explanation = `${first.verdict}, and ${second.verdict} when swapped`;
  return { ...withoutCredit(first), verdict: 'inconsistent', explanation, askedTwice };
}

function withoutCredit({ credit: _credit, parts, ...rest }: Judgement): Judgement {
  if (parts === undefined) return rest;
  return {
    ...rest,
    parts: Object.fromEntries(Object.entries(parts).map(([name, [, of]]) => [name, [0, of]])),
  };
}

/** How far a judge's verdicts held; undefined where it was asked once, or nothing could be read twice. */
export function agreementOf(judged: readonly Judged[], rules: RuleSet): Agreement | undefined {
  const pairs = pairsOf(judged, rules).map(({ pair }) => pair);
  if (pairs.length === 0) return undefined;
  const count = (holds: (first: boolean, swapped: boolean) => boolean) =>
    pairs.filter(([first, swapped]) => holds(first === 'correct', swapped === 'correct')).length;
  const kappa = cohensKappa(pairs);
  return {
    n: pairs.length,
    agreed: pairs.filter(([first, swapped]) => first === swapped).length,
    onlyFirst: count((first, swapped) => first && !swapped),
    onlySwapped: count((first, swapped) => !first && swapped),
    ...(kappa === undefined ? {} : { kappa }),
  };
}

/** The share of verdicts that held, as a number of the score. */
export function agreementMeasure(judged: readonly Judged[], rules: RuleSet): Measure | undefined {
  const observations = pairsOf(judged, rules).map(({ one, pair: [first, swapped] }) => ({
    cluster: clusterOf(one),
    got: first === swapped ? 1 : 0,
    of: 1,
  }));
  return observations.length === 0 ? undefined : shareOf(observations);
}

interface SwappedPair {
  readonly one: Judged;
  readonly pair: readonly [first: Verdict, swapped: Verdict];
}

function pairsOf(judged: readonly Judged[], rules: RuleSet): SwappedPair[] {
  return judged.flatMap((one) => {
    const { askedTwice } = one[rules];
    if (askedTwice === undefined) return [];
    const { first, swapped } = askedTwice;
    return READ.includes(first) && READ.includes(swapped) ? [{ one, pair: [first, swapped] as const }] : [];
  });
}

/**
 * (pₒ − pₑ) / (1 − pₑ): pₒ is how often two raters agree, pₑ how often they would if each gave its verdicts as often, at random
 * (Cohen 1960). Undefined where pₑ is 1.
 */
export function cohensKappa(pairs: readonly (readonly [string, string])[]): number | undefined {
  const n = pairs.length;
  const share = (holds: (pair: readonly [string, string]) => boolean) => pairs.filter(holds).length / n;
  const names = new Set(pairs.flat());
  const chance = [...names].reduce(
    (sum, name) => sum + share(([first]) => first === name) * share(([, second]) => second === name),
    0,
  );
  if (n === 0 || names.size < 2) return undefined;
  return (share(([first, second]) => first === second) - chance) / (1 - chance);
}
