import { setMaxListeners } from 'node:events';
import { StopSwitch } from '../load/scheduler.ts';

/** Why a load ended before its last request. */
export type StopReason = 'interrupted' | 'gave-up' | 'over-saturated' | 'enough-seen';

/** How a run is ended early: first let what is in flight finish, then give that up too. */
export class RunControl {
  /** The load that is running now; each load has a switch of its own. */
  #current: StopSwitch | undefined;
  readonly #abort = new AbortController();
  interrupted = false;
  /** Why it is ended early, where it is. */
  reason: StopReason = 'interrupted';

  constructor() {
    // One listener a request in flight.
    setMaxListeners(0, this.#abort.signal);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  newSwitch(): StopSwitch {
    this.#current = new StopSwitch();
    if (this.interrupted) this.#current.stop();
    return this.#current;
  }

  /** Send nothing more; what is in flight finishes and is reported. */
  drain(): void {
    this.interrupted = true;
    this.#current?.stop();
  }

  /** Give up what is in flight too. */
  abort(reason: StopReason = 'interrupted'): void {
    if (!this.interrupted) this.reason = reason;
    this.drain();
    this.#abort.abort();
  }
}
