import { randomBytes } from 'node:crypto';
import { toolVersion } from '../basics/version.ts';
import type { AgentsFlags } from '../cli/args/agent-flags.ts';
import { codeOf } from '../cli/class-code.ts';
import { natsOptions } from '../cli/nats-options.ts';
import type { Plan } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import { countRequests } from '../load/stripe.ts';
import type { RunControl } from '../sending/control.ts';
import { agentWorkersFor, type Crew, type CrewOrder, type CrewOutcome, caseDigest } from '../sending/crew.ts';
import { casesOf } from '../sending/load-plan.ts';
import type { Task } from '../sending/prepare.ts';
import { type AgentLoad, type ClockReading, writeAgentsFile } from '../store/agents-file.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { AgentLine, nameOf } from './agent-line.ts';
import { type Connection, connect } from './connect.ts';
import { type Briefing, LoadCrew, type Loss } from './crew.ts';
import { FileReceiver } from './file-receiver.ts';
import { gather } from './group.ts';
import { HostClock } from './host-clock.ts';
import type { RemoteAgent } from './remote-agent.ts';
import { natsWire } from './wire.ts';

export interface AgentCrewOptions {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  readonly flags: AgentsFlags & Required<Pick<AgentsFlags, 'agents'>>;
  readonly folder: RunFolder;
  readonly briefing: Briefing;
  readonly redact: Redactor;
  readonly control: RunControl;
  /** Tells a person what is done. */
  readonly say: (text: string) => void;
}

const SILENCE_SECONDS = 10;
/** How long to wait for so many agents as were asked for. */
const WAIT_SECONDS = 60;

/** What is asked of a group, as the flags have it. */
export function wantedOf({ agents, agentWait, agentSilence }: AgentCrewOptions['flags'], run: string) {
  return {
    ...agents,
    run,
    version: toolVersion(),
    patienceMs: 1000 * (agentWait ?? WAIT_SECONDS),
    silenceMs: 1000 * (agentSilence ?? SILENCE_SECONDS),
    clock: new HostClock(),
  };
}

interface Hired {
  readonly agent: RemoteAgent;
  /** Its load workers, counted from 0. */
  readonly workers: readonly number[];
  readonly loads: AgentLoad[];
}

/** Load workers of agents: they send together as those of one machine do. */
export class AgentCrew implements Crew {
  readonly workersFor: Crew['workersFor'];
  readonly #options: AgentCrewOptions;
  readonly #run: string;
  readonly #connection: Connection;
  readonly #files: FileReceiver;
  readonly #hired: readonly Hired[];
  readonly #crew: LoadCrew;
  #ended: Promise<void> | undefined;

