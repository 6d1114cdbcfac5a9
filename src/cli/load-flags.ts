import { InvalidArgumentError } from 'commander';
import type { RampFlag } from '../config/flags.ts';
import { ARRIVALS } from '../load/arrival.ts';
import type { FlagSpec } from './flag-spec.ts';
import { numberIn, whole } from './parse-number.ts';
import { parseWorkers } from './worker-flags.ts';

const FASTEST_RATE = 64_000;

/** Flags about when requests leave, and who sends them; docs/load.md explains them. */
export const LOAD_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--request-rate <rate>',
    meaning:
      'requests per second; 0 or inf: as fast as batch_size lets them, and so below 0.1 where no --arrival is given',
    parse: (text) => (text === 'inf' ? 0 : numberIn(0, FASTEST_RATE, 'requests per second')(text)),
  },
  { flags: '--arrival <name>', meaning: 'how requests arrive', choices: ARRIVALS },
  {
    flags: '--burstiness <shape>',
    meaning: 'gamma shape of the gaps: 1 Poisson, below burstier, above smoother; 0 even',
    parse: numberIn(0, Number.MAX_VALUE, 'burstiness'),
  },
  {
    flags: '--ramp <rates>',
    meaning: 'rate from the first request to the last, e.g. 2..8 or exponential:2..8',
    parse: ramp,
  },
  { flags: '--steps <steps>', meaning: 'rates one after the other, e.g. 10@30s,20@30s' },
  {
    flags: '--duration <seconds>',
    meaning: 'nothing becomes due after so many seconds; what is in flight finishes',
    parse: numberIn(0.001, Number.MAX_VALUE, 'seconds'),
  },
  {
    flags: '--cycle',
    meaning: 'begin the data again when it is used up, until --duration, --max-cases or --steps end',
  },
  { flags: '--max-cases <n>', meaning: 'a load test is over after so many cases', parse: whole(1) },
  {
    flags: '--pressure',
    meaning: 'batch_size clients, opened at the request rate, each asking again and again',
  },
  {
    flags: '--pressure-time <seconds>',
    meaning: 'how long --pressure lasts (default: 15)',
    parse: whole(1, 86_400),
  },
  { flags: '--seed <n>', meaning: 'seed of the arrivals (default: 0)', parse: whole(0) },
  {
    flags: '--workers <n|auto|group[:n]>',
    meaning:
      'processes that send; 1: the command itself; auto: as many as the load needs, apart from the command from 64 in flight (default: auto for load tests, else 1); group[:n]: remote workers of that group, at least n of them (default: 1), each an ais_bench worker',
    parse: parseWorkers,
  },
];

/** `2..8`, `linear:2..8` or `exponential:2..8` */
function ramp(text: string): RampFlag {
  const [, shape = 'linear', from, to] =
    /^(?:(linear|exponential):)?(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (from === undefined || Number(to) < Number(from) || Number(to) === 0 || Number(to) > FASTEST_RATE)
    throw new InvalidArgumentError('It is not a rising ramp: write 2..8 or exponential:2..8.');
  return {
    ramp_up_strategy: shape as RampFlag['ramp_up_strategy'],
    ramp_up_start_rps: Number(from),
    ramp_up_end_rps: Number(to),
  };
}
