/** How a coordinator finds the free workers of a group, and takes them for its run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { plural } from '../basics/plural.ts';
import { AisBenchError } from '../contract/errors.ts';
import {
  lookSubject,
  type Offer,
  type OfferReply,
  offerSubject,
  PROTOCOL,
  type Registration,
  registerSubject,
  SUBJECT_NAME,
} from './protocol.ts';
import { RemoteHost, type RemoteHostOptions } from './remote-host.ts';

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
