import { randomBytes } from 'node:crypto';
import { toolVersion } from '../basics/version.ts';
import type { RunConfig } from '../config/flags.ts';
import { isLoadTest } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { RunControl } from '../sending/control.ts';
import {
  fingerprint,
  type QueuedOrder,
  remoteWorkersFor,
  type StripedOutcome,
  sampleDigest,
} from '../sending/pool.ts';
import type { Task } from '../sending/prepare.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { type ClockReading, type WorkerLoad, writeWorkersFile } from '../store/workers-file.ts';
import { HostClock } from './clocks.ts';
import { FileReceiver } from './file-transfer.ts';
import { type Connection, connect, type NatsOptions, natsWire } from './nats.ts';
import { Pool, type Remote, type TaskQueue } from './pool.ts';
import { type Assignment, listCode } from './protocol.ts';
import { type GroupOptions, gather, type RemoteHost, takeLater } from './remote-host.ts';
import { removeStreams, SampleQueue } from './sample-queue.ts';
import type { Worker } from './worker.ts';

/** A group of remote workers, and how to reach it. */
export interface WorkerGroupOptions {
  readonly group: string;
  /** Workers without which the run does not start. */
  readonly least: number;
  readonly nats: Omit<NatsOptions, 'name'>;
  /** Flags that each worker makes the plan from, with its own configs, paths and secrets; none about NATS. */
  readonly flags: RunConfig;
  /** How long to wait for so many, and for one where none is left, ms (default: 60,000). */
  readonly waitMs?: number | undefined;
}

/** What remote workers are given, and who hears of them. */
export interface RemotePoolOptions {
  readonly remote: WorkerGroupOptions;
  readonly folder: RunFolder;
  /** ms of silence after which a worker is lost. */
  readonly silenceMs: number;
  readonly redact: Redactor;
  readonly control: RunControl;
  /** Receives what a person should read. */
  readonly info: (text: string) => void;
  readonly warn: (text: string) => void;
}

const WAIT_MS = 60_000;
/** Samples in flight that one process of a worker answers; a worker with more of them starts more processes. */
const SAMPLES_OF_ONE = 512;
/** A process that dies is followed by another, until so many were started. */
const MOST_PROCESSES = 4;

/** A worker of this run, and its processes, counted from 0. */
interface Participant {
  readonly host: RemoteHost;
  readonly processes: number[];
  readonly loads: WorkerLoad[];
}

/**
 * Takes the free workers of a group for a run: they send stripes of a load test together, or take the samples of an evaluation from a
 * queue. Throws as `connect`, `gather` and `FileReceiver.open` do, WORKER-PARAM-001 for a load test of a model that is loaded by its
 * process, and WORKER-KEY-001 for a key that could be read on the way.
 */
export async function openRemotePool(
  plan: Plan,
  tasks: readonly Task[],
  options: RemotePoolOptions,
): Promise<Pool> {
  const usesQueue = !isLoadTest(plan.mode);
  if (!usesQueue) requireServices(plan);
  const run = `r${randomBytes(6).toString('hex')}`;
  const { remote, silenceMs, info, warn, folder } = options;
  const assignment: Assignment = {
    source: { flags: remote.flags },
    folder: folder.path,
    fingerprint: fingerprint(tasks),
    same: { code: listCode(plan), samples: sampleDigest(tasks) },
  };
  const { waitMs = WAIT_MS } = remote;
  const connection = await connect({ ...remote.nats, name: `ais_bench ${run}` });
  let files: FileReceiver | undefined;
  let hosts: readonly RemoteHost[] = [];
  try {
    if (!connection.isPrivate) requireNoKeys(remote.flags, options.redact);
    const group: GroupOptions = {
      ...{ group: remote.group, least: remote.least, run, version: toolVersion(), waitMs, silenceMs, info },
      wire: natsWire(connection),
      clock: new HostClock(),
      files: () => files,
      isStopped: () => options.control.interrupted,
    };
    hosts = await gather(group);
    const size = {
      count: hosts.length,
      capacity: hosts.reduce((sum, { registration }) => sum + registration.processes, 0),
    };
    const workersFor: Pool['workersFor'] = (task, load) => remoteWorkersFor(task, load, size);
    const pool = new Pool({ plan, tasks, assignment, workersFor, usesQueue, warn, waitMs });
    const workers = new RemoteWorkers(pool, { ...options, plan, tasks, run, connection });
    pool.remote = workers;
    if (usesQueue) {
      for (const host of hosts) workers.join(host, hosts.length);
      workers.takeLater(group);
    } else {
      const processes = share(hosts, Math.max(...tasks.map((task) => workersFor(task, plan.load))));
      const own = hosts.map(
        ({ registration }, n) => [registration.id, new Set(processes[n]!.map((one) => one + 1))] as const,
      );
      files = await FileReceiver.open(connection, run, folder.path, new Map(own));
      workers.start(hosts, processes, files);
    }
    return pool;
  } catch (error) {
    await Promise.all(hosts.map((host) => host.release()));
    await files?.close();
    await connection.close();
    throw error;
  }
}

