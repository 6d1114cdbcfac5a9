/**
 * When may request `n` (counted from 0) leave, in milliseconds from the start of the load? Pure arithmetic;
 * `undefined`: the load is over.
 */
export type Pacer = (n: number) => number | undefined;

/** Below this rate AISBench sends without pacing, as the guide says of `request_rate`. */
const SLOWEST_PACED_RATE = 0.1;

/** As soon as a slot is free. */
export function closedLoop(count: number): Pacer {
  return (n) => (n < count ? 0 : undefined);
}

/** One request every 1/rate seconds, on an absolute schedule that lateness does not move. */
export function constantRate(count: number, ratePerSecond: number): Pacer {
  return (n) => (n < count ? (n * 1000) / ratePerSecond : undefined);
}

/** The pacer of AISBench's `request_rate` (requests per second). */
export function pacerFor(count: number, requestRate: number): Pacer {
  return isPaced(requestRate) ? constantRate(count, requestRate) : closedLoop(count);
}

export function isPaced(requestRate: number): boolean {
  return requestRate >= SLOWEST_PACED_RATE;
}
