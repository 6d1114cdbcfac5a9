/** The clockwork of the simulated engine under load in virtual time: hours of a service in seconds of this machine. */

import { seededRandom } from '../../src/basics/random.ts';
import { SimBatcher, type SimClock, type StepTimes } from '../../src/engine/sim-engine.ts';
import type { Pacer } from '../../src/load/pacer.ts';

interface Event {
  readonly time: number;
  readonly callback: () => void;
}

/** A clock that jumps to whatever is due next. */
class VirtualClock implements SimClock {
  #now = 0;
  readonly #due = new Set<Event>();

  now(): number {
    return this.#now;
  }

  at(time: number, callback: () => void): () => void {
    const event = { time, callback };
    this.#due.add(event);
    return () => this.#due.delete(event);
  }

  run(isOver: () => boolean): void {
    while (this.#due.size > 0 && !isOver()) {
      let next: Event | undefined;
      for (const event of this.#due) if (next === undefined || event.time < next.time) next = event;
      this.#due.delete(next!);
      this.#now = Math.max(this.#now, next!.time);
      next!.callback();
    }
  }
}

/** A service with a population of requests: their lengths are drawn anew for each. */
export interface VirtualService {
  readonly times: StepTimes;
  readonly promptTokens: (random: () => number) => number;
  readonly replyTokens: (random: () => number) => number;
}

/** One request; times in ms. */
export interface VirtualRequest {
  readonly due: number;
  readonly tokens: number;
  /** Absent while it is under way, and where it was given up. */
  first?: number;
  done?: number;
}

interface VirtualLoad {
  readonly seed: number;
  /** When each request leaves; the load is over where it says so. */
  readonly pacer: Pacer;
  /** Asked whenever a request gets its first token: true gives up everything. */
  readonly isEnough?: (request: VirtualRequest, seen: readonly VirtualRequest[], now: number) => boolean;
}

/** Arrivals, lengths and steps must not be drawn from one sequence. */
const LENGTHS = 0x2545f491;
const STEPS = 0x4f6cdd1d;

/** Puts a load to a service that is idle at first; its requests in the order of arrival. */
export function virtualRun(
  service: VirtualService,
  { seed, pacer, isEnough }: VirtualLoad,
): VirtualRequest[] {
  const clock = new VirtualClock();
  const batcher = new SimBatcher(service.times, seed ^ STEPS, clock);
  const random = seededRandom(seed ^ LENGTHS);
  const seen: VirtualRequest[] = [];
  let over = false;
  const arrive = (due: number): void => {
    const request: VirtualRequest = { due, tokens: service.replyTokens(random) };
    seen.push(request);
    let left = request.tokens;
    batcher.add({
      promptTokens: service.promptTokens(random),
      emit() {
        if (request.first === undefined) {
          request.first = clock.now();
          over ||= isEnough?.(request, seen, clock.now()) ?? false;
        }
        left -= 1;
        if (left === 0) request.done = clock.now();
        return left === 0;
      },
      fail(error) {
        throw error;
      },
    });
    next();
  };
  const next = (): void => {
    const due = pacer(seen.length);
    if (due !== undefined) clock.at(due, () => arrive(due));
  };
  next();
  clock.run(() => over);
  return seen;
}
