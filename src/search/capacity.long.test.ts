/** The search against the clockwork of the simulated engine in virtual time, where the capacity is known. */
import { describe, expect, it } from 'vitest';
import { type VirtualRequest, type VirtualService, virtualRun } from '../../test/support/virtual-service.ts';
import { atOnce, makePacer } from '../load/pacer.ts';
import { findCapacity, type Probe, type Probed, type SearchSetting } from './capacity.ts';
import { objectivesOf } from './objectives.ts';

const REQUESTS = 10_000;
const SWEEP_POINTS = 10;

/** A service of which the largest Poisson rate is known at which 99 % of the requests have their first token in time. */
interface Known {
  readonly service: VirtualService;
  /** Milliseconds. */
  readonly ttft: number;
  readonly capacity: number;
}

const uniform = (from: number, to: number) => (random: () => number) =>
  from + Math.floor(random() * (to - from + 1));

/** Step times of `ais_bench serve`, prompts and replies of uniform lengths; 32 at once, so that no formula is known. */
const BATCHING: Known = {
  service: {
    times: {
      baseStepMs: 8,
      perSequenceMs: 0.15,
      perPrefillTokenMs: 0.05,
      jitter: 0.05,
      maxBatch: 32,
      prefillBudget: 2048,
    },
    promptTokens: uniform(64, 320),
    replyTokens: uniform(32, 256),
  },
  ttft: 1000,
  // From 1.6 million requests at 13.0 a second (1.23 % bad) and as many at 13.2 (2.08 %): docs/capacity.md.
  capacity: 12.92,
};

/** One at a time, 10 tokens of 80 ms each: an M/D/1 queue, whose waiting times have a formula. */
const STEP_MS = 80;
const SERVICE_MS = 10 * STEP_MS;
const ONE_BY_ONE: Known = {
  service: {
    times: {
      baseStepMs: STEP_MS,
      perSequenceMs: 0,
      perPrefillTokenMs: 0,
      jitter: 0,
      maxBatch: 1,
      prefillBudget: 2048,
    },
    promptTokens: () => 10,
    replyTokens: () => 10,
  },
  ttft: 4000 + STEP_MS,
  capacity: rateWhere((rate) => waitsAtMost(4000, rate), 0.99),
};

/** P(wait ≤ t) in M/D/1 (Erlang 1909), `rate` a second. */
function waitsAtMost(t: number, rate: number): number {
  const perMs = rate / 1000;
  let sum = 0;
  let factorial = 1;
  for (let k = 0; k <= t / SERVICE_MS; k++) {
    if (k > 0) factorial *= k;
    const x = perMs * (k * SERVICE_MS - t);
    sum += (x ** k / factorial) * Math.exp(-x);
  }
  return (1 - perMs * SERVICE_MS) * sum;
}

function rateWhere(share: (rate: number) => number, wanted: number): number {
  let [low, high] = [0.01, 1000 / SERVICE_MS];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (share(middle) >= wanted) low = middle;
    else high = middle;
  }
  return low;
}

/** What the command does with a service, in virtual time. */
function probeOf({ service, ttft }: Known, seed: number): Probe {
  let n = 0;
  const isBad = ({ due, first }: VirtualRequest) => first! - due > ttft;
  return async ({ load, requests, enoughBad }): Promise<Probed> => {
    const ownSeed = seed * 1000 + n++;
    const pacing = {
      count: requests,
      rampCount: requests,
      seed: ownSeed,
      durationMs: Number.POSITIVE_INFINITY,
    };
    const rates = { shape: 'fixed', perSecond: load } as const;
    const burst = (i: number) => (i < requests ? atOnce()(i) : undefined);
    const isBurst = load === Number.POSITIVE_INFINITY;
    const pacer = isBurst ? burst : makePacer({ kind: 'paced', process: 'poisson-exact', rates }, pacing);
    let bad = 0;
    const seen = virtualRun(service, {
      seed: ownSeed,
      pacer,
      isEnough: (request) => {
        if (isBad(request)) bad += 1;
        return bad > enoughBad[0]!;
      },
    });
    const ends = seen.flatMap(({ done }) => done ?? []).sort((a, b) => a - b);
    const counted = Math.ceil(0.9 * ends.length);
    return {
      requests: seen.length,
      bad: [
        Uint8Array.from(
          seen.filter(({ first }) => first !== undefined),
          (one) => (isBad(one) ? 1 : 0),
        ),
      ],
      ...(counted > 0 ? { answeredPerSecond: (counted * 1000) / ends[counted - 1]! } : {}),
    };
  };
}

const [p99] = objectivesOf([{ metric: 'ttft', percentile: 99, limit: 1 }], undefined);

const SETTING: SearchSetting = {
  objectives: [p99!],
  whole: false,
  start: undefined,
  requests: REQUESTS,
  budget: (SWEEP_POINTS / 2) * REQUESTS,
  precision: 0.03,
  deepest: 64,
  highest: 1e6,
};

describe.each([
  ['one request at a time, by formula', ONE_BY_ONE],
  ['continuous batching, by long simulation', BATCHING],
])('a service whose capacity is known: %s', (_name, known) => {
  it('is found within 3 % in 18 of 20 searches, for half the requests of a sweep', async () => {
    const results = [];
    for (let seed = 1; seed <= 20; seed++) results.push(await findCapacity(probeOf(known, seed), SETTING));
    const near = results.filter(({ capacity }) => Math.abs(capacity!.load / known.capacity - 1) <= 0.03);
    const covering = results.filter(
      ({ capacity: { low, high } = { low: 0, high: 0 } }) => low <= known.capacity && known.capacity <= high,
    );
    expect(near.length).toBeGreaterThanOrEqual(18);
    expect(covering.length).toBeGreaterThanOrEqual(18);
    const cost = Math.max(...results.map(({ requests }) => requests));
    expect(cost).toBeLessThanOrEqual((SWEEP_POINTS * REQUESTS) / 2);
  });

  it('has the capacity that is said', () => {
    const count = 200_000;
    const pacer = makePacer(
      { kind: 'paced', process: 'poisson', rates: { shape: 'fixed', perSecond: known.capacity } },
      { count, rampCount: count, seed: 5, durationMs: Number.POSITIVE_INFINITY },
    );
    const seen = virtualRun(known.service, { seed: 5, pacer });
    const bad = seen.filter(({ due, first }) => first! - due > known.ttft).length / count;
    expect(bad).toBeGreaterThan(0.007);
    expect(bad).toBeLessThan(0.014);
  });
});
