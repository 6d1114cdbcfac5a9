import { AisBenchError } from '../contract/errors.ts';
import type { CompleteConfig } from './flags.ts';
import { isLoadTest } from './modes.ts';
import type { LoadSettings, ModelPlan } from './plan.ts';

const DEFAULT_SEED = 0;
/** AISBench's `--pressure-time`, seconds. */
const DEFAULT_PRESSURE_SECONDS = 15;

/** The flags about the load of every task. Throws TMAN-CMD-002 where they contradict each other or the mode. */
export function resolveLoad(flags: CompleteConfig, models: readonly ModelPlan[]): LoadSettings {
  const { mode, pressure = false, pressureTime, duration, cycle = false, maxCases } = flags;
  const accuracy = 'answers that are scored are asked once each; use --mode perf';
  if (pressure && !isLoadTest(mode)) throw refuse('--pressure', 'is a load test', accuracy);
  if (cycle && !isLoadTest(mode)) throw refuse('--cycle', 'is for load tests', accuracy);
  if (maxCases !== undefined && !isLoadTest(mode)) throw refuse('--max-cases', 'is for load tests', accuracy);
  if (pressureTime !== undefined && !pressure)
    throw refuse(
      '--pressure-time',
      'says how long --pressure lasts',
      'give --pressure too, or use --duration',
    );
  if (pressure && duration !== undefined)
    throw refuse('--duration', 'and --pressure both say how long', 'use --pressure-time');
  const traced = models.find(({ arrival }) => arrival.kind === 'trace');
  if (traced !== undefined && (pressure || cycle))
    throw refuse(
      pressure ? '--pressure' : '--cycle',
      `does not go with the timestamps of ${traced.abbr}`,
      'leave one of the two out',
    );
  const seconds = pressure ? (pressureTime ?? DEFAULT_PRESSURE_SECONDS) : duration;
  if (cycle && seconds === undefined && maxCases === undefined && !models.every(endsByItself))
    throw refuse('--cycle', 'would never end', 'give --duration, --max-cases, or rates with --steps');
  return {
    seed: flags.seed ?? DEFAULT_SEED,
    durationMs: seconds === undefined ? undefined : seconds * 1000,
    pressure,
    cycle: cycle || pressure,
    ...(maxCases === undefined ? {} : { cases: maxCases }),
    // A process apart keeps times exact; answers come as well from the one whose tasks can share a model's slots.
    workers:
      flags.workers === undefined || typeof flags.workers === 'object'
        ? isLoadTest(mode)
          ? 'auto'
          : 1
        : flags.workers,
  };
}

function endsByItself({ arrival }: ModelPlan): boolean {
  return arrival.kind === 'paced' && arrival.rates.shape === 'steps';
}

function refuse(flag: string, why: string, cure: string): AisBenchError {
  return new AisBenchError('TMAN-CMD-002', `${flag} ${why}`, { where: flag, cure });
}
