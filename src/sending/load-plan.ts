import type { LoadConfig } from '../config/plan.ts';
import { makePacer, type PacerOptions, targetRate } from '../load/pacer.ts';
import { closedLoop, type LoadPlan, openLoop, type StopSwitch } from '../load/scheduler.ts';
import type { SlotTurn } from '../load/shared-slots.ts';
import { countRequests, countSlots, type Stripe, stripePacer, wholeLoad } from '../load/stripe.ts';
import { sampleCount, type TaskSamples } from './shape.ts';

/** How one task is loaded, and which part of it this process sends. */
export interface TaskLoad {
  readonly settings: LoadConfig;
  /** Default: all of it. */
  readonly stripe?: Stripe;
  /** Default: at once. Milliseconds on the run's clock. */
  readonly start?: number;
  /** Of a load whose slots are shared with others. Default: slots of its own. */
  readonly turn?: SlotTurn;
  /**
   * Calls `send` with the numbers of cases as it gets them, until the switch is thrown or there are no more; resolves with how
   * many when all have ended. Default: the load's own schedule says what is sent when.
   */
  readonly pull?: (
    send: (n: number, scheduled: number) => Promise<void>,
    stop: StopSwitch,
  ) => Promise<number>;
  /** Hears of time in which the event loop only turned because a due time was near, ms. */
  readonly onIdleTurn?: (milliseconds: number) => void;
}

/** Everything sent once, by this process. */
export const ONE_PASS: TaskLoad = {
  settings: { seed: 0, durationMs: undefined, pressure: false, cycle: false, workers: 1 },
};

/** Cases that a task begins at most; Infinity where only time ends it. */
export function plannedSamples(
  source: TaskSamples,
  { cycle, cases = Number.POSITIVE_INFINITY }: LoadConfig,
): number {
  return Math.min(cases, cycle ? Number.POSITIVE_INFINITY : sampleCount(source));
}

/** The load of this process: its slots and requests, at the times that they have in the whole load. */
export function loadPlan(
  source: TaskSamples,
  { settings, stripe = wholeLoad(source.model.concurrency), start, turn, onIdleTurn }: TaskLoad,
  { clock, stop }: { readonly clock: () => number; readonly stop: StopSwitch },
): LoadPlan {
  const { arrival } = source.model;
  const slots = countSlots(stripe);
  const pacer = stripePacer(makePacer(arrival, pacing(source, settings)), stripe);
  return {
    loop: isOpen(source, settings) ? openLoop(pacer) : closedLoop(slots, pacer),
    concurrency: slots,
    count: countRequests(stripe, plannedSamples(source, settings)),
    durationMs: settings.durationMs ?? Number.POSITIVE_INFINITY,
    clock,
    stop,
    // Batches of a local model are gathered from the requests of one turn.
    ...(source.model.attr === 'local' ? {} : { longestBurstMs: LONGEST_BURST_MS }),
    ...(start === undefined ? {} : { start }),
    ...turn,
    ...(onIdleTurn === undefined ? {} : { onIdleTurn }),
  };
}

const LONGEST_BURST_MS = 0.2;

/** Times that are looked at before a load begins. */
const TIMES_CHECKED = 10_000;

/** Looks at the first times of an arrival of the user's own, so that a wrong one fails before anything is sent. Throws RUN-PARAM-002. */
export function checkArrival(source: TaskSamples, settings: LoadConfig): void {
  if (source.model.arrival.kind !== 'own') return;
  const { count, ...options } = pacing(source, settings);
  const pacer = makePacer(source.model.arrival, { count, ...options });
  for (let n = 0; n < Math.min(count, TIMES_CHECKED) && pacer(n) !== undefined; n++);
}

function isOpen({ model: { arrival } }: TaskSamples, { pressure }: LoadConfig): boolean {
  return arrival.kind !== 'closed' && !pressure;
}

/** Target rate, samples a second; undefined in a closed loop. */
export function askedRateOf(source: TaskSamples, settings: LoadConfig): number | undefined {
  return isOpen(source, settings) ? targetRate(source.model.arrival, pacing(source, settings)) : undefined;
}

/** Under pressure the arrivals are those of the clients, one for each slot. */
function pacing(source: TaskSamples, settings: LoadConfig): PacerOptions {
  const { seed, pressure, durationMs = Number.POSITIVE_INFINITY } = settings;
  const { model, timestamps, arrival } = source;
  if (!isOpen(source, settings)) {
    const count = pressure ? model.concurrency : plannedSamples(source, settings);
    return {
      ...{ count, rampCount: count, seed, durationMs: Number.POSITIVE_INFINITY },
      ...(arrival === undefined ? {} : { own: arrival }),
    };
  }
  return {
    count: plannedSamples(source, settings),
    rampCount: sampleCount(source),
    seed,
    durationMs,
    ...(arrival === undefined ? {} : { own: arrival }),
    ...(timestamps === undefined ? {} : { timestamps: { at: timestamps, perTimestamp: model.repetitions } }),
  };
}
