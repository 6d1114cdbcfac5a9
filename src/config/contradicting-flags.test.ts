import { describe, expect, it } from 'vitest';
import type { RunFlags } from './flags.ts';
import { refuseContradictions } from './resolve.ts';

const base: RunFlags = {
  models: ['x'],
  datasets: ['y'],
  mode: 'perf',
  configDir: 'configs',
  numWarmups: 1,
  maxErrorRate: 0.01,
  set: [],
};
const ramp = { ramp_up_strategy: 'linear', ramp_up_start_rps: 1, ramp_up_end_rps: 2 } as const;

describe('flags of one command line', () => {
  it.each([
    [{ url: 'http://a/', hostPort: 1 }, '--url and --host-port both say where the service is'],
    [{ url: ['http://a/'], hostIp: 'b' }, '--url and --host-ip both say where the service is'],
    [{ steps: '1@1s', requestRate: 5 }, '--steps and --request-rate both say the rate'],
    [{ steps: '1@1s', ramp }, '--steps and --ramp both say the rate'],
    [{ ramp, requestRate: 5 }, '--ramp and --request-rate both say the rate'],
    [{ arrival: 'closed', requestRate: 5 }, '--request-rate and --arrival contradict each other'],
    [{ arrival: 'trace', steps: '1@1s' }, '--steps and --arrival contradict each other'],
  ])('%j is refused', (flags, words) => {
    expect(() => refuseContradictions({ ...base, ...flags })).toThrow(words);
  });

  it.each([
    { url: 'http://a/', requestRate: 5, arrival: 'poisson' },
    { ramp, requestRate: 5, arrival: 'aisbench' },
    { hostIp: 'a', hostPort: 1, ramp, burstiness: 2 },
    { arrival: 'closed' },
    { arrival: 'constructor', requestRate: 5 },
  ])('%j is not', (flags) => {
    expect(() => refuseContradictions({ ...base, ...flags })).not.toThrow();
  });
});
