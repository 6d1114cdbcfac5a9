import { type Finding, finding } from '../contract/finding.ts';
import { type ClientHealth, type HealthFigures, healthFigures } from './client-health.ts';
import type { FailureGroup } from './failures.ts';
import type { Load } from './load.ts';
import type { SteadyState } from './steady.ts';
import type { Lag } from './timeline.ts';

/** What a run's numbers are worth, the best first. */
export const VERDICTS = [
  'VALID',
  'NOT STEADY',
  'LOAD NOT DELIVERED',
  'CLIENT-LIMITED',
  'NOT ONE LOAD',
] as const;
export type ValidityVerdict = (typeof VERDICTS)[number];

/** The rules of the verdict as numbers, in one table: `docs/metrics.md` shows it, and a test holds the two together. */
export const VALIDITY_RULES = {
  lagFloor: { limit: 1, unit: 'ms', says: 'lag P99 is never held against a run below this' },
  lagShare: {
    limit: 0.01,
    unit: '',
    says: 'lag P99 / median TTFT, or / the smallest objective of a search; the largest of these and the floor decides',
  },
  achievedRate: { limit: 0.95, unit: '', says: 'achieved rate / the lower of asked and scheduled rate' },
  heldConcurrency: { limit: 0.95, unit: '', says: 'held / asked concurrency, closed loop' },
  loopUtilization: { limit: 0.7, unit: '', says: 'share of time in which an event loop was busy' },
  loopLagFloor: { limit: 5, unit: 'ms', says: 'loop lag P99 is never held against a run below this' },
  loopLagShare: {
    limit: 0.05,
    unit: '',
    says: 'loop lag P99 / median TTFT, or / the smallest objective of a search; the largest of these and the floor decides',
  },
  gc: { limit: 0.1, unit: '', says: 'share of time in garbage collection' },
  cpu: { limit: 0.9, unit: '', says: 'CPU time of a process / time: one core is 1' },
  memory: { limit: 0.9, unit: '', says: 'resident memory / what the machine or container gives' },
  descriptors: { limit: 0.9, unit: '', says: 'open sockets / descriptors that the process may have' },
} as const satisfies Record<string, { limit: number; unit: string; says: string }>;

/** The load of a run as far as the verdict looks at it. */
export interface JudgedLoad extends Omit<Load, 'lag' | 'refillLag'> {
  readonly lag?: Pick<Lag, 'p99'>;
  readonly refillLag?: Pick<Lag, 'p99'>;
}

/** The facts of a summary that the verdict looks at. */
export interface ValidityFacts {
  readonly load: JudgedLoad;
  /** What lag is held against, ms: the median TTFT, or in a search its smallest objective where that is longer. */
  readonly timescale: number | undefined;
  /** Requests that were sent. */
  readonly sent: number;
  /** Of the requests that ended, how many succeeded; undefined while it is not known. */
  readonly answered?: number | undefined;
  /** Why requests failed, most frequent first. */
  readonly failures?: readonly FailureGroup[];
  /** Of those that send, how many died before their share was sent. */
  readonly lostSenders?: number | undefined;
  readonly steady: SteadyState;
  /** Most streamed answers came at one instant, so that the latencies of a first token and of what follows are not known. */
  readonly noFirstToken?: boolean;
}

export interface Validity {
  readonly verdict: ValidityVerdict;
  /** Everything that speaks against VALID, the verdict's own reasons first; of a valid run what speaks for it. */
  readonly findings: readonly Finding[];
  /** The figures of each sending process; empty when nothing was measured. */
  readonly client: readonly HealthFigures[];
}

/** A finding and the verdict that it makes. */
type Reason = readonly [verdict: Exclude<ValidityVerdict, 'VALID' | 'NOT ONE LOAD'>, finding: Finding];

/**
 * Judges a run. CLIENT-LIMITED comes before LOAD NOT DELIVERED and that before NOT STEADY: a cause before what follows from it. Where a
 * part of the senders is gone nothing else is the cause.
 */
export function judge(facts: ValidityFacts, health: readonly ClientHealth[]): Validity {
  const client = health.map(healthFigures);
  const { sent, answered, lostSenders = 0, steady } = facts;
  if (sent === 0) return { verdict: 'LOAD NOT DELIVERED', findings: [finding('NOTHING-SENT', {})], client };
  // A client that only collects refusals is busy for a moment, and says nothing of the load.
  if (answered === 0 && lostSenders === 0)
    return { verdict: 'LOAD NOT DELIVERED', findings: [allFailed(facts)], client };
  const reasons: Reason[] = [
    ...client.flatMap((figures) =>
      clientFindings(figures, facts.timescale).map((one): Reason => ['CLIENT-LIMITED', one]),
    ),
    ...loadFindings(facts),
    ...steady.reasons.map((one): Reason => ['NOT STEADY', one]),
  ].sort((a, b) => VERDICTS.indexOf(b[0]) - VERDICTS.indexOf(a[0]));
  const unseen = facts.noFirstToken === true ? [finding('NO-FIRST-TOKEN', {})] : [];
  const findings = [...reasons.map(([, one]) => one), ...unseen];
  if (lostSenders > 0) {
    const loss = finding('LOST-SENDERS', { lost: lostSenders });
    return { verdict: 'LOAD NOT DELIVERED', findings: [loss, ...findings], client };
  }
  const [worst] = reasons;
  return worst === undefined
    ? { verdict: 'VALID', findings: [...supporting(facts, client), ...unseen], client }
    : { verdict: worst[0], findings, client };
}

