/** How requests arrive, as data: part of the plan, and kept with the results. Formulas: `docs/load.md`. */
import type { ClassRef } from '../contract/class-ref.ts';

/** Names of `--arrival`; `closed` and `trace` have no rate. */
export const ARRIVALS = [
  'closed',
  'constant',
  'poisson',
  'poisson-exact',
  'gamma',
  'trace',
  'aisbench',
] as const;
type ArrivalName = (typeof ARRIVALS)[number];

/** What the mean rate is, in requests per second, over the run. */
export type RateProfile =
  | { readonly shape: 'fixed'; readonly perSecond: number }
  | Ramp
  /** By time: each rate for so many seconds. The load is over after the last. */
  | { readonly shape: 'steps'; readonly steps: readonly RateStep[] };

/** By request number: the first has rate `from`, the last of the data has rate `to` (AISBench's ramp). */
export interface Ramp {
  readonly shape: 'linear' | 'exponential';
  readonly from: number;
  readonly to: number;
}

/** A rate that holds for a time. */
export interface RateStep {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Requests that leave by a rate. */
export interface PacedArrival {
  readonly kind: 'paced';
  readonly process: Exclude<ArrivalName, 'closed' | 'trace'>;
  /** Shape of the gamma distribution of gaps: below 1 burstier than Poisson, above 1 smoother. Gamma and aisbench only. */
  readonly burstiness?: number;
  readonly rates: RateProfile;
}

/** How requests arrive. */
export type Arrival =
  /** A request leaves when another has ended. */
  | { readonly kind: 'closed' }
  | PacedArrival
  /** Each row at its own timestamp; counted from the first one unless absolute. */
  | { readonly kind: 'trace'; readonly absolute: boolean }
  | OwnArrival;

/** Requests that leave when a function of the user's says. */
export interface OwnArrival {
  readonly kind: 'own';
  readonly function: ClassRef;
  /** `request_rate`, where the config gives one. */
  readonly perSecond?: number;
  /** `traffic_cfg.burstiness`, where the config gives one. */
  readonly burstiness?: number;
}

/** The load that an arrival of the user's own makes the times of. */
export interface ArrivalLoad {
  /** Requests of the load; Infinity where only time ends it. */
  readonly count: number;
  /** The same seed must give the same times: every process that sends calls the function for itself. */
  readonly seed: number;
  /** Milliseconds after which nothing more becomes due; Infinity where only the count ends the load. */
  readonly durationMs: number;
  /** `request_rate`, requests per second, where it is given. */
  readonly perSecond?: number;
  /** `burstiness`, where it is given. */
  readonly burstiness?: number;
}

/**
 * When the requests of a load leave, in milliseconds from its start, never falling: a list, after whose last time the load is over, or a
 * function of the request's number, counted from 0, that returns undefined when the load is over. Must be pure.
 */
export type ArrivalFunction = (load: ArrivalLoad) => ArrayLike<number> | ((n: number) => number | undefined);

/** Below this rate AISBench's code sends without pacing. Its guide says 0.1, where the code only warns. */
const SLOWEST_PACED_RATE = 0.001;

/** Whether requests wait for a rate: where an arrival of ours is named, for every rate that is one. */
export function isPaced(requestRate: number, arrival: string | undefined): boolean {
  const isOurs = arrival !== undefined && arrival !== 'aisbench';
  return isOurs ? requestRate > 0 : requestRate >= SLOWEST_PACED_RATE;
}

/** Rate of request `i` of `count`, both counted as AISBench does (§5.3); the last rate holds for what comes after. */
export function rampRate({ shape, from, to }: Ramp, i: number, count: number): number {
  const share = count <= 1 ? 1 : Math.min(1, i / (count - 1));
  if (shape === 'linear') return from + (to - from) * share;
  return from <= 0 ? to : from * (to / from) ** share;
}
