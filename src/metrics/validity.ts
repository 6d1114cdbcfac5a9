import { plural } from '../basics/plural.ts';
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
export type Verdict = (typeof VERDICTS)[number];

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
}

export interface Validity {
  readonly verdict: Verdict;
  /** In figures: everything that speaks against VALID, the verdict's own reasons first; of a valid run what speaks for it. */
  readonly reasons: readonly string[];
  /** What was looked at of each sending process; empty when nothing was measured. */
  readonly client: readonly HealthFigures[];
}

type Finding = readonly [verdict: Exclude<Verdict, 'VALID' | 'NOT ONE LOAD'>, reason: string];

/**
 * Judges a run. CLIENT-LIMITED comes before LOAD NOT DELIVERED and that before NOT STEADY: a cause before what follows from it. Where a
 * part of the senders is gone nothing else is the cause.
 */
export function judge(facts: ValidityFacts, health: readonly ClientHealth[]): Validity {
  const client = health.map(healthFigures);
  if (facts.sent === 0) return { verdict: 'LOAD NOT DELIVERED', reasons: ['no request was sent'], client };
  // A client that only collects refusals is busy for a moment, and says nothing of the load.
  if (facts.answered === 0 && !facts.lostSenders)
    return { verdict: 'LOAD NOT DELIVERED', reasons: [allFailed(facts)], client };
  const findings: Finding[] = [
    ...client.flatMap((figures) => [...clientFindings(figures, facts.timescale)]),
    ...loadFindings(facts),
    ...facts.steady.reasons.map((reason): Finding => ['NOT STEADY', reason]),
  ].sort((a, b) => VERDICTS.indexOf(b[0]) - VERDICTS.indexOf(a[0]));
  const [worst] = findings;
  if (facts.lostSenders !== undefined && facts.lostSenders > 0) {
    const loss = `lost before their share was sent: ${facts.lostSenders} of those that send`;
    return {
      verdict: 'LOAD NOT DELIVERED',
      reasons: [loss, ...findings.map(([, reason]) => reason)],
      client,
    };
  }
  if (worst === undefined) return { verdict: 'VALID', reasons: [...supporting(facts, client)], client };
  return { verdict: worst[0], reasons: findings.map(([, reason]) => reason), client };
}

/** What stopped everything says more than any figure. */
function allFailed({ sent, failures = [] }: ValidityFacts): string {
  const all = sent === 1 ? 'the only request failed' : `all ${sent} requests failed`;
  const [worst, ...others] = failures;
  if (worst === undefined) return all;
  const most = others.length === 0 ? '' : `${worst.count} of them with `;
  return `${all}: ${most}${worst.message} (${worst.kind})`;
}

/** Milliseconds of lag above which a request counts as late: max(1 ms, 1 % of the timescale). */
export function lateAbove(timescale: number | undefined): number {
  const { lagFloor, lagShare } = VALIDITY_RULES;
  return Math.max(lagFloor.limit, lagShare.limit * (timescale ?? 0));
}

function* loadFindings({ load, sent }: ValidityFacts): Iterable<Finding> {
  const { achievedRate: rateRule, heldConcurrency: heldRule } = VALIDITY_RULES;
  const { askedRate, scheduledRate, achievedRate, heldConcurrency, askedConcurrency, heldBack, late } = load;
  const due = Math.min(askedRate ?? Number.NaN, scheduledRate ?? askedRate ?? Number.NaN);
  if (achievedRate !== undefined && achievedRate < rateRule.limit * due) {
    yield [
      'LOAD NOT DELIVERED',
      `${figure(achievedRate)} req/s achieved of ${figure(due)} (${percent(achievedRate / due)})`,
    ];
  }
  if (heldConcurrency !== undefined && heldConcurrency < heldRule.limit * askedConcurrency) {
    const share = percent(heldConcurrency / askedConcurrency);
    yield [
      'LOAD NOT DELIVERED',
      `${figure(heldConcurrency)} in flight held of ${askedConcurrency} asked (${share})`,
    ];
  }
  const lag = lagThatCounts(load);
  if (lag === undefined || lag.p99 <= load.lateThreshold) return;
  const words = `${late} of ${plural(sent, 'request')} left late: lag P99 ${figure(lag.p99)} ms > ${figure(load.lateThreshold)} ms`;
  if (heldBack > 0) yield ['LOAD NOT DELIVERED', `${words}, held back by batch_size ${askedConcurrency}`];
  else yield ['CLIENT-LIMITED', words];
}

function* supporting({ load, steady }: ValidityFacts, client: readonly HealthFigures[]): Iterable<string> {
  const { lateThreshold, achievedRate, askedRate, heldConcurrency, askedConcurrency } = load;
  const lag = lagThatCounts(load);
  if (lag !== undefined) yield `lag P99 ${figure(lag.p99)} ms ≤ ${figure(lateThreshold)} ms`;
  if (load.loop === 'open' && achievedRate !== undefined) {
    yield `${figure(achievedRate)} of ${figure(askedRate!)} req/s`;
  }
  if (heldConcurrency !== undefined) yield `${figure(heldConcurrency)} of ${askedConcurrency} held in flight`;
  const { window } = steady;
  if (window !== undefined) yield `steady for ${figure((window.to - window.from) / 1000)} s`;
  for (const { process, loopUtilization } of client) {
    if (loopUtilization !== undefined) yield `${process}: event loop busy ${percent(loopUtilization)}`;
  }
}

/** In a closed loop all slots are filled at one instant at first: that burst says nothing of how they are refilled. */
function lagThatCounts({ loop, lag, refillLag }: JudgedLoad): JudgedLoad['lag'] {
  return loop === 'open' ? lag : refillLag;
}

function* clientFindings(figures: HealthFigures, timescale: number | undefined): Iterable<Finding> {
  const { loopLagFloor, loopLagShare } = VALIDITY_RULES;
  const lagLimit = Math.max(loopLagFloor.limit, loopLagShare.limit * (timescale ?? 0));
  const say = (words: string): Finding => ['CLIENT-LIMITED', `${figures.process}: ${words}`];
  const { loopLagP99 = 0 } = figures;
  for (const [rule, value, name] of [
    ['loopUtilization', figures.loopUtilization, 'event loop busy'],
    ['gc', figures.gcShare, 'garbage collection'],
    ['cpu', figures.cpuShare, 'CPU of one core'],
    ['memory', figures.memoryShare, 'memory in use'],
    ['descriptors', figures.descriptorShare, 'descriptors in use'],
  ] as const) {
    const { limit } = VALIDITY_RULES[rule];
    if (value !== undefined && value > limit) yield say(`${name} ${percent(value)} > ${percent(limit)}`);
  }
  if (loopLagP99 > lagLimit)
    yield say(`event loop lag P99 ${figure(loopLagP99)} ms > ${figure(lagLimit)} ms`);
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
