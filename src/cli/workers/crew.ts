import type { RunFlags } from '../../config/flags.ts';
import { AisBenchError } from '../../errors.ts';
import type { Crew, CrewOrder } from '../../run/crew.ts';
import { clockSince } from '../../run/run-clock.ts';
import type { LoadOutcome } from '../../run/run-task.ts';
import { Member } from './member.ts';
import { type Counters, NOTHING_DONE, type Report } from './messages.ts';

/** What the workers are told to read. */
export interface Briefing {
  readonly flags: RunFlags;
  /** The run's folder. */
  readonly folder: string;
  readonly fingerprint: string;
}

/** All workers have the order to start when it begins. */
const LEAD_MS = 50;
const PROGRESS_EVERY_MS = 250;

type Sent = Extract<Report, { type: 'sent' }>;

/** Load workers: each a process of its own that has read the same configs. */
export class LoadCrew implements Crew {
  readonly cores: number;
  readonly #members: readonly Member[];
  #ready: Promise<void> | undefined;

  constructor(size: number, cores: number, briefing: Briefing) {
    this.cores = cores;
    this.#members = Array.from({ length: size }, () => new Member());
    for (const [worker, member] of this.#members.entries())
      member.tell({ type: 'plan', ...briefing, worker });
  }

  async run(order: CrewOrder): ReturnType<Crew['run']> {
    this.#ready ??= this.#expectAll(this.#members, 'ready');
    await this.#ready;
    const team = this.#members.filter(({ lostTo }) => lostTo === undefined).slice(0, order.workers);
    const { task, origin, modelName, control } = order;
    for (const [place, member] of team.entries()) {
      member.counters = NOTHING_DONE;
      const name = processOf(this.#members.indexOf(member));
      member.onLive = (changes) => order.progress.live?.addChanges(name, changes);
      const named = modelName === undefined ? {} : { modelName };
      member.tell({ type: 'open', task, place, workers: team.length, origin, ...named });
    }
    await this.#expectAll(team, 'opened');
    const release = passOn(control, team);
    const watch = setInterval(() => addUp(team, order.progress), PROGRESS_EVERY_MS);
    try {
      const start = clockSince(origin)() + LEAD_MS;
      for (const member of team) member.tell({ type: 'send', start });
      const reports = await Promise.all(team.map((member) => member.next()));
      return this.#outcome(team, reports, control.interrupted ? control.reason : undefined);
    } finally {
      clearInterval(watch);
      addUp(team, order.progress);
      release();
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.end()));
  }

  /** Before anything is sent a worker that fails ends the run. */
  async #expectAll(team: readonly Member[], type: Report['type']): Promise<void> {
    const reports = await Promise.all(team.map((member) => member.next()));
    const failed = reports.findIndex((report) => report?.type !== type);
    if (team.length > 0 && failed === -1) return;
    const why = team[failed]?.lostTo ?? 'all of them were lost before';
    throw new AisBenchError('RUN-WORKER-001', `a load worker could not begin: ${why}`, {
      where: '--load-workers',
      cure: 'run with --load-workers 1 to see whether one process can send the load',
    });
  }

  #outcome(
    team: readonly Member[],
    reports: readonly (Report | undefined)[],
    interrupted: LoadOutcome['stopped'],
  ): Awaited<ReturnType<Crew['run']>> {
    const sent = reports.filter((report): report is Sent => report?.type === 'sent');
    const lost = team.filter((_, place) => reports[place]?.type !== 'sent');
    const gaveUp = sent.some(({ outcome }) => outcome.stopped === 'gave-up');
    return {
      workers: team.map((member) => this.#members.indexOf(member)),
      sent: sent.reduce((sum, { outcome }) => sum + outcome.sent, 0) + sumOf(lost, 'done'),
      stopped: interrupted ?? (gaveUp ? 'gave-up' : undefined),
      lost: lost.map((member) => describeLoss(member, this.#members.indexOf(member) + 1, team.length)),
    };
  }
}

/** As its health file calls it. */
function processOf(index: number): string {
  return `worker ${index + 1}`;
}

function describeLoss({ lostTo, counters }: Member, number: number, workers: number): string {
  return `load worker ${number} of ${workers} was lost (${lostTo}) after about ${counters.done} cases: its records are kept, the rest of its share is missing`;
}

/** Interrupts reach the workers; returns how to stop that. */
function passOn(control: CrewOrder['control'], team: readonly Member[]): () => void {
  const stop = control.newSwitch();
  const drain = () => {
    for (const member of team) member.tell({ type: 'drain' });
  };
  const abort = () => {
    for (const member of team) member.tell({ type: 'abort' });
  };
  if (stop.stopped) drain();
  stop.onStop = drain;
  control.signal.addEventListener('abort', abort);
  return () => control.signal.removeEventListener('abort', abort);
}

function addUp(team: readonly Member[], progress: CrewOrder['progress']): void {
  for (const key of Object.keys(NOTHING_DONE) as (keyof Counters)[]) progress[key] = sumOf(team, key);
}

function sumOf(team: readonly Member[], key: keyof Counters): number {
  return team.reduce((sum, { counters }) => sum + counters[key], 0);
}