/** What stopped everything says more than any figure. */
function allFailed({ sent, failures = [] }: ValidityFacts): Finding {
  const [worst, ...others] = failures;
  if (worst === undefined) return finding('ALL-FAILED', { sent });
  const { kind, message, count } = worst;
  return finding(
    'ALL-FAILED',
    others.length === 0 ? { sent, only: message, kind } : { sent, count, message, kind },
  );
}

/** Milliseconds of lag above which a request counts as late: max(1 ms, 1 % of the timescale). */
export function lateAbove(timescale: number | undefined): number {
  const { lagFloor, lagShare } = VALIDITY_RULES;
  return Math.max(lagFloor.limit, lagShare.limit * (timescale ?? 0));
}

function* loadFindings({ load, sent }: ValidityFacts): Iterable<Reason> {
  const { achievedRate: rateRule, heldConcurrency: heldRule } = VALIDITY_RULES;
  const { askedRate, scheduledRate, achievedRate, heldConcurrency: held, askedConcurrency: target } = load;
  const { heldBack, late, lateThreshold: limit } = load;
  const due = Math.min(askedRate ?? Number.NaN, scheduledRate ?? askedRate ?? Number.NaN);
  if (achievedRate !== undefined && achievedRate < rateRule.limit * due) {
    const figures = { achieved: achievedRate, due, share: achievedRate / due };
    yield ['LOAD NOT DELIVERED', finding('RATE-NOT-REACHED', figures)];
  }
  if (held !== undefined && held < heldRule.limit * target)
    yield ['LOAD NOT DELIVERED', finding('CONCURRENCY-NOT-HELD', { held, target, share: held / target })];
  const lag = lagThatCounts(load);
  if (lag === undefined || lag.p99 <= limit) return;
  const figures = { late, sent, lag: lag.p99, limit };
  if (heldBack > 0) yield ['LOAD NOT DELIVERED', finding('LATE-HELD-BACK', { ...figures, slots: target })];
  else yield ['CLIENT-LIMITED', finding('LATE-REQUESTS', figures)];
}

function* supporting({ load, steady }: ValidityFacts, client: readonly HealthFigures[]): Iterable<Finding> {
  const { lateThreshold, achievedRate, askedRate, heldConcurrency, askedConcurrency } = load;
  const lag = lagThatCounts(load);
  if (lag !== undefined) yield finding('LAG-WITHIN', { lag: lag.p99, limit: lateThreshold });
  if (load.loop === 'open' && achievedRate !== undefined)
    yield finding('RATE-REACHED', { achieved: achievedRate, target: askedRate! });
  if (heldConcurrency !== undefined)
    yield finding('CONCURRENCY-HELD', { held: heldConcurrency, target: askedConcurrency });
  const { window } = steady;
  if (window !== undefined) yield finding('STEADY', { span: window.to - window.from });
  for (const { process, loopUtilization } of client) {
    if (loopUtilization !== undefined) yield finding('CLIENT-FREE', { process, share: loopUtilization });
  }
}

/** In a closed loop all slots are filled at one instant at first: that burst says nothing of how they are refilled. */
function lagThatCounts({ loop, lag, refillLag }: JudgedLoad): JudgedLoad['lag'] {
  return loop === 'open' ? lag : refillLag;
}

function clientFindings(figures: HealthFigures, timescale: number | undefined): Finding[] {
  const { loopLagFloor, loopLagShare } = VALIDITY_RULES;
  const { process, loopLagP99: lag = 0 } = figures;
  const shares = (
    [
      ['CLIENT-LOOP', figures.loopUtilization, VALIDITY_RULES.loopUtilization],
      ['CLIENT-GC', figures.gcShare, VALIDITY_RULES.gc],
      ['CLIENT-CPU', figures.cpuShare, VALIDITY_RULES.cpu],
      ['CLIENT-MEMORY', figures.memoryShare, VALIDITY_RULES.memory],
      ['CLIENT-DESCRIPTORS', figures.descriptorShare, VALIDITY_RULES.descriptors],
    ] as const
  ).flatMap(([code, share = 0, { limit }]) =>
    share > limit ? [finding(code, { process, share, limit })] : [],
  );
  const limit = Math.max(loopLagFloor.limit, loopLagShare.limit * (timescale ?? 0));
  return lag > limit ? [...shares, finding('CLIENT-LOOP-LAG', { process, lag, limit })] : shares;
}
