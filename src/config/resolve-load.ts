import { defined } from '../basics/defined.ts';
import type { ClassRef } from '../contract/class-ref.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import {
  ARRIVALS,
  type Arrival,
  isPaced,
  type PacedArrival,
  type RateProfile,
  type RateStep,
} from '../load/arrival.ts';
import type { CompleteConfig } from './flags.ts';
import { isLoadTest } from './modes.ts';
import type { LoadConfig, ModelPlan } from './plan.ts';
import type { ServiceModelConfig, TrafficConfig } from './schema.ts';
import { type RawEntry, wrongValue } from './validate.ts';

const DEFAULT_SEED = 0;
/** AISBench's `--pressure-time`, seconds. */
const DEFAULT_PRESSURE_SECONDS = 15;

/** The flags about the load of every task. Throws TMAN-CMD-002 where they contradict each other or the mode. */
export function resolveLoad(flags: CompleteConfig, models: readonly ModelPlan[]): LoadConfig {
  const { mode, pressure = false, pressureTime, duration, cycle = false, maxCases } = flags;
  const accuracy = 'scored samples are sent once each; use --mode perf';
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
    ...defined({ cases: maxCases }),
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

type RateConfig = Pick<ServiceModelConfig, 'request_rate' | 'use_timestamp' | 'traffic_cfg'>;

/**
 * How a model's requests arrive. Without `traffic_cfg.arrival` AISBench's fields mean what its guide says of them. Throws
 * UTILS-CFG-002 with key and place where they contradict each other. `own`: the function that `traffic_cfg.arrival` names.
 */
export function resolveArrival(config: RateConfig, entry: RawEntry, own?: ClassRef): Arrival {
  const traffic: Partial<TrafficConfig> = config.traffic_cfg ?? {};
  if (own !== undefined) return ownArrival(own, config, entry);
  const name = knownArrival(traffic.arrival) ?? (config.use_timestamp ? 'trace' : undefined);
  if (name === 'closed') return { kind: 'closed' };
  if (name === 'trace' || (name === 'aisbench' && config.use_timestamp))
    return { kind: 'trace', absolute: name === 'aisbench' || traffic.absolute_timestamps === true };
  const rates = ratesOf(config, traffic, entry);
  if (rates === undefined) {
    if (name === undefined || name === 'aisbench') return { kind: 'closed' };
    throw wrongValue(
      entry,
      ['traffic_cfg', 'arrival'],
      `${name} needs a rate`,
      'give --request-rate, --ramp or --steps',
    );
  }
  const arrival = pacedArrival(name ?? processOf(traffic), rates, traffic);
  refuseContradictions(arrival, entry);
  return arrival;
}

function knownArrival(name: string | undefined): (typeof ARRIVALS)[number] | undefined {
  return ARRIVALS.find((one) => one === name);
}

/** A function of the user's makes the times: rate and burstiness are given to it, and what else shapes a rate is refused. */
function ownArrival(own: ClassRef, config: RateConfig, entry: RawEntry): Arrival {
  const { steps, ramp_up_strategy, burstiness } = config.traffic_cfg ?? {};
  for (const [key, value] of Object.entries({ steps, ramp_up_strategy }))
    if (value)
      throw wrongValue(
        entry,
        ['traffic_cfg', key],
        `the arrival "${own.name}" makes the times`,
        'leave it out',
      );
  const perSecond = config.request_rate > 0 ? config.request_rate : undefined;
  const shape = typeof burstiness === 'number' ? burstiness : undefined;
  return { kind: 'own', function: own, ...defined({ perSecond, burstiness: shape }) };
}

/** What AISBench's guide says of burstiness: 0 is an even schedule, 1 is Poisson. */
function processOf({ burstiness }: Partial<TrafficConfig>): PacedArrival['process'] {
  if (!burstiness) return 'constant';
  return burstiness === 1 ? 'poisson' : 'gamma';
}

function pacedArrival(
  process: PacedArrival['process'],
  rates: RateProfile,
  { burstiness }: Partial<TrafficConfig>,
): PacedArrival {
  const shaped = process === 'gamma' || process === 'aisbench';
  return {
    kind: 'paced',
    process,
    ...(shaped && typeof burstiness === 'number' ? { burstiness } : {}),
    rates,
  };
}

function refuseContradictions({ process, rates, burstiness }: PacedArrival, entry: RawEntry): void {
  const refuse = (key: string, why: string, cure: string) =>
    wrongValue(entry, ['traffic_cfg', key], why, cure);
  if (process === 'gamma' && !burstiness)
    throw refuse('arrival', 'gamma needs a burstiness above 0', 'give --burstiness, e.g. 0.5');
  if (process === 'poisson-exact' && rates.shape !== 'fixed')
    throw refuse('arrival', 'poisson-exact has one rate, and no ramp or steps', 'use --arrival poisson');
  if (process === 'aisbench' && rates.shape === 'steps')
    throw refuse('steps', 'AISBench has no steps', 'use --arrival constant or poisson');
}

/** Undefined: nothing is paced. */
function ratesOf(
  config: RateConfig,
  traffic: Partial<TrafficConfig>,
  entry: RawEntry,
): RateProfile | undefined {
  if (traffic.steps !== undefined) return { shape: 'steps', steps: stepsOf(traffic.steps, entry) };
  const { request_rate: perSecond } = config;
  const paced = isPaced(perSecond, traffic.arrival);
  // AISBench's code looks at a ramp only where there is a rate, too.
  const ramp = traffic.arrival !== 'aisbench' || paced ? rampOf(traffic, entry) : undefined;
  return ramp ?? (paced ? { shape: 'fixed', perSecond } : undefined);
}

function rampOf(traffic: Partial<TrafficConfig>, entry: RawEntry): RateProfile | undefined {
  const { ramp_up_strategy: shape } = traffic;
  if (shape === undefined || shape === null || shape === '') return undefined;
  const bound = (key: 'ramp_up_start_rps' | 'ramp_up_end_rps'): number => {
    const value = traffic[key];
    if (typeof value === 'number') return value;
    throw wrongValue(entry, ['traffic_cfg', key], 'a ramp needs both of its rates', `write ${key}`);
  };
  const [from, to] = [bound('ramp_up_start_rps'), bound('ramp_up_end_rps')];
  if (to === 0)
    throw wrongValue(
      entry,
      ['traffic_cfg', 'ramp_up_end_rps'],
      'a ramp to 0 never ends',
      'write a rate above 0',
    );
  // The guide: a ramp whose end is below its start is none.
  return to < from ? undefined : { shape, from, to };
}

function stepsOf(text: string, entry: RawEntry): RateStep[] {
  try {
    return parseSteps(text);
  } catch (cause) {
    throw wrongValue(entry, ['traffic_cfg', 'steps'], messageOf(cause), 'write them as 10@30s,20@30s');
  }
}

const SECONDS_IN: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, '': 1 };

