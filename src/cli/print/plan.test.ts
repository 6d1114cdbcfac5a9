import { describe, expect, it } from 'vitest';
import { samplePlan } from '../../../test/support/sample-source.ts';
import { defined } from '../../basics/defined.ts';
import type { LoadConfig } from '../../config/plan.ts';
import type { Arrival, RateProfile } from '../../load/arrival.ts';
import { describeArrival } from './plan.ts';

const plain: LoadConfig = { seed: 7, durationMs: undefined, pressure: false, cycle: false, workers: 1 };
const paced = (
  process: 'constant' | 'poisson' | 'gamma',
  rates: RateProfile,
  burstiness?: number,
): Arrival => ({
  kind: 'paced',
  process,
  rates,
  ...defined({ burstiness }),
});
const five: RateProfile = { shape: 'fixed', perSecond: 5 };
const steps: RateProfile = {
  shape: 'steps',
  steps: [
    { perSecond: 1, seconds: 30 },
    { perSecond: 0, seconds: 2 },
  ],
};
const closed: Arrival = { kind: 'closed' };

describe('how requests arrive, in words', () => {
  it.each([
    [closed, {}, ''],
    [closed, { durationMs: 1500 }, ', for 1.5 s'],
    [closed, { durationMs: 1500, cycle: true }, ', for 1.5 s, over the data again and again'],
    [closed, { durationMs: 1500, cycle: true, pressure: true }, ', pressure, for 1.5 s'],
    [paced('constant', five), {}, ', 5 requests/s'],
    [paced('constant', five), { pressure: true, durationMs: 1000 }, ', 5 new clients/s, pressure, for 1 s'],
    [paced('poisson', five), {}, ', 5 requests/s (poisson, seed 7)'],
    [paced('gamma', five, 0.5), {}, ', 5 requests/s (gamma, burstiness 0.5, seed 7)'],
    [paced('constant', { shape: 'linear', from: 2, to: 8 }), {}, ', 2 to 8 requests/s (linear ramp)'],
    [paced('constant', steps), {}, ', 1 requests/s for 30 s, then 0 requests/s for 2 s'],
    [{ kind: 'trace', absolute: false } as const, {}, ', at their timestamps'],
  ])('%j, %j: %s', (arrival, own, words) => {
    expect(describeArrival(samplePlan({ arrival }), { ...plain, ...own }, 'requests')).toBe(words);
  });
});
