/** Tells when something that should give signs of life has given none for a time. */
export class Pulse {
  #silenceMs: number;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #heard = false;
  #stopped = false;

  constructor(silenceMs: number, onSilence: () => void) {
    this.#silenceMs = silenceMs;
    this.#onSilence = onSilence;
    this.beat();
  }

  beat(): void {
    if (this.#stopped) return;
    this.#heard = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#late(), this.#silenceMs).unref();
  }

  get silenceMs(): number {
    return this.#silenceMs;
  }

  /** A sign of life, after which no longer silence is taken than this. */
  expectWithin(silenceMs: number): void {
    this.#silenceMs = silenceMs;
    this.beat();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Where this process itself was busy all the time, signs of life lie unread: they are read before anything is said. */
  #late(): void {
    this.#heard = false;
    setImmediate(() => {
      if (!this.#heard && !this.#stopped) this.#onSilence();
    });
  }
}
