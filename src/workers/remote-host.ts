/** Remote workers as the coordinator sees them: found in their group, taken for a run, and led. */
import { setTimeout as sleep } from 'node:timers/promises';
import { plural } from '../basics/plural.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { Instant } from '../sending/run-clock.ts';
import type { ClockReading } from '../store/workers-file.ts';
import type { Channel, ChannelListener } from './channel.ts';
import { clockOffset, type HostClock, instantThere, type RoundTrip, shortestTrip } from './clocks.ts';
import type { FileReceiver } from './file-transfer.ts';
import { Link } from './link.ts';
import type { NatsWire } from './nats.ts';
import {
  type HostOrder,
  type HostReport,
  lookSubject,
  type Offer,
  type OfferReply,
  type Order,
  offerSubject,
  ordersSubject,
  PROTOCOL,
  pingsSubject,
  type Registration,
  registerSubject,
  reportsSubject,
  SUBJECT_NAME,
} from './protocol.ts';
import type { WorkerHost } from './worker.ts';

export interface RemoteHostOptions {
  readonly wire: NatsWire;
  readonly run: string;
  readonly silenceMs: number;
  readonly clock: HostClock;
  /** Of the worker's clock, as it replied. */
  readonly shiftMs: number;
  /** Receives its files; undefined where it writes none. */
  readonly files: () => FileReceiver | undefined;
}

const ROUND_TRIPS = 24;
/** Without so many there is no reading. */
const LEAST_TRIPS = 4;
const PING_TIMEOUT_MS = 1000;
const PING_PAUSE_MS = 2;

/** A remote worker (`ais_bench worker`) as the coordinator sees it. */
export class RemoteHost implements WorkerHost {
  readonly registration: Registration;
  readonly #options: RemoteHostOptions;
  readonly #link: Link<HostOrder, HostReport>;
  readonly #processes = new Map<number, { readonly listener: ChannelListener; turn: Promise<void> }>();
  #reading: ClockReading = { offsetMs: 0, boundMs: Number.POSITIVE_INFINITY };
  #tripMs = 0;
  lostTo: string | undefined;

  constructor(registration: Registration, options: RemoteHostOptions) {
    const { wire, run, silenceMs } = options;
    this.registration = registration;
    this.#options = options;
    this.#link = new Link(wire, {
      to: ordersSubject(run, registration.id),
      from: reportsSubject(run, registration.id),
      receive: (message) => this.#receive(message),
      lost: (why) => void this.#lose(why),
      silenceMs,
    });
  }

  get name(): string {
    const { name, host } = this.registration;
    return name.startsWith(host) ? `worker ${name}` : `worker ${name} (${host})`;
  }

  get workerName(): string {
    return this.registration.name;
  }

  /** The shortest round trip that was measured, ms. */
  get tripMs(): number {
    return this.#tripMs;
  }

  /** Opens the channel to one of its processes, which starts with the first order. */
  open(process: number): Channel {
    return new HostChannel(this, process);
  }

  listen(process: number, listener: ChannelListener): void {
    this.#processes.set(process, { listener, turn: Promise.resolve() });
    if (this.lostTo !== undefined) listener.gone(this.lostTo);
  }

  send(process: number, order: Order): void {
    this.#link.send({ process, order });
  }

  /** Returns an instant of this host on the worker's monotonic clock, by the last measurement. */
  instantThere(instant: Instant): Instant {
    const { clock, shiftMs } = this.#options;
    return instantThere(instant, clock, { shiftMs, offsetMs: this.#reading.offsetMs });
  }

  /** Measures how far its clock is from this one's; undefined where it does not reply. */
  async measureClock(): Promise<ClockReading | undefined> {
    const trips: RoundTrip[] = [];
    // The first ones warm up: caches, code that never ran before.
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

  /** Releases it: it stops its processes and is free. */
  async release(): Promise<void> {
    this.#link.send({ release: true });
    await this.#link.settled();
    this.#link.close();
  }

  async #ping(): Promise<RoundTrip | undefined> {
    const { wire, run, clock } = this.#options;
    const subject = pingsSubject(run, this.registration.id);
    const sent = clock.now();
    try {
      const { at } = (await wire.request(subject, {}, PING_TIMEOUT_MS)) as { at: number };
      return { sent, there: at, received: clock.now() };
    } catch {
      return undefined;
    }
  }

  /** Reports of a process are passed on in their order, each when the files that it is about are here. */
  #receive(message: HostReport): void {
    const known = this.#processes.get(message.process);
    if (known === undefined) return;
    const { listener } = known;
    const pass = async (): Promise<void> => {
      if ('gone' in message) return listener.gone(message.gone);
      if (message.files !== undefined) await this.#options.files()?.arrived(message.files);
      listener.report(message.report);
    };
    known.turn = known.turn.then(pass).catch((error: unknown) => listener.gone(messageOf(error)));
  }

  /** What it had sent of its records is kept. */
  async #lose(why: string): Promise<void> {
    this.lostTo = why;
    await this.#options
      .files()
      ?.caughtUp()
      .catch(() => {});
    for (const { listener } of this.#processes.values()) listener.gone(why);
  }
}

/** An order has arrived after so long, ms, whatever it meets on its way. */
const LEAD_MS = 250;
/** And so many trips: an order is sent again when its acknowledgement is lost. */
const LEAD_TRIPS = 6;

/** The channel to a process of a remote worker, over NATS; the worker watches its processes and the link watches the worker. */
class HostChannel implements Channel {
  readonly name: string;
  readonly #host: RemoteHost;
  readonly #process: number;
  #gone: ((why: string) => void) | undefined;