/** Returns the numbers of each worker's processes: each has one more before any has two more than another. */
function share(hosts: readonly RemoteHost[], size: number): number[][] {
  const processes = hosts.map((): number[] => []);
  for (let number = 0, round = 1; number < size; round++) {
    for (const [n, { registration }] of hosts.entries()) {
      if (number < size && registration.processes >= round) processes[n]!.push(number++);
    }
  }
  return processes;
}

interface RemoteWorkersOptions extends RemotePoolOptions {
  readonly plan: Plan;
  readonly tasks: readonly Task[];
  /** Names the run on the server. */
  readonly run: string;
  readonly connection: Connection;
}

/** The remote workers of a run: their clocks, files and queue, and what `workers.json` says of them. */
class RemoteWorkers implements Remote {
  readonly #pool: Pool;
  readonly #options: RemoteWorkersOptions;
  readonly #participants = new Set<Participant>();
  /** Those that were lost; a worker that is lost and registers again is a new participant. */
  readonly #lost: Participant[] = [];
  #files: FileReceiver | undefined;
  #stopTaking: () => void = () => {};

  constructor(pool: Pool, options: RemoteWorkersOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  /** Starts the processes of a load test, in the order of their numbers. */
  start(hosts: readonly RemoteHost[], processes: readonly (readonly number[])[], files: FileReceiver): void {
    this.#files = files;
    for (let number = 0; number < processes.flat().length; number++) {
      const host = hosts[processes.findIndex((own) => own.includes(number))]!;
      this.#pool.add((one) => host.open(one), host);
    }
    for (const [n, host] of hosts.entries())
      this.#participants.add({ host, processes: [...processes[n]!], loads: [] });
    const names = hosts.map((host, n) => `${host.name}: ${processes[n]!.length}`);
    const { info, remote } = this.#options;
    info(`workers of ${remote.group} that send, with their processes: ${names.join(', ')}`);
    this.#save();
  }

  /** Lets a worker take samples; `count`: workers that do so then. */
  join(host: RemoteHost, count: number): void {
    const participant: Participant = { host, processes: [], loads: [] };
    this.#participants.add(participant);
    const { plan, info } = this.#options;
    const most = Math.max(
      ...plan.models.map(({ attr, concurrency }) => (attr === 'local' ? 1 : concurrency)),
    );
    const wanted = Math.ceil(most / Math.max(1, count) / SAMPLES_OF_ONE);
    const size = Math.max(1, Math.min(wanted, host.registration.processes));
    for (let n = 0; n < size; n++) this.#startProcess(participant);
    info(`${host.name} takes samples`);
    this.#save(true);
  }

  /** Lets workers join that register later. */
  takeLater(group: GroupOptions): void {
    this.#stopTaking = takeLater(group, (host) => this.join(host, this.#participants.size + 1));
  }

  async beginLoad(task: number): Promise<(outcome: StripedOutcome) => Promise<void>> {
    const participants = [...this.#participants];
    const before = await measure(participants);
    return async (outcome) => {
      const after = await measure(participants);
      const { model, dataset } = this.#options.tasks[task]!;
      for (const [n, { host, processes, loads }] of participants.entries()) {
        const own = outcome.workers.flatMap((worker, place) =>
          processes.includes(worker) ? [outcome.lateStarts[place]] : [],
        );
        const [clock, clockAfter] = [before[n], after[n]];
        if (own.length === 0 || clock === undefined) continue;
        const isWhole = host.lostTo === undefined && own.every((late) => late !== undefined);
        loads.push({
          ...{ model: model.abbr, dataset: dataset.abbr, clock },
          ...(clockAfter === undefined ? {} : { clockAfter }),
          ...(isWhole ? { startLagMs: Math.max(...(own as number[])) } : {}),
        });
      }
      this.#save();
    };
  }

  openQueue({ task, samples, concurrency, isLocal, ...store }: QueuedOrder): Promise<TaskQueue> {
    const { connection, run, silenceMs } = this.#options;
    return SampleQueue.open(connection, run, {
      ...{ task, samples, silenceMs, store },
      mostHeld: isLocal ? undefined : concurrency,
    });
  }

  /** A process that died is followed by another; a worker that is lost may register again. */
  workerLost({ number, isBroken }: Worker): void {
    const participant = [...this.#participants].find(({ processes }) => processes.includes(number));
    if (participant === undefined) return;
    if (participant.host.lostTo === undefined) {
      if (!isBroken && participant.processes.length < MOST_PROCESSES) this.#startProcess(participant);
      return;
    }
    this.#participants.delete(participant);
    this.#lost.push(participant);
    this.#save(true);
  }

  async close(): Promise<void> {
    const { connection, run } = this.#options;
    this.#stopTaking();
    await Promise.all([...this.#participants].map(({ host }) => host.release()));
    await this.#files?.close();
    if (this.#pool.usesQueue) {
      // `--reuse` fetches what is left there.
      const isGone = await removeStreams(connection, run);
      this.#save(!isGone);
    }
    await connection.close();
  }

  #startProcess({ host, processes }: Participant): void {
    this.#pool.add((number) => {
      processes.push(number);
      return host.open(number);
    }, host);
  }

  /** A worker that was lost and registered again is one entry. */
  #save(isOpen = false): void {
    const { folder, remote, run } = this.#options;
    const entries = new Map<string, Parameters<typeof writeWorkersFile>[1]['workers'][number]>();
    for (const { host, processes, loads } of [...this.#lost, ...this.#participants]) {
      const { registration, lostTo } = host;
      const { name } = registration;
      const earlier = entries.get(name)?.processes ?? [];
      const own = [...earlier, ...processes.map((number) => number + 1)];
      const lost = lostTo === undefined ? {} : { lostTo };
      entries.set(name, { name, host: registration.host, processes: own, ...lost, loads });
    }
    writeWorkersFile(folder, {
      version: 2,
      group: remote.group,
      session: run,
      ...(isOpen ? { isOpen } : {}),
      workers: [...entries.values()],
    });
  }
}

function measure(participants: readonly Participant[]): Promise<(ClockReading | undefined)[]> {
  return Promise.all(
    participants.map(({ host }) => (host.lostTo === undefined ? host.measureClock() : undefined)),
  );
}

function requireServices({ models }: Plan): void {
  const local = models.find(({ attr }) => attr === 'local');
  if (local === undefined) return;
  throw new AisBenchError('WORKER-PARAM-001', `${local.abbr} is loaded by the process that sends to it`, {
    where: '--workers',
    cure: 'leave --workers out, or put the model behind a service',
  });
}

/** What is sent to remote workers can be read on the way. Throws WORKER-KEY-001. */
function requireNoKeys(flags: RunConfig, redact: Redactor): void {
  const sent = JSON.stringify(flags);
  if (redact(sent) === sent) return;
  throw new AisBenchError('WORKER-KEY-001', 'a key among the flags would go over the network in clear text', {
    where: '--workers',
    cure: 'put it into the environment of the workers, or reach NATS by tls://',
  });
}
