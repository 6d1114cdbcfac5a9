import { setTimeout as sleep } from 'node:timers/promises';
import { plural } from '../basics/plural.ts';
import { AisBenchError } from '../contract/errors.ts';
import {
  type Acceptance,
  type Greeting,
  helloSubject,
  hereSubject,
  type Invitation,
  inviteSubject,
  PROTOCOL,
  SUBJECT_NAME,
} from './protocol.ts';
import { RemoteAgent, type RemoteOptions } from './remote-agent.ts';

export interface GroupOptions extends Omit<RemoteOptions, 'shiftMs'> {
  readonly group: string;
  /** Agents without which the run does not begin. */
  readonly least: number;
  /** Of this tool. */
  readonly version: string;
  /** How long to wait for so many, ms. */
  readonly patienceMs: number;
  /** Whoever has not told by then that it is there waits for the next run, ms (default: 500). */
  readonly gatherMs?: number;
  /** Whether nobody wants the run any more. */
  readonly isStopped?: () => boolean;
  /** Tells a person what is waited for. */
  readonly say?: (text: string) => void;
}

const ASK_EVERY_MS = 250;
const INVITE_TIMEOUT_MS = 5000;
/** An agent says by itself when it is free; a word may be lost. */
const GREET_EVERY_MS = 5000;

/**
 * Wins the free agents of a group for a run, in the order of their names. Throws AGENT-GROUP-001 where too few of them come, with
 * what the others said.
 */
export async function gather(options: GroupOptions): Promise<RemoteAgent[]> {
  const { least } = options;
  const greetings = await whoIsThere(options);
  const refusals: string[] = greetings.filter(({ run }) => run !== undefined).map(describeBusy);
  const free = greetings.filter(({ run }) => run === undefined);
  const answers = await Promise.all(free.map((greeting) => invite(greeting, options)));
  const won: RemoteAgent[] = [];
  for (const [n, answer] of answers.entries()) {
    const greeting = free[n]!;
    if ('refused' in answer) refusals.push(`${greeting.name} (${greeting.host}): ${answer.refused}`);
    else won.push(new RemoteAgent(greeting, { ...options, shiftMs: answer.shiftMs }));
  }
  if (won.length >= least) return won;
  await Promise.all(won.map((agent) => agent.dismiss()));
  throw tooFew(options, won.length, refusals);
}

/** Asks until enough are free or patience is over, and then takes whoever answered. */
async function whoIsThere(options: GroupOptions): Promise<Greeting[]> {
  const { wire, group, least, patienceMs, gatherMs = 500, say, isStopped = () => false } = options;
  const pauseMs = Math.min(ASK_EVERY_MS, gatherMs);
  const known = new Map<string, Greeting>();
  const stop = wire.subscribe(hereSubject(group), (body) => {
    const greeting = body as Greeting;
    if (SUBJECT_NAME.test(greeting.id)) known.set(greeting.id, greeting);
  });
  const free = () => [...known.values()].filter(({ run }) => run === undefined).length;
  try {
    for (
      let waited = 0;
      waited < gatherMs || (free() < least && waited < patienceMs && !isStopped());
      waited += pauseMs
    ) {
      if (waited >= gatherMs && waited < gatherMs + pauseMs)
        say?.(`${free()} of ${plural(least, 'agent')} of ${group} there: waits for the others`);
      wire.publish(helloSubject(group), {});
      await sleep(pauseMs);
    }
  } finally {
    stop();
  }
  return [...known.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

/** Wins the agents that come later: each is handed on when it says that it is free. Returns how to stop that. */
export function welcome(options: GroupOptions, won: (agent: RemoteAgent) => void): () => void {
  const { wire, group } = options;
  const invited = new Set<string>();
  const stop = wire.subscribe(hereSubject(group), (body) => {
    const greeting = body as Greeting;
    if (!SUBJECT_NAME.test(greeting.id) || greeting.run !== undefined || invited.has(greeting.id)) return;
    invited.add(greeting.id);
    void invite(greeting, options).then((answer) => {
      invited.delete(greeting.id);
      if (!('refused' in answer)) won(new RemoteAgent(greeting, { ...options, shiftMs: answer.shiftMs }));
    });
  });
  const timer = setInterval(() => wire.publish(helloSubject(group), {}), GREET_EVERY_MS);
  return () => {
    clearInterval(timer);
    stop();
  };
}

async function invite(
  { id }: Greeting,
  { wire, group, run, version, silenceMs }: GroupOptions,
): Promise<Acceptance> {
  const invitation: Invitation = { protocol: PROTOCOL, version, run, silenceMs };
  try {
    return (await wire.request(inviteSubject(group, id), invitation, INVITE_TIMEOUT_MS)) as Acceptance;
  } catch {
    return { refused: 'it does not answer' };
  }
}

function describeBusy({ name, host, run }: Greeting): string {
  return `${name} (${host}): it works for the run ${run}`;
}

function tooFew({ group, least }: GroupOptions, won: number, refusals: readonly string[]): AisBenchError {
  const others = refusals.length === 0 ? '' : `; ${refusals.join('; ')}`;
  return new AisBenchError(
    'AGENT-GROUP-001',
    `${won} of ${plural(least, 'agent')} of ${group} ${won === 1 ? 'is' : 'are'} free${others}`,
    {
      where: '--agents',
      cure: `start them: ais_bench agent --nats URL --group ${group}`,
    },
  );
}
