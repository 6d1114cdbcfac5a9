import { plural } from '../basics/plural.ts';
import type { RunFlags } from '../config/flags.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { Crew, CrewOrder, CrewOutcome } from '../sending/crew.ts';
import { clockSince } from '../sending/run-clock.ts';
import type { LoadOutcome } from '../sending/run-task.ts';
import type { WorkerLine } from './line.ts';
import { Member } from './member.ts';
import { type Counters, type ForeseenError, NOTHING_DONE, type Order, type Report } from './messages.ts';

/** What the workers are told to read. */
export interface Briefing {
  readonly flags: RunFlags;
  /** The run's folder. */
  readonly folder: string;
  readonly fingerprint: string;
  readonly same?: Extract<Order, { type: 'plan' }>['same'];
}

const PROGRESS_EVERY_MS = 250;

/** A load worker that died in a load. */
export interface Loss {
  /** Counted from 0. */
  readonly worker: number;
  /** Cases that it had told of. */
  readonly done: number;
  readonly why: string;
}

type LoadCrewOutcome = CrewOutcome & { readonly losses: readonly Loss[] };

type Sent = Extract<Report, { type: 'sent' }>;

/** Load workers: each a process of its own that has read the same configs. */
export class LoadCrew implements Crew {
  readonly workersFor: Crew['workersFor'];
  readonly #members: readonly Member[];
  #ready: Promise<void> | undefined;

  constructor(lines: readonly WorkerLine[], briefing: Briefing, workersFor: Crew['workersFor']) {
    this.workersFor = workersFor;
    this.#members = lines.map((line) => new Member(line));
    for (const [worker, member] of this.#members.entries())
      member.tell({ type: 'plan', ...briefing, worker });
  }

  async run(order: CrewOrder): Promise<LoadCrewOutcome> {
    this.#ready ??= this.#expectAll(this.#members, 'ready');
    await this.#ready;
    const team = this.#members.filter(({ lostTo }) => lostTo === undefined).slice(0, order.workers);
    const { task, origin, modelName, control } = order;
    for (const [place, member] of team.entries()) {
      member.counters = NOTHING_DONE;
      member.begunAt = undefined;
      const name = processOf(this.#members.indexOf(member));
      member.onLive = (changes) => order.progress.live?.addChanges(name, changes);
      const named = modelName === undefined ? {} : { modelName };
      member.tell({ type: 'open', task, place, workers: team.length, origin, ...named });
    }
    await this.#expectAll(team, 'opened');
    const release = passOn(control, team);
    const watch = setInterval(() => addUp(team, order.progress), PROGRESS_EVERY_MS);
    try {
      const start = clockSince(origin)() + Math.max(...team.map(({ leadMs }) => leadMs));
      for (const member of team) member.tell({ type: 'send', start });
      const reports = await Promise.all(team.map((member) => member.next()));
      return this.#outcome(team, reports, {
        start,
        interrupted: control.interrupted ? control.reason : undefined,
      });
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
    const report = reports[failed];
    if (report?.type === 'broken' && report.error !== undefined)
      throw fromElsewhere(team[failed]!, report.error);
    const { name = 'a load worker', lostTo = 'all of them were lost before' } = team[failed] ?? {};
    throw new AisBenchError('RUN-WORKER-001', `${name} could not begin: ${lostTo}`, {
      where: '--load-workers',
      cure: 'run with --load-workers 1 to see whether one process can send the load',
    });
  }

  #outcome(
    team: readonly Member[],
    reports: readonly (Report | undefined)[],
    { start, interrupted }: { readonly start: number; readonly interrupted: LoadOutcome['stopped'] },
  ): LoadCrewOutcome {
    const sent = reports.filter((report): report is Sent => report?.type === 'sent');
    const lost = team.filter((_, place) => reports[place]?.type !== 'sent');
    const gaveUp = sent.some(({ outcome }) => outcome.stopped === 'gave-up');
    const losses = lost.map((member) => ({
      worker: this.#members.indexOf(member),
      done: member.counters.done,
      why: member.lostTo ?? 'it sent nothing',
    }));
    return {
      workers: team.map((member) => this.#members.indexOf(member)),
      lateStarts: team.map(({ begunAt }) =>
        begunAt === undefined ? undefined : Math.max(0, begunAt - start),
      ),
      sent: sent.reduce((sum, { outcome }) => sum + outcome.sent, 0) + sumOf(lost, 'done'),
      stopped: interrupted ?? (gaveUp ? 'gave-up' : undefined),
      losses,
      lost: losses.map((loss) => describeLoss(this.#members[loss.worker]!.name, loss)),
    };
  }
}

/** What a worker foresaw and could not help. */
export function fromElsewhere(
  { name }: Pick<Member, 'name'>,
  { code, message, where, cure }: ForeseenError,
): AisBenchError {
  return new AisBenchError(code, `${name}: ${message}`, { ...(where === undefined ? {} : { where }), cure });
}

/** As its health file calls it. */
function processOf(index: number): string {
  return `worker ${index + 1}`;
}

function describeLoss(name: string, { why, done }: Loss): string {
  return `${name} was lost (${why}) after about ${plural(done, 'case')}: its records are kept, the rest of its share is missing`;
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
  return () => {
    control.release(stop);
    control.signal.removeEventListener('abort', abort);
  };
}

function addUp(team: readonly Member[], progress: CrewOrder['progress']): void {
  for (const key of Object.keys(NOTHING_DONE) as (keyof Counters)[]) progress[key] = sumOf(team, key);
}

function sumOf(team: readonly Member[], key: keyof Counters): number {
  return team.reduce((sum, { counters }) => sum + counters[key], 0);
}