  private constructor(
    options: AgentCrewOptions,
    parts: {
      readonly run: string;
      readonly connection: Connection;
      readonly files: FileReceiver;
      readonly hired: readonly Hired[];
      readonly briefing: Briefing;
    },
  ) {
    const { hired } = parts;
    this.#options = options;
    this.#run = parts.run;
    this.#connection = parts.connection;
    this.#files = parts.files;
    this.#hired = hired;
    const size = { count: hired.length, capacity: hired.flatMap(({ workers }) => workers).length };
    this.workersFor = (task, load) => agentWorkersFor(task, load, size);
    const lines = hired
      .flatMap(({ agent, workers }) =>
        workers.map((worker) => ({ worker, line: new AgentLine(agent, worker) })),
      )
      .sort((a, b) => a.worker - b.worker);
    this.#crew = new LoadCrew(
      lines.map(({ line }) => line),
      parts.briefing,
      this.workersFor,
    );
  }

  /**
   * Wins the agents of a group for a run. Throws as `connect`, `gather` and `FileReceiver.open` do, and AGENT-PARAM-001 for a model
   * that is loaded here.
   */
  static async open(options: AgentCrewOptions): Promise<AgentCrew> {
    const { plan, tasks, flags, folder } = options;
    requireServices(plan);
    const same = { code: codeOf(plan), cases: caseDigest(tasks) };
    const briefing = { ...options.briefing, same };
    const run = `r${randomBytes(6).toString('hex')}`;
    const connection = await connect(natsOptions(flags, `ais_bench ${run}`));
    let files: FileReceiver | undefined;
    let agents: readonly RemoteAgent[] = [];
    try {
      if (!connection.isPrivate) requireNoKeys(briefing, options.redact);
      agents = await gather({
        ...wantedOf(flags, run),
        wire: natsWire(connection),
        files: () => files!,
        say: options.say,
        isStopped: () => options.control.interrupted,
      });
      const hired = hire(agents, plan, tasks);
      const workersOf = hired.map(
        ({ agent, workers }) => [agent.greeting.id, new Set(workers.map((worker) => worker + 1))] as const,
      );
      files = await FileReceiver.open(connection, run, folder.path, new Map(workersOf));
      const crew = new AgentCrew(options, { run, connection, files, hired, briefing });
      crew.#announce();
      return crew;
    } catch (error) {
      await Promise.all(agents.map((agent) => agent.dismiss()));
      await files?.close();
      await connection.close();
      throw error;
    }
  }

  async run(order: CrewOrder): Promise<CrewOutcome> {
    const before = await this.#measureClocks();
    const outcome = await this.#crew.run(order);
    const after = await this.#measureClocks();
    const { model, dataset } = this.#options.tasks[order.task]!;
    for (const [n, { agent, workers, loads }] of this.#hired.entries()) {
      const own = outcome.workers.flatMap((worker, place) =>
        workers.includes(worker) ? [outcome.lateStarts[place]] : [],
      );
      const [clock, clockAfter] = [before[n], after[n]];
      if (own.length === 0 || clock === undefined) continue;
      const isWhole = agent.lostTo === undefined && own.every((late) => late !== undefined);
      loads.push({
        ...{ model: model.abbr, dataset: dataset.abbr, clock },
        ...(clockAfter === undefined ? {} : { clockAfter }),
        ...(isWhole ? { startLagMs: Math.max(...(own as number[])) } : {}),
      });
    }
    this.#keep();
    return { ...outcome, lost: this.#lossesInWords(outcome.losses, outcome.workers, order) };
  }

  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    await this.#crew.end();
    await Promise.all(this.#hired.map(({ agent }) => agent.dismiss()));
    await this.#files.close();
    await this.#connection.close();
  }

  #announce(): void {
    const { say, flags } = this.#options;
    const names = this.#hired.map(({ agent, workers }) => `${nameOf(agent)}: ${workers.length}`);
    say(`agents of ${flags.agents.group} that send, with their processes: ${names.join(', ')}`);
    this.#keep();
  }

  async #measureClocks(): Promise<(ClockReading | undefined)[]> {
    return Promise.all(
      this.#hired.map(({ agent }) => (agent.lostTo === undefined ? agent.measureClock() : undefined)),
    );
  }

  #keep(): void {
    const { folder, flags } = this.#options;
    writeAgentsFile(folder, {
      version: 1,
      group: flags.agents.group,
      session: this.#run,
      agents: this.#hired.map(({ agent, workers, loads }) => ({
        name: agent.greeting.name,
        host: agent.greeting.host,
        workers: workers.map((worker) => worker + 1),
        ...(agent.lostTo === undefined ? {} : { lostTo: agent.lostTo }),
        loads,
      })),
    });
  }

  /** An agent that is gone is one loss, however many workers it had. */
  #lossesInWords(losses: readonly Loss[], team: readonly number[], order: CrewOrder): string[] {
    const { tasks, plan } = this.#options;
    const { source, model } = tasks[order.task]!;
    const share = (worker: number) =>
      countRequests(
        { worker: team.indexOf(worker), workers: team.length, concurrency: model.concurrency },
        casesOf(source, plan.load),
      );
    return this.#hired.flatMap(({ agent, workers }) => {
      const own = losses.filter(({ worker }) => workers.includes(worker));
      if (own.length === 0) return [];
      const isAll = agent.lostTo !== undefined;
      const who = isAll ? nameOf(agent) : `${own.length} of the load workers of ${nameOf(agent)}`;
      const done = own.reduce((sum, loss) => sum + loss.done, 0);
      const all = own.reduce((sum, { worker }) => sum + share(worker), 0);
      const of = Number.isFinite(all) ? ` of ${all}` : '';
      return [
        `${who} was lost (${own[0]!.why}) after about ${done}${of} cases: the records that had come from it are kept, the rest of its share is missing`,
      ];
    });
  }
}

/** Each agent has one worker more before any has two more than another. */
function hire(agents: readonly RemoteAgent[], plan: Plan, tasks: readonly Task[]): Hired[] {
  const capacity = agents.reduce((sum, { greeting }) => sum + greeting.workers, 0);
  const wanted = tasks.map((task) => agentWorkersFor(task, plan.load, { count: agents.length, capacity }));
  const size = Math.max(...wanted);
  const workers = agents.map((): number[] => []);
  for (let worker = 0, round = 1; worker < size; round++) {
    for (const [n, { greeting }] of agents.entries()) {
      if (worker < size && greeting.workers >= round) workers[n]!.push(worker++);
    }
  }
  return agents.map((agent, n) => ({ agent, workers: workers[n]!, loads: [] }));
}

function requireServices({ models }: Plan): void {
  const local = models.find(({ attr }) => attr === 'local');
  if (local === undefined) return;
  throw new AisBenchError('AGENT-PARAM-001', `${local.abbr} is loaded by the process that asks it`, {
    where: '--agents',
    cure: 'leave --agents out, or put the model behind a service',
  });
}

/** What is told to agents can be read on the way. Throws AGENT-KEY-001. */
export function requireNoKeys({ flags }: Briefing, redact: Redactor): void {
  const told = JSON.stringify(flags);
  if (redact(told) === told) return;
  throw new AisBenchError('AGENT-KEY-001', 'a key among the flags would go over the network in clear text', {
    where: '--agents',
    cure: 'put it into the environment of the agents, or reach NATS by tls://',
  });
}
