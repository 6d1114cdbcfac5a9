import type { AisBenchError } from '../contract/errors.ts';
import type { QueueOrder } from '../sending/case-crew.ts';
import { type Briefing, fromElsewhere } from './crew.ts';
import type { WorkerLine } from './line.ts';
import { Member } from './member.ts';
import { NOTHING_DONE, type Report } from './messages.ts';
import type { RemoteAgent } from './remote-agent.ts';

/** How one task ended for a process. */
export type HandEnd = 'done' | 'gave-up' | 'lost';

/** A process of an agent that takes cases, as the command sees it. */
export class Hand {
  readonly agent: RemoteAgent;
  readonly #member: Member;
  readonly #ready: Promise<Report | undefined>;
  /** It answers one task after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #isOpen = false;
  #slots = 0;
  /** The fewest cases at once that a service in trouble was asked in the last task; undefined: it was in none. */
  leastSlots: number | undefined;
  /** It said why it cannot go on, in words. */
  isBroken = false;
  /** The same as an error, where it foresaw that. */
  error: AisBenchError | undefined;

  constructor(agent: RemoteAgent, line: WorkerLine, plan: Briefing & { readonly worker: number }) {
    this.agent = agent;
    this.#member = new Member(line);
    this.#member.tell({ type: 'plan', ...plan });
    this.#ready = this.#member.next();
  }

  get name(): string {
    return this.#member.name;
  }

  get lostTo(): string {
    return this.#member.lostTo ?? 'it did not say why';
  }

  /** Of the task that it works on. */
  get inFlight(): number {
    return this.#isOpen && this.#member.lostTo === undefined ? this.#member.counters.inFlight : 0;
  }

  /**
   * Opens the task and takes cases until it is told to end, or ends by itself. `slots`: undefined when the task is over already;
   * `opened`: it begins.
   */
  answer(order: QueueOrder, slots: () => number | undefined, opened: () => void): Promise<HandEnd> {
    const end = this.#turn.then(() => this.#answer(order, slots, opened));
    this.#turn = end;
    return end;
  }

  /** Changes how many cases it has in flight at most. */
  share(slots: number): void {
    if (!this.#isOpen || slots === this.#slots) return;
    this.#slots = slots;
    this.#member.tell({ type: 'slots', slots });
  }

  tell(type: 'over' | 'drain' | 'abort'): void {
    if (this.#isOpen) this.#member.tell({ type });
  }

  end(): Promise<void> {
    return this.#member.end();
  }

  async #answer(
    { task, origin, modelName }: QueueOrder,
    slots: () => number | undefined,
    opened: () => void,
  ): Promise<HandEnd> {
    if (!this.#heard(await this.#ready, 'ready')) return 'lost';
    await this.agent.measureClock();
    const own = slots();
    if (own === undefined) return 'done';
    this.#slots = own;
    this.#member.counters = NOTHING_DONE;
    const named = modelName === undefined ? {} : { modelName };
    const pull = { slots: own, agent: this.agent.greeting.name };
    this.#member.tell({ type: 'open', task, place: 0, workers: 1, origin, pull, ...named });
    if (!this.#heard(await this.#member.next(), 'opened')) return 'lost';
    this.#isOpen = true;
    opened();
    const report = await this.#member.next();
    this.#isOpen = false;
    if (!this.#heard(report, 'sent')) return 'lost';
    this.leastSlots = report.outcome.leastSlots;
    return report.outcome.stopped === 'gave-up' ? 'gave-up' : 'done';
  }

  #heard<T extends Report['type']>(
    report: Report | undefined,
    type: T,
  ): report is Extract<Report, { type: T }> {
    if (report?.type === 'broken') {
      this.isBroken = true;
      if (report.error !== undefined) this.error = fromElsewhere(this.#member, report.error);
    }
    return report?.type === type;
  }
}
