import { plural } from '../basics/plural.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { QueueOrder } from '../sending/case-crew.ts';
import type { Hand } from './hand.ts';

const TROUBLE = 'the service was in trouble (time-outs, 429 or 5xx)';

interface TeamOptions {
  readonly warn: (text: string) => void;
  /** A process is gone, or cannot go on; others may be added for it. */
  readonly lost: (hand: Hand) => void;
  /** How long a task that nobody takes cases of waits for somebody, ms. */
  readonly patienceMs: number;
}

/** A task that the team works on. */
interface Running {
  readonly order: QueueOrder;
  readonly active: Set<Hand>;
  hasBegun: boolean;
  isEnding: boolean;
  /** Why the first that could not begin it could not. */
  failure: AisBenchError | undefined;
  /** Somebody came, went or ended. */
  changed: () => void;
}

/** Processes that answer one task after the other together; some go, others come. */
export class CaseTeam {
  readonly #options: TeamOptions;
  readonly #hands = new Set<Hand>();
  #running: Running | undefined;

  constructor(options: TeamOptions) {
    this.#options = options;
  }

  /** Cases. */
  get inFlight(): number {
    return [...this.#hands].reduce((sum, hand) => sum + hand.inFlight, 0);
  }

  /** Takes part in the task that is running, and in those after it. */
  add(hand: Hand): void {
    this.#hands.add(hand);
    const running = this.#running;
    if (running === undefined) return;
    void this.#serve(hand, running);
    running.changed();
  }

  /**
   * Lets all take cases until `answered` resolves, or the run is stopped; then until each has ended what it had begun. Throws
   * what `answered` throws, why nobody could begin, and AGENT-GROUP-002 where nobody takes cases and nobody comes in time.
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
      failure: undefined,
      changed: () => {},
    };
    this.#running = running;
    const nobody = this.#nobodyLeft(running);
    for (const hand of this.#hands) void this.#serve(hand, running);
    const abort = () => this.#tell(running, 'abort');
    order.control.signal.addEventListener('abort', abort);
    try {
      await Promise.race([answered, stopped, nobody]);
    } finally {
      running.isEnding = true;
      this.#running = undefined;
      running.changed();
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
    const { warn } = this.#options;
    if (end !== 'lost' && hand.leastSlots !== undefined)
      warn(`${hand.name} asked at most ${hand.leastSlots} at once for a while: ${TROUBLE}`);
    if (end === 'lost') this.#lose(hand, running);
    else if (end === 'gave-up') {
      this.#hands.delete(hand);
      if (!running.isEnding) warn(`${hand.name} has no answer from the service, and takes no more cases`);
    }
    this.#share();
    running.changed();
  }

  #lose(hand: Hand, running: Running): void {
    const { warn, lost } = this.#options;
    this.#hands.delete(hand);
    running.failure ??= hand.error ?? cannotBegin(hand);
    const isGone = `is gone (${hand.lostTo}): what it had in hand goes to others`;
    warn(`${hand.name} ${hand.isBroken ? `takes no cases: ${hand.lostTo}` : isGone}`);
    lost(hand);
  }

  /** Rejects when nobody takes cases: at once where all that were there could not begin, else when nobody came in time. */
  async #nobodyLeft(running: Running): Promise<void> {
    const { warn, patienceMs } = this.#options;
    const isDeserted = () => this.#hands.size === 0;
    while (!running.isEnding) {
      await this.#until(running, () => isDeserted() || running.isEnding);
      if (running.isEnding) return;
      if (!running.hasBegun && running.failure !== undefined) throw running.failure;
      const seconds = patienceMs / 1000;
      warn(`no agent takes cases: the run waits ${seconds} s for one to come (--agent-wait; Ctrl-C ends it)`);
      const isOver = () => !isDeserted() || running.isEnding;
      await this.#until(running, isOver, patienceMs);
      if (!isOver()) throw nobodyCame(running.order, seconds);
    }
  }

  /** Resolves when the condition holds; with `patienceMs` also when it did not for so long. */
  async #until(running: Running, condition: () => boolean, patienceMs?: number): Promise<void> {
    let isTired = false;
    const timer =
      patienceMs === undefined
        ? undefined
        : setTimeout(() => {
            isTired = true;
            running.changed();
          }, patienceMs);
    while (!condition() && !isTired) {
      await new Promise<void>((resolve) => {
        const before = running.changed;
        running.changed = () => {
          before();
          resolve();
        };
      });
    }
    clearTimeout(timer);
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

function nobodyCame({ cases, left }: QueueOrder, seconds: number): AisBenchError {
  const rest = `${left.size} of ${plural(cases.length, 'case')} ${left.size === 1 ? 'has' : 'have'} no answer`;
  return new AisBenchError('AGENT-GROUP-002', `no agent has taken cases for ${seconds} s: ${rest}`, {
    where: '--agent-wait',
    cure: 'start agents and go on with --reuse, which keeps every answer; a larger --agent-wait waits longer for one',
  });
}

function cannotBegin({ name, lostTo }: Hand): AisBenchError {
  return new AisBenchError('RUN-WORKER-001', `${name} could not begin: ${lostTo}`, {
    where: '--agents',
    cure: 'look at what the agent says, and run without --agents to see whether this machine can do it',
  });
}
