import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { toOption } from './flags.ts';
import { LOAD_FLAGS } from './load-flags.ts';

function parse(...args: readonly string[]): Record<string, unknown> {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const spec of LOAD_FLAGS) command.addOption(toOption(spec));
  return command.parse(args, { from: 'user' }).opts();
}

const ramp = (shape: string, from: number, to: number) => ({
  ramp: { ramp_up_strategy: shape, ramp_up_start_rps: from, ramp_up_end_rps: to },
});

describe('flags of the load', () => {
  it.each([
    [['--request-rate', '0'], { requestRate: 0 }],
    [['--arrival', 'poisson-exact'], { arrival: 'poisson-exact' }],
    [['--burstiness', '0.5'], { burstiness: 0.5 }],
    [['--ramp', '2..8'], ramp('linear', 2, 8)],
    [['--ramp', 'exponential:0.5..8'], ramp('exponential', 0.5, 8)],
    [['--ramp', '3..3'], ramp('linear', 3, 3)],
    [['--steps', '10@30s'], { steps: '10@30s' }],
    [['--duration', '1.5', '--cycle'], { duration: 1.5, cycle: true }],
    [['--pressure', '--pressure-time', '86400'], { pressure: true, pressureTime: 86_400 }],
    [['--seed', '7'], { seed: 7 }],
    [['--workers', 'auto'], { workers: 'auto' }],
    [['--workers', '4'], { workers: 4 }],
    [['--workers', 'load'], { workers: { group: 'load', least: 1 } }],
    [['--workers', 'load:4'], { workers: { group: 'load', least: 4 } }],
    [['--workers', '4:2'], { workers: { group: '4', least: 2 } }],
  ])('%j', (args, flags) => {
    expect(parse(...args)).toEqual(flags);
  });

  it.each([
    ['--request-rate', '64001'],
    ['--request-rate', ''],
    ['--arrival', 'sometimes'],
    ['--burstiness', '-1'],
    ['--ramp', '8..2'],
    ['--ramp', '0..0'],
    ['--ramp', '2-8'],
    ['--ramp', 'cubic:2..8'],
    ['--duration', '0'],
    ['--duration', 'Infinity'],
    ['--pressure-time', '0'],
    ['--pressure-time', '86401'],
    ['--seed', '-1'],
    ['--workers', '0'],
    ['--workers', '-1'],
    ['--workers', '1.5'],
    ['--workers', 'no group'],
    ['--workers', 'g:0'],
  ])('%s "%s" is refused', (...args) => {
    expect(() => parse(...args)).toThrow();
  });
});