/** `10@30s,20@2m`: requests per second for so long, one after the other; a rate of 0 is a pause. */
export function parseSteps(text: string): RateStep[] {
  const steps = text.split(',').map((step) => {
    const [, rate, time, unit = ''] =
      /^\s*(\d+(?:\.\d+)?)\s*@\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(step) ?? [];
    const seconds = Number(time) * SECONDS_IN[unit]!;
    if (rate === undefined || !(seconds > 0)) throw new Error(`"${step.trim()}" is no step`);
    return { perSecond: Number(rate), seconds };
  });
  if (steps.every(({ perSecond }) => perSecond === 0)) throw new Error('every step has rate 0');
  return steps;
}

/** Below this rate, requests per second, AISBench's guide says that all are sent at once. */
const GUIDE_SLOWEST_RATE = 0.1;

/** Finds what AISBench's fields seem to say about the load and do not. */
export function arrivalFindings(values: Readonly<Record<string, unknown>>): Finding[] {
  const findings: Finding[] = [];
  const traffic = values['traffic_cfg'] as Partial<TrafficConfig> | undefined;
  const rate = Number(values['request_rate'] ?? 0);
  const paced = Boolean(traffic?.steps ?? traffic?.ramp_up_strategy);
  if (rate > 0 && traffic?.arrival === undefined && !isPaced(rate, undefined) && !paced)
    findings.push(finding('RATE-NOT-PACED', { rate: String(rate) }));
  if (rate < GUIDE_SLOWEST_RATE && isPaced(rate, undefined) && traffic?.arrival === undefined && !paced)
    findings.push(finding('RATE-SLOW', { rate: String(rate), seconds: Number((1 / rate).toPrecision(3)) }));
  const { ramp_up_start_rps: from, ramp_up_end_rps: to } = traffic ?? {};
  if (traffic?.ramp_up_strategy && typeof from === 'number' && typeof to === 'number' && to < from)
    findings.push(finding('RAMP-FALLS', { from: String(from), to: String(to) }));
  const { burstiness, arrival } = traffic ?? {};
  const isShaped = arrival === undefined || arrival === 'gamma' || arrival === 'aisbench';
  // 1 is what AISBench's code assumes where a config says nothing.
  if (Number(burstiness) > 0 && burstiness !== 1 && !(isShaped && (paced || isPaced(rate, arrival))))
    findings.push(
      isShaped
        ? finding('BURSTINESS-WITHOUT-RATE', { burstiness: String(burstiness) })
        : finding('BURSTINESS-UNUSED', { burstiness: String(burstiness), arrival }),
    );
  return findings;
}
