import { setMaxListeners } from 'node:events';
import { StopSwitch } from '../load/scheduler.ts';

/** Why a load ended before its last request. */
export type StopReason = 'interrupted' | 'gave-up' | 'over-saturated' | 'enough-seen';

/** How a run is ended early: first let what is in flight finish, then give that up too. */
export class RunControl {
  /** Of the loads that are running now; each has a switch of its own. */
  readonly #switches = new Set<StopSwitch>();
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

  /** For a load that begins. */
  newSwitch(): StopSwitch {
    const own = new StopSwitch();
    this.#switches.add(own);
    if (this.interrupted) own.stop();
    return own;
  }

  /** The load of that switch has ended. */
  release(own: StopSwitch): void {
    this.#switches.delete(own);
  }

  /** Send nothing more; what is in flight finishes and is reported. */
  drain(): void {
    this.interrupted = true;
    for (const one of this.#switches) one.stop();
  }

  /** Give up what is in flight too. */
  abort(reason: StopReason = 'interrupted'): void {
    if (!this.interrupted) this.reason = reason;
    this.drain();
    this.#abort.abort();
  }
}