  constructor(host: RemoteHost, process: number) {
    this.name = `process ${process + 1} of ${host.name}`;
    this.#host = host;
    this.#process = process;
  }

  get leadMs(): number {
    return LEAD_MS + LEAD_TRIPS * this.#host.tripMs;
  }

  listen({ report, gone }: ChannelListener): void {
    this.#gone = gone;
    this.#host.listen(this.#process, { report, gone });
  }

  send(order: Order): void {
    const there = order.type === 'open' ? { ...order, origin: this.#host.instantThere(order.origin) } : order;
    this.#host.send(this.#process, there);
  }

  /** Its worker kills it when it is released; here it counts as gone. */
  kill(): void {
    this.#gone?.('it did not stop in time');
  }
}

export interface GroupOptions extends Omit<RemoteHostOptions, 'shiftMs'> {
  readonly group: string;
  /** Workers without which the run does not start. */
  readonly least: number;
  /** Of this tool. */
  readonly version: string;
  /** How long to wait for so many, ms. */
  readonly waitMs: number;
  /** Workers that have not registered by then wait for the next run, ms (default: 500). */
  readonly gatherMs?: number;
  /** Whether the run was interrupted. */
  readonly isStopped?: () => boolean;
  /** Receives what a person should read. */
  readonly info?: (text: string) => void;
}

const LOOK_EVERY_MS = 250;
const OFFER_TIMEOUT_MS = 5000;
/** Free workers register by themselves; a message may be lost. */
const LOOK_LATER_EVERY_MS = 5000;

/**
 * Takes the free workers of a group for a run, in the order of their names. Throws WORKER-GROUP-001 where there are too few, with what
 * the others replied.
 */
export async function gather(options: GroupOptions): Promise<RemoteHost[]> {
  const { least } = options;
  const registrations = await look(options);
  const refusals: string[] = registrations.filter(({ run }) => run !== undefined).map(describeBusy);
  const free = registrations.filter(({ run }) => run === undefined);
  const replies = await Promise.all(free.map((registration) => offer(registration, options)));
  const taken: RemoteHost[] = [];
  for (const [n, reply] of replies.entries()) {
    const registration = free[n]!;
    if ('refused' in reply) refusals.push(`${registration.name} (${registration.host}): ${reply.refused}`);
    else taken.push(new RemoteHost(registration, { ...options, shiftMs: reply.shiftMs }));
  }
  if (taken.length >= least) return taken;
  await Promise.all(taken.map((host) => host.release()));
  throw tooFew(options, taken.length, refusals);
}

/** Looks until enough are free or the time is over, and returns all that registered. */
async function look(options: GroupOptions): Promise<Registration[]> {
  const { wire, group, least, waitMs, gatherMs = 500, info, isStopped = () => false } = options;
  const pauseMs = Math.min(LOOK_EVERY_MS, gatherMs);
  const known = new Map<string, Registration>();
  const stop = wire.subscribe(registerSubject(group), (body) => {
    const registration = body as Registration;
    if (SUBJECT_NAME.test(registration.id)) known.set(registration.id, registration);
  });
  const free = () => [...known.values()].filter(({ run }) => run === undefined).length;
  try {
    for (
      let waited = 0;
      waited < gatherMs || (free() < least && waited < waitMs && !isStopped());
      waited += pauseMs
    ) {
      if (waited >= gatherMs && waited < gatherMs + pauseMs)
        info?.(`${free()} of ${plural(least, 'worker')} of ${group} there: waiting for the others`);
      wire.publish(lookSubject(group), {});
      await sleep(pauseMs);
    }
  } finally {
    stop();
  }
  return [...known.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** Takes the workers that register later, each when it says that it is free. Returns how to stop that. */
export function takeLater(options: GroupOptions, taken: (host: RemoteHost) => void): () => void {
  const { wire, group } = options;
  const offered = new Set<string>();
  const stop = wire.subscribe(registerSubject(group), (body) => {
    const registration = body as Registration;
    const { id, run } = registration;
    if (!SUBJECT_NAME.test(id) || run !== undefined || offered.has(id)) return;
    offered.add(id);
    void offer(registration, options).then((reply) => {
      offered.delete(id);
      if (!('refused' in reply)) taken(new RemoteHost(registration, { ...options, shiftMs: reply.shiftMs }));
    });
  });
  const timer = setInterval(() => wire.publish(lookSubject(group), {}), LOOK_LATER_EVERY_MS);
  return () => {
    clearInterval(timer);
    stop();
  };
}

async function offer(
  { id }: Registration,
  { wire, group, run, version, silenceMs }: GroupOptions,
): Promise<OfferReply> {
  const body: Offer = { protocol: PROTOCOL, version, run, silenceMs };
  try {
    return (await wire.request(offerSubject(group, id), body, OFFER_TIMEOUT_MS)) as OfferReply;
  } catch {
    return { refused: 'it does not reply' };
  }
}

function describeBusy({ name, host, run }: Registration): string {
  return `${name} (${host}): it works for the run ${run}`;
}

function tooFew({ group, least }: GroupOptions, taken: number, refusals: readonly string[]): AisBenchError {
  const others = refusals.length === 0 ? '' : `; ${refusals.join('; ')}`;
  return new AisBenchError(
    'WORKER-GROUP-001',
    `${taken} of ${plural(least, 'worker')} of ${group} ${taken === 1 ? 'is' : 'are'} free${others}`,
    {
      where: '--workers',
      cure: `start them: ais_bench worker --nats URL --group ${group}`,
    },
  );
}
