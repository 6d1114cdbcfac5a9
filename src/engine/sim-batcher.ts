/**
 * The clockwork of the simulated engine: continuous batching, as servers of large models do it. Time passes in steps.
 * In a step every running sequence gets one token and waiting prompts are read (prefill), within a budget of tokens; the
 * step lasts longer the more it has to do. A sequence that finds the batch full waits, first come, first served.
 */
import { seededRandom } from '../basics/random.ts';

export interface StepTimes {
  /** Milliseconds of an empty step. */
  readonly baseStepMs: number;
  /** Milliseconds that each running sequence adds. */
  readonly perSequenceMs: number;
  /** Milliseconds that each prompt token read in the step adds. */
  readonly perPrefillTokenMs: number;
  /** Each step is up to this share longer or shorter. */
  readonly jitter: number;
  /** Sequences that run at the same time. */
  readonly maxBatch: number;
  /** Prompt tokens that one step reads at most; longer prompts take several steps. */
  readonly prefillBudget: number;
}

export interface SimClock {
  /** Milliseconds. */
  now(): number;
  /** Calls back once, at `time` or soon after; returns how to call it off. */
  at(time: number, callback: () => void): () => void;
}

export interface Sequence {
  readonly promptTokens: number;
  /** Emits one token; true when it was the last. An exception ends this sequence alone. */
  emit(): boolean;
  fail(error: unknown): void;
}

interface RunningSequence {
  readonly sequence: Sequence;
  prefillLeft: number;
}

/** Behind by more than this, the schedule restarts instead of catching up in a burst. */
const MAX_LAG_MS = 100;

export const systemClock: SimClock = {
  now: () => performance.now(),
  at(time, callback) {
    const delay = time - performance.now();
    if (delay < 0.5) {
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};

export class SimBatcher {
  readonly #times: StepTimes;
  readonly #clock: SimClock;
  readonly #random: () => number;
  readonly #waiting = new Set<Sequence>();
  #running: RunningSequence[] = [];
  #callOff: (() => void) | undefined;

  constructor(times: StepTimes, seed: number, clock: SimClock = systemClock) {
    this.#times = times;
    this.#clock = clock;
    this.#random = seededRandom(seed);
  }

  get running(): number {
    return this.#running.length;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  add(sequence: Sequence): void {
    this.#waiting.add(sequence);
    if (this.#callOff === undefined) this.#startStep(this.#clock.now());
  }

  /** Takes a sequence out, wherever it is; its place is free for the next step. */
  remove(sequence: Sequence): void {
    this.#waiting.delete(sequence);
    this.#running = this.#running.filter((running) => running.sequence !== sequence);
  }

  close(): void {
    this.#callOff?.();
    this.#callOff = undefined;
    this.#waiting.clear();
    this.#running = [];
  }

  // The next step starts where this one should have ended, not where the timer fired: lateness does not add up.
  #startStep(start: number): void {
    this.#admit();
    if (this.#running.length === 0) {
      this.#callOff = undefined;
      return;
    }
    const batch = this.#running;
    const end = start + this.#stepLength(batch.length, this.#prefill(batch));
    this.#callOff = this.#clock.at(end, () => this.#endStep(batch, end));
  }

  #endStep(batch: readonly RunningSequence[], end: number): void {
    for (const running of batch) {
      if (running.prefillLeft === 0 && this.#running.includes(running)) this.#emit(running.sequence);
    }
    const now = this.#clock.now();
    this.#startStep(now - end > MAX_LAG_MS ? now : end);
  }

  #emit(sequence: Sequence): void {
    try {
      if (sequence.emit()) this.remove(sequence);
    } catch (error) {
      this.remove(sequence);
      sequence.fail(error);
    }
  }

  #admit(): void {
    for (const sequence of this.#waiting) {
      if (this.#running.length >= this.#times.maxBatch) return;
      this.#waiting.delete(sequence);
      this.#running = [...this.#running, { sequence, prefillLeft: Math.max(1, sequence.promptTokens) }];
    }
  }

  /** Shares the budget out in order of arrival; returns the prompt tokens that this step reads. */
  #prefill(batch: readonly RunningSequence[]): number {
    let budget = this.#times.prefillBudget;
    for (const running of batch) {
      const part = Math.min(budget, running.prefillLeft);
      running.prefillLeft -= part;
      budget -= part;
    }
    return this.#times.prefillBudget - budget;
  }

  #stepLength(batch: number, prefillTokens: number): number {
    const { baseStepMs, perSequenceMs, perPrefillTokenMs, jitter } = this.#times;
    const length = baseStepMs + perSequenceMs * batch + perPrefillTokenMs * prefillTokens;
    return length * (1 + jitter * (2 * this.#random() - 1));
  }
}
