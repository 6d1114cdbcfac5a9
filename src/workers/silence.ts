/** In the limit each end looks, and sends a heartbeat, so often. */
export const BEATS_PER_LIMIT = 5;

export interface SilenceOptions {
  /** Returns the ms of silence that are allowed now, and since when silence counts (ms on `now`; default: the last sign of life). */
  readonly limit: () => { readonly ms: number; readonly since?: number };
  /** ms between two looks. */
  readonly everyMs: number;
  /** Called at every look, before the silence is measured. */
  readonly onLook?: () => void;
  /** Called once, with the ms of silence; the watch has ended then. */
  readonly onSilence: (silentMs: number) => void;
  /** Clock, ms (default: `performance.now`). */
  readonly now?: () => number;
}

/** Watches the other end of a channel: reports it once when it has been silent for longer than the limit. */
export class SilenceWatch {
  readonly #options: SilenceOptions;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #lastSign: number;
  #lastLook: number;

  constructor(options: SilenceOptions) {
    const { now = () => performance.now() } = options;
    this.#options = options;
    this.#now = now;
    this.#lastSign = now();
    this.#lastLook = this.#lastSign;
    this.#timer = setInterval(() => this.#look(), options.everyMs);
  }

  /** Notes a sign of life. */
  heard(): void {
    this.#lastSign = this.#now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { limit, everyMs, onLook, onSilence } = this.#options;
    onLook?.();
    const now = this.#now();
    // Time in which this process itself did not run says nothing about the other end.
    this.#lastSign += Math.max(0, now - this.#lastLook - 2 * everyMs);
    this.#lastLook = now;
    const { ms, since = this.#lastSign } = limit();
    const silentMs = now - Math.max(this.#lastSign, since);
    if (silentMs <= ms) return;
    this.stop();
    onSilence(silentMs);
  }
}

/** Says why a worker is lost that sends no sign of life. */
export function silentFor(milliseconds: number): string {
  return `silent for ${Math.round(milliseconds / 1000)} s`;
}
