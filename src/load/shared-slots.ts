import type { LoadLoop } from './scheduler.ts';

/** What a load is made of that has its turn; times are on the run's clock. */
export interface SlotTurn {
  readonly loop: LoadLoop;
  readonly start: 0;
}

/**
 * Slots of one closed loop that several loads use. They begin their requests in turn: one when the load before it has begun its
 * last, while those that it has in flight hold their slots. So no slot stays empty as long as any load has a request left, and
 * never are more in flight than there are slots.
 */
export class SharedSlots {
  /** When each slot that is free became free, ms, ascending. */
  readonly #freedAt: number[];
  readonly #clock: () => number;
  /** Of the load that begins requests now. */
  #current: LoadLoop | undefined;
  #isClosed = false;
  #wake: (() => void) | undefined;

  /** `clock`: the run's, ms. */
  constructor(slots: number, clock: () => number) {
    this.#clock = clock;
    this.#freedAt = new Array<number>(slots).fill(clock());
  }

  /** Resolves when a slot is free and it is the caller's turn, in order of calls; `loop.left` passes the turn on. */
  async turn(): Promise<SlotTurn> {
    while (!this.#isClosed && (this.#current !== undefined || this.#freedAt.length === 0))
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    const loop = this.#newLoop();
    this.#current = loop;
    return { loop, start: 0 };
  }

  /** Starts no further request. */
  close(): void {
    this.#isClosed = true;
    this.#tell();
  }

  #newLoop(): LoadLoop {
    const freedAt = this.#freedAt;
    let begun: number | undefined;
    const loop: LoadLoop = {
      due: () => {
        // What a slot waited before there was anybody to take it is no lateness of a request.
        begun ??= this.#clock();
        if (this.#isClosed) return undefined;
        return freedAt.length === 0 ? Number.POSITIVE_INFINITY : Math.max(begun, freedAt[0]!);
      },
      take: () => void freedAt.shift(),
      freed: (at) => {
        freedAt.push(at);
        this.#tell();
      },
      left: () => {
        if (this.#current !== loop) return;
        this.#current = undefined;
        this.#tell();
      },
    };
    return loop;
  }

  #tell(): void {
    this.#current?.onFreed?.();
    this.#wake?.();
  }
}
