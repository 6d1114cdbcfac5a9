import { describe, expect, it } from 'vitest';
import { samplePlan } from '../../test/support/sample-source.ts';
import type { RunFlags } from './flags.ts';
import type { ModelPlan } from './plan.ts';
import { resolveLoad } from './resolve-load.ts';

const flags: RunFlags = {
  models: [],
  datasets: [],
  mode: 'perf',
  configDir: '',
  numWarmups: 0,
  maxErrorRate: 0,
  set: [],
};
const closed: ModelPlan = samplePlan();
const traced: ModelPlan = samplePlan({ abbr: 'traced', arrival: { kind: 'trace', absolute: false } });
const steps = { shape: 'steps' as const, steps: [{ perSecond: 1, seconds: 1 }] };
const stepped: ModelPlan = samplePlan({ arrival: { kind: 'paced', process: 'constant', rates: steps } });
const plain = { seed: 0, durationMs: undefined, pressure: false, cycle: false, workers: 'auto' };

describe('the load of a run', () => {
  it.each([
    [{}, {}],
    [
      { seed: 7, workers: 3 },
      { seed: 7, workers: 3 },
    ],
    [{ duration: 1.5 }, { durationMs: 1500 }],
    [
      { duration: 1.5, cycle: true },
      { durationMs: 1500, cycle: true },
    ],
    [{ pressure: true }, { pressure: true, cycle: true, durationMs: 15_000 }],
    [
      { pressure: true, pressureTime: 60 },
      { pressure: true, cycle: true, durationMs: 60_000 },
    ],
    [
      { mode: 'all', duration: 2 },
      { durationMs: 2000, workers: 1 },
    ],
  ] as const)('%j', (given, expected) => {
    expect(resolveLoad({ ...flags, ...given }, [closed])).toEqual({ ...plain, ...expected });
  });

  it('may begin the data again without a duration where steps end', () => {
    expect(resolveLoad({ ...flags, cycle: true }, [stepped])).toMatchObject({ cycle: true });
  });

  it.each([
    [{ mode: 'all', pressure: true }, closed, '--pressure is a load test'],
    [{ mode: 'all', cycle: true, duration: 1 }, closed, '--cycle is for load tests'],
    [{ pressureTime: 5 }, closed, '--pressure-time says how long'],
    [{ pressure: true, duration: 5 }, closed, '--duration and --pressure both'],
    [{ pressure: true }, traced, '--pressure does not go with the timestamps of traced'],
    [{ cycle: true, duration: 5 }, traced, '--cycle does not go with the timestamps of traced'],
    [{ cycle: true }, closed, '--cycle would never end'],
  ] as const)('%j is refused', (given, model, message) => {
    expect(() => resolveLoad({ ...flags, ...given }, [model])).toThrow(
      expect.objectContaining({ code: 'TMAN-CMD-002', message: expect.stringContaining(message) }),
    );
  });
});
