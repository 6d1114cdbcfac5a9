import { randomBytes } from 'node:crypto';
import { plural } from '../basics/plural.ts';
import { codeOf } from '../cli/class-code.ts';
import { natsOptions } from '../cli/nats-options.ts';
import type { CaseCrew, QueueOrder } from '../sending/case-crew.ts';
import { caseDigest } from '../sending/crew.ts';
import type { LoadOutcome } from '../sending/run-task.ts';
import { type AgentEntry, writeAgentsFile } from '../store/agents-file.ts';
import { type AgentCrewOptions, requireNoKeys, wantedOf } from './agent-crew.ts';
import { AgentLine, nameOf } from './agent-line.ts';
import { CaseTeam } from './case-team.ts';
import { type Connection, connect } from './connect.ts';
import type { Briefing } from './crew.ts';
import { type GroupOptions, gather, welcome } from './group.ts';
import { Hand } from './hand.ts';
import { CaseQueue, removeStreams } from './queue.ts';
import type { RemoteAgent } from './remote-agent.ts';
import { natsWire } from './wire.ts';

interface QueueCrewOptions extends AgentCrewOptions {
  readonly warn: (text: string) => void;
}

/** Cases in flight that one process of an agent answers; an agent with more of them starts more processes. */
const CASES_OF_ONE = 512;
/** A process that dies is followed by another, until so many were started. */
const MOST_PROCESSES = 4;
const PROGRESS_EVERY_MS = 250;

interface Hired {
  readonly agent: RemoteAgent;
  /** Its processes, counted from 0. */
  readonly workers: number[];
}

/** What `agents.json` says; an agent that was lost and came again is one. */
function entriesOf(hired: readonly Hired[]): AgentEntry[] {
  const entries = new Map<string, AgentEntry>();
  for (const { agent, workers } of hired) {
    const { greeting, lostTo } = agent;
    const { name, host } = greeting;
    const before = entries.get(name)?.workers ?? [];
    const own = [...before, ...workers.map((worker) => worker + 1)];
    entries.set(name, { name, host, workers: own, ...(lostTo === undefined ? {} : { lostTo }), loads: [] });
  }
  return [...entries.values()];
}

/** Agents that answer the cases of an evaluation, each taking the next when it is free; they may come and go. */
export class QueueCrew implements CaseCrew {
  readonly #options: QueueCrewOptions;
  readonly #run: string;
  readonly #connection: Connection;
  readonly #briefing: Briefing;
  readonly #silenceMs: number;
  readonly #hired = new Set<Hired>();
  /** Those that are gone. */
  readonly #gone: Hired[] = [];
  readonly #team: CaseTeam;
  #stopWelcome: () => void = () => {};
  #workers = 0;
  #ended: Promise<void> | undefined;

  private constructor(
    options: QueueCrewOptions,
    own: { readonly run: string; readonly connection: Connection; readonly briefing: Briefing },
    wanted: Pick<GroupOptions, 'silenceMs' | 'patienceMs'>,
  ) {
    this.#options = options;
    this.#run = own.run;
    this.#connection = own.connection;
    this.#briefing = own.briefing;
    this.#silenceMs = wanted.silenceMs;
    const { warn } = options;
    this.#team = new CaseTeam({
      warn,
      lost: (hand) => this.#lost(hand),
      patienceMs: wanted.patienceMs,
    });
  }

  /** Wins the agents of a group for a run. Throws as `connect` and `gather` do. */
  static async open(options: QueueCrewOptions): Promise<QueueCrew> {
    const { plan, tasks, flags } = options;
    const same = { code: codeOf(plan), cases: caseDigest(tasks) };
    const briefing = { ...options.briefing, same };
    const run = `r${randomBytes(6).toString('hex')}`;
    const wanted = wantedOf(flags, run);
    const connection = await connect(natsOptions(flags, `ais_bench ${run}`));
    const crew = new QueueCrew(options, { run, connection, briefing }, wanted);
    const group: GroupOptions = {
      ...wanted,
      wire: natsWire(connection),
      // Answers come through the queue.
      files: () => undefined,
      say: options.say,
      isStopped: () => options.control.interrupted,
    };
    try {
      if (!connection.isPrivate) requireNoKeys(briefing, options.redact);
      const agents = await gather(group);
      for (const agent of agents) crew.#hire(agent, agents.length);
    } catch (error) {
      await connection.close();
      throw error;
    }
    crew.#stopWelcome = welcome(group, (agent) => crew.#hire(agent, crew.#hired.size + 1));
    return crew;
  }

  async answer(order: QueueOrder): Promise<Partial<Pick<LoadOutcome, 'stopped' | 'lost'>>> {
    const { task, cases, concurrency, isLocal } = order;
    const queue = await CaseQueue.open(this.#connection, this.#run, {
      ...{ task, cases, silenceMs: this.#silenceMs, keeper: order },
      mostInHand: isLocal ? undefined : concurrency,
    });
    const watch = setInterval(() => {
      order.progress.inFlight = this.#team.inFlight;
    }, PROGRESS_EVERY_MS);
    try {
      try {
        await this.#team.answer(order, queue.answered());
      } finally {
        await queue.caughtUp();
      }
      const { control } = order;
      return {
        stopped: control.interrupted ? control.reason : undefined,
        lost: refusedInWords(queue.refused.length),
      };
    } finally {
      clearInterval(watch);
      order.progress.inFlight = 0;
      await queue.close();
    }
  }

  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#stopWelcome();
    await this.#team.end();
    await Promise.all([...this.#hired].map(({ agent }) => agent.dismiss()));
    // What is left there `--reuse` fetches.
    const isGone = await removeStreams(this.#connection, this.#run);
    this.#keep(!isGone);
    await this.#connection.close();
  }

  #hire(agent: RemoteAgent, agents: number): void {
    const hired: Hired = { agent, workers: [] };
    this.#hired.add(hired);
    const { plan, say } = this.#options;
    const most = Math.max(
      ...plan.models.map(({ attr, concurrency }) => (attr === 'local' ? 1 : concurrency)),
    );
    const wanted = Math.ceil(most / Math.max(1, agents) / CASES_OF_ONE);
    const count = Math.max(1, Math.min(wanted, agent.greeting.workers));
    for (let n = 0; n < count; n++) this.#start(hired);
    say(`${nameOf(agent)} takes cases`);
    this.#keep(true);
  }

  #start(hired: Hired): void {
    const worker = this.#workers++;
    hired.workers.push(worker);
    this.#team.add(new Hand(hired.agent, new AgentLine(hired.agent, worker), { ...this.#briefing, worker }));
  }

  /** A process that died is followed by another; an agent that is gone may come again, as a new one. */
  #lost({ agent, isBroken }: Hand): void {
    const hired = [...this.#hired].find((one) => one.agent === agent);
    if (hired === undefined) return;
    if (agent.lostTo === undefined) {
      if (!isBroken && hired.workers.length < MOST_PROCESSES) this.#start(hired);
      return;
    }
    this.#hired.delete(hired);
    this.#gone.push(hired);
    this.#keep(true);
  }

  #keep(isOpen: boolean): void {
    const { folder, flags } = this.#options;
    writeAgentsFile(folder, {
      version: 1,
      group: flags.agents.group,
      session: this.#run,
      ...(isOpen ? { isOpen } : {}),
      agents: entriesOf([...this.#gone, ...this.#hired]),
    });
  }
}

function refusedInWords(count: number): string[] {
  if (count === 0) return [];
  const cases = plural(count, 'case was', 'cases were');
  return [`${cases} handed out again and again and never answered: what asks them dies of them`];
}
