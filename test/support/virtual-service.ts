/** The clockwork of the simulated engine under load in virtual time: hours of a service in seconds of this machine. */
import { seededRandom } from '../../src/engine/random.ts';
import { Batcher, type Clock, type StepTimes } from '../../src/engine/sim-batcher.ts';

interface Event {
  readonly time: number;
  readonly callback: () => void;
}

/** A clock that jumps to whatever is due next. */
export class VirtualClock implements Clock {
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

  /** Goes on until nothing is due, or until `isOver`. */
  run(isOver: () => boolean = () => false): void {
    while (this.#due.size > 0 && !isOver()) {
      let next: Event | undefined;
      for (const event of this.#due) if (next === undefined || event.time < next.time) next = event;
      this.#due.delete(next!);
      this.#now = Math.max(this.#now, next!.time);
      next!.callback();
    }
  }
}

/** A service with a population of requests: lengths are drawn anew for each. */
export interface VirtualService {
  readonly times: StepTimes;
  readonly promptTokens: (random: () => number) => number;
  readonly replyTokens: (random: () => number) => number;
}

/** One request, ms; `first` and `done` are absent while it is under way. */
export interface VirtualRequest {
  readonly due: number;
  readonly tokens: number;
  first?: number;
  done?: number;
}

interface VirtualLoad {
  readonly seed: number;
  readonly requests: number;
  /** Requests a second, Poisson. */
  readonly ratePerSecond: number;
  /** Asked at each arrival and each end: true ends the load, what is in flight is given up. */
  readonly stop?: (seen: readonly VirtualRequest[], now: number) => boolean;
}

/** Puts a load to a service that is idle at first; returns its requests in the order of arrival. */
export function virtualRun(service: VirtualService, load: VirtualLoad): VirtualRequest[] {
  const clock = new VirtualClock();
  const batcher = new Batcher(service.times, load.seed, clock);
  const random = seededRandom(load.seed * 2 + 1);
  const seen: VirtualRequest[] = [];
  let stopped = false;
  let due = 0;
  const gaps=Array.from({length:load.requests},()=>-Math.log(1-random()));
  if ((load as any).exact) { const t=gaps.reduce((a,b)=>a+b,0); gaps.forEach((g,i)=>{gaps[i]=g*load.requests/t;}); }
  const arrive = (): void => {
    const request: VirtualRequest = { due, tokens: service.replyTokens(random) };
    seen.push(request);
    let left = request.tokens;
    batcher.add({
      promptTokens: service.promptTokens(random),
      emit() {
        request.first ??= clock.now();
        left -= 1;
        if (left > 0) return false;
        request.done = clock.now();
        return true;
      },
      fail(error) {
        throw error;
      },
    });
    if (load.stop?.(seen, clock.now())) stopped = true;
    next();
  };
  const next = (): void => {
    if (seen.length >= load.requests || stopped) return;
    due += (gaps[seen.length]! * 1000) / load.ratePerSecond;
    clock.at(due, arrive);
  };
  next();
  clock.run(() => stopped);
  return seen;
}
