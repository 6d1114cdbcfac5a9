import { setTimeout as sleep } from 'node:timers/promises';
import type { Instant } from '../sending/run-clock.ts';
import type { ClockReading } from '../store/agents-file.ts';
import { Channel } from './channel.ts';
import { clockOffset, type RoundTrip, shortestTrip } from './clock-offset.ts';
import type { FileReceiver } from './file-receiver.ts';
import { type HostClock, instantThere } from './host-clock.ts';
import {
  type Greeting,
  ordersSubject,
  pingsSubject,
  reportsSubject,
  type ToAgent,
  type ToCoordinator,
} from './protocol.ts';
import type { Wire } from './wire.ts';

/** What the command hears of one worker. */
export interface RemoteHearing {
  report(report: unknown): void;
  /** Called once: nothing more will come of it. */
  gone(why: string): void;
}

export interface RemoteOptions {
  readonly wire: Wire;
  readonly run: string;
  readonly silenceMs: number;
  readonly clock: HostClock;
  /** Of the agent's clock, as it told. */
  readonly shiftMs: number;
  /** What takes its files; undefined before the run has begun. */
  readonly files: () => FileReceiver | undefined;
}

const ROUND_TRIPS = 24;
/** Those without which nothing can be said. */
const LEAST_TRIPS = 4;
const PING_TIMEOUT_MS = 1000;
const PING_PAUSE_MS = 2;

/** An agent as its coordinator sees it. */
export class RemoteAgent {
  readonly greeting: Greeting;
  readonly #options: RemoteOptions;
  readonly #channel: Channel<ToAgent, ToCoordinator>;
  readonly #workers = new Map<number, { readonly hearing: RemoteHearing; turn: Promise<void> }>();
  #reading: ClockReading = { offsetMs: 0, boundMs: Number.POSITIVE_INFINITY };
  #tripMs = 0;
  /** Why it is gone; undefined while it lives. */
  lostTo: string | undefined;

  constructor(greeting: Greeting, options: RemoteOptions) {
    const { wire, run, silenceMs } = options;
    this.greeting = greeting;
    this.#options = options;
    this.#channel = new Channel(wire, {
      to: ordersSubject(run, greeting.id),
      from: reportsSubject(run, greeting.id),
      hear: (message) => this.#hear(message),
      lost: (why) => void this.#lose(why),
      silenceMs,
    });
  }

  /** The shortest way to it and back that was seen, ms. */
  get tripMs(): number {
    return this.#tripMs;
  }

  /** Load workers (counted from 0) that are heard of. */
  get workers(): readonly number[] {
    return [...this.#workers.keys()];
  }

  listen(worker: number, hearing: RemoteHearing): void {
    this.#workers.set(worker, { hearing, turn: Promise.resolve() });
    if (this.lostTo !== undefined) hearing.gone(this.lostTo);
  }

  tell(worker: number, order: unknown): void {
    this.#channel.tell({ worker, order });
  }

  /** An instant of this host on the agent's monotonic clock, by the last measurement. */
  instantThere(instant: Instant): Instant {
    const { clock, shiftMs } = this.#options;
    return instantThere(instant, clock, { shiftMs, offsetMs: this.#reading.offsetMs });
  }

  /** Measures how far its clock is from this one's; undefined where it does not answer. */
  async measureClock(): Promise<ClockReading | undefined> {
    const trips: RoundTrip[] = [];
    // The first ones find the way: caches, a code path that was never taken.
    for (let n = 0; n < ROUND_TRIPS && this.lostTo === undefined; n++) {
      const trip = await this.#ping();
      if (trip !== undefined) trips.push(trip);
      await sleep(PING_PAUSE_MS);
    }
    if (trips.length < LEAST_TRIPS) return undefined;
    this.#reading = clockOffset(trips);
    this.#tripMs = shortestTrip(trips);
    return this.#reading;
  }

  /** Lets it go: it ends its workers and is free. */
  async dismiss(): Promise<void> {
    this.#channel.tell({ over: true });
    await this.#channel.settled();
    this.#channel.close();
  }

  async #ping(): Promise<RoundTrip | undefined> {
    const { wire, run, clock } = this.#options;
    const asked = clock.now();
    try {
      const { at } = (await wire.request(pingsSubject(run, this.greeting.id), {}, PING_TIMEOUT_MS)) as {
        at: number;
      };
      return { asked, there: at, answered: clock.now() };
    } catch {
      return undefined;
    }
  }

  #hear(message: ToCoordinator): void {
    const known = this.#workers.get(message.worker);
    if (known === undefined) return;
    const { hearing } = known;
    if ('gone' in message) this.#inTurn(message.worker, () => hearing.gone(message.gone));
    else if (message.files === undefined) this.#inTurn(message.worker, () => hearing.report(message.report));
    else {
      const { files, report } = message;
      this.#inTurn(message.worker, async () => {
        await this.#options.files()?.have(files);
        hearing.report(report);
      });
    }
  }

  #inTurn(worker: number, tell: () => void | Promise<void>): void {
    const known = this.#workers.get(worker)!;
    known.turn = known.turn.then(tell).catch((error: unknown) => {
      known.hearing.gone(error instanceof Error ? error.message : String(error));
    });
  }

  /** What it had sent of its records is kept. */
  async #lose(why: string): Promise<void> {
    this.lostTo = why;
    await this.#options
      .files()
      ?.caughtUp()
      .catch(() => {});
    for (const { hearing } of this.#workers.values()) hearing.gone(why);
  }
}
