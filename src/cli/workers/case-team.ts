import { AisBenchError } from '../../errors.ts';
import type { QueueOrder } from '../../run/case-crew.ts';
import type { Hand } from './hand.ts';

const TROUBLE = 'the service was in trouble (time-outs, 429 or 5xx)';

/** A task that the team works on. */
interface Running {
  readonly order: QueueOrder;
  readonly active: Set<Hand>;
  hasBegun: boolean;
  isEnding: boolean;
  /** Somebody came, went or ended. */
  changed: () => void;
}

/** Processes that answer one task after the other together; some go, others come. */
export class CaseTeam {
  readonly #warn: (text: string) => void;
  readonly #lost: (hand: Hand) => void;
  readonly #hands = new Set<Hand>();
  #running: Running | undefined;
  #failure: AisBenchError | undefined;

  /** `lost`: a process is gone, or cannot go on; others may be added for it. */
  constructor(warn: (text: string) => void, lost: (hand: Hand) => void) {
    this.#warn = warn;
    this.#lost = lost;
  }

  /** Cases. */
  get inFlight(): number {
    return [...this.#hands].reduce((sum, hand) => sum + hand.inFlight, 0);
  }

  /** Takes part in the task that is running, and in those after it. */
  add(hand: Hand): void {
    this.#hands.add(hand);
    if (this.#running !== undefined) void this.#serve(hand, this.#running);
  }

  /**
   * Lets all take cases until `answered` resolves, or the run is stopped; then until each has ended what it had begun. Throws
   * what `answered` throws, and why nobody could begin.
   */
  async answer(order: QueueOrder, answered: Promise<void>): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      order.stop.onStop = resolve;
      if (order.stop.stopped) resolve();
    });
    const running: Running = {
      order,
      active: new Set(),
      hasBegun: false,
      isEnding: false,
      changed: () => {},
    };
    this.#running = running;
    const nobody = this.#nobodyBegins(running);
    for (const hand of this.#hands) void this.#serve(hand, running);
    const abort = () => this.#tell(running, 'abort');
    order.control.signal.addEventListener('abort', abort);
    try {
      await Promise.race([answered, stopped, nobody]);
    } finally {
      running.isEnding = true;
      this.#running = undefined;
      this.#tell(running, order.stop.stopped ? 'drain' : 'over');
      await this.#until(running, () => running.active.size === 0);
      order.control.signal.removeEventListener('abort', abort);
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#hands].map((hand) => hand.end()));
  }

  async #serve(hand: Hand, running: Running): Promise<void> {
    const { order, active } = running;
    const end = await hand.answer(
      order,
      () => (running.isEnding ? undefined : this.#slotsOf(order)),
      () => {
        active.add(hand);
        running.hasBegun = true;
        if (running.isEnding) hand.tell('over');
        this.#share();
      },
    );
    active.delete(hand);
    if (end !== 'lost' && hand.leastSlots !== undefined)
      this.#warn(`${hand.name} asked at most ${hand.leastSlots} at once for a while: ${TROUBLE}`);
    if (end === 'lost') this.#lose(hand);
    else if (end === 'gave-up') {
      this.#hands.delete(hand);
      if (!running.isEnding)
        this.#warn(`${hand.name} has no answer from the service, and takes no more cases`);
    }
    this.#share();
    running.changed();
    if (this.#hands.size === 0 && this.#running === running && running.hasBegun)
      this.#warn('no agent takes cases: the run waits for one to come (Ctrl-C ends it)');
  }

  #lose(hand: Hand): void {
    this.#hands.delete(hand);
    this.#failure ??= hand.error ?? cannotBegin(hand);
    const isGone = `is gone (${hand.lostTo}): what it had in hand goes to others`;
    this.#warn(`${hand.name} ${hand.isBroken ? `takes no cases: ${hand.lostTo}` : isGone}`);
    this.#lost(hand);
  }

  /** Rejects when all that were there went before one of them began. */
  async #nobodyBegins(running: Running): Promise<never> {
    await this.#until(running, () => this.#hands.size === 0 && !running.hasBegun);
    throw this.#failure;
  }

  async #until(running: Running, condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const before = running.changed;
        running.changed = () => {
          before();
          resolve();
        };
      });
    }
  }

  #share(): void {
    const { order } = this.#running ?? {};
    if (order !== undefined) for (const hand of this.#hands) hand.share(this.#slotsOf(order));
  }

  /** All have the same share; the queue sees to it that no more are in flight over all of them. */
  #slotsOf({ concurrency, isLocal }: QueueOrder): number {
    return isLocal ? concurrency : Math.ceil(concurrency / Math.max(1, this.#hands.size));
  }

  #tell({ active }: Running, type: 'over' | 'drain' | 'abort'): void {
    for (const hand of active) hand.tell(type);
  }
}

function cannotBegin({ name, lostTo }: Hand): AisBenchError {
  return new AisBenchError('RUN-WORKER-001', `${name} could not begin: ${lostTo}`, {
    where: '--agents',
    cure: 'look at what the agent says, and run without --agents to see whether this machine can do it',
  });
}
