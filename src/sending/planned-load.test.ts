import { describe, expect, it } from 'vitest';
import { localPlan } from '../../test/support/sample-local.ts';
import {
  sampleConnection,
  sampleDataset,
  sampleOptions,
  sampleSource,
} from '../../test/support/sample-source.ts';
import type { LoadConfig, ServiceModelPlan } from '../config/plan.ts';
import type { RateProfile } from '../load/arrival.ts';
import { ONE_PASS } from './load-plan.ts';
import { plannedLoad } from './preflight.ts';
import type { Task } from './prepare.ts';

function planned(plan: Partial<ServiceModelPlan>, settings: Partial<LoadConfig> = {}, cases = 100) {
  const source = sampleSource(cases, plan);
  const task = { model: source.model, dataset: sampleDataset(), source } as unknown as Task;
  return plannedLoad(task, { ...ONE_PASS.settings, ...settings }, 8);
}

const paced = (rates: RateProfile): Partial<ServiceModelPlan> => ({
  concurrency: 64,
  arrival: { kind: 'paced', process: 'constant', rates },
});
const connections = (servers: readonly string[], http = '') => ({
  concurrency: 90,
  connection: sampleConnection({ servers, proxy: { http, https: '', bypass: [] } }),
});

describe('what a load asks of this machine', () => {
  it('is nothing for a local model', () => {
    const { dataset, source } = { dataset: sampleDataset(), source: sampleSource(1, {}) };
    const task = { model: localPlan(), dataset, source } as unknown as Task;
    expect(plannedLoad(task, ONE_PASS.settings, 8)).toBeUndefined();
  });

  it('is what is in flight, and no rate, in a closed loop', () => {
    expect(planned({ concurrency: 64 })).toEqual({
      name: 'model × data',
      workers: 1,
      inFlight: 64,
      isReached: true,
      perAddress: 64,
      mostEvents: 0,
    });
    expect(planned({ concurrency: 64 }, {}, 5)).toMatchObject({ inFlight: 5 });
    expect(planned({ concurrency: 64 }, { cycle: true }, 5)).toMatchObject({ inFlight: 64 });
    expect(planned({ concurrency: 64 }, { workers: 4 })).toMatchObject({ workers: 4 });
  });

  it.each([
    [{ shape: 'fixed', perSecond: 7 }, 7],
    [{ shape: 'linear', from: 2, to: 9 }, 9],
    [
      {
        shape: 'steps',
        steps: [
          { perSecond: 3, seconds: 5 },
          { perSecond: 8, seconds: 1 },
          { perSecond: 1, seconds: 9 },
        ],
      },
      8,
    ],
  ] as const)('is the highest rate of %j', (rates, highest) => {
    expect(planned(paced(rates))).toMatchObject({ requestsPerSecond: highest, isReached: false });
  });

  it('has no rate under pressure: the clients send when they are answered', () => {
    const load = planned(paced({ shape: 'fixed', perSecond: 7 }), { pressure: true, cycle: true });
    expect(load).not.toHaveProperty('requestsPerSecond');
  });

  it('has events a second where every answer has its length', () => {
    const rates = { shape: 'fixed', perSecond: 7 } as const;
    const options = (ignore: boolean) =>
      sampleOptions({ stream: true, maxOutLen: 50, generationKwargs: ignore ? { ignore_eos: true } : {} });
    expect(planned({ ...paced(rates), options: options(true) })).toMatchObject({
      eventsPerSecond: 350,
      mostEvents: 50,
    });
    const free = planned({ ...paced(rates), options: options(false) });
    expect(free).not.toHaveProperty('eventsPerSecond');
    expect(free).toMatchObject({ mostEvents: 50 });
  });

  it.each([
    ['one server', connections(['http://a/']), 90],
    ['three servers', connections(['http://a/', 'http://b/', 'http://a:81/']), 30],
    ['two of three at one address', connections(['http://a/v1/', 'http://b/', 'http://a:80/v2/']), 60],
    ['a proxy before all', connections(['http://a/', 'http://b/'], 'http://proxy:3128'), 90],
    ['HTTP/2', { concurrency: 90, connection: sampleConnection({ http2: true, servers: ['http://a/'] }) }, 0],
  ])('counts connections to one address: %s', (_, plan, expected) => {
    expect(planned(plan)).toMatchObject({ perAddress: expected });
  });
});
