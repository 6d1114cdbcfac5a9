import type { Pacer } from './pacer.ts';

/**
 * The share of one load worker, by arithmetic: of `concurrency` slots it has numbers w, w + W, w + 2W, …, and of the requests
 * those whose number modulo the concurrency is one of its slots. So shares are as even as slots are, the union of all
 * workers' requests is the load, and a request's time depends on its number alone.
 */
export interface Stripe {
  /** Which worker, counted from 0. */
  readonly worker: number;
  readonly workers: number;
  /** Largest number in flight over all workers; at least `workers`. */
  readonly concurrency: number;
}

/** The whole load, where it is not divided. */
export function wholeLoad(concurrency: number): Stripe {
  return { worker: 0, workers: 1, concurrency };
}

/** Slots that the worker has. */
export function countSlots({ worker, workers, concurrency }: Stripe): number {
  return Math.ceil((concurrency - worker) / workers);
}

/** Number in the whole load of the worker's request `k`, counted from 0; of its slot `k` too. */
export function globalNumber(stripe: Stripe, k: number): number {
  const { worker, workers, concurrency } = stripe;
  const slots = countSlots(stripe);
  return Math.floor(k / slots) * concurrency + (k % slots) * workers + worker;
}

/** How many of the first `count` requests of the load are the worker's. */
export function countRequests(stripe: Stripe, count: number): number {
  if (!Number.isFinite(count)) return count;
  const { worker, workers, concurrency } = stripe;
  const rest = count % concurrency;
  const inRest = Math.max(0, Math.ceil((rest - worker) / workers));
  return Math.floor(count / concurrency) * countSlots(stripe) + inRest;
}

/** The pacer of the worker's own requests (or slots). */
export function stripePacer(pacer: Pacer, stripe: Stripe): Pacer {
  return stripe.workers === 1 ? pacer : (k) => pacer(globalNumber(stripe, k));
}
