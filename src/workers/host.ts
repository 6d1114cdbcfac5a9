/** A remote worker's side: it registers, works for one run after the other, and forwards between the coordinator and its processes. */
import { plural } from '../basics/plural.ts';
import { messageOf } from '../contract/errors.ts';
import { removeFolder } from '../store/growing-files.ts';
import { awaitEnd, type Channel } from './channel.ts';
import type { HostClock } from './clocks.ts';
import { FileSender } from './file-transfer.ts';
import { Link } from './link.ts';
import type { Connection, NatsWire } from './nats.ts';
import {
  filesStream,
  type HostOrder,
  type HostReport,
  lookSubject,
  type Offer,
  type OfferReply,
  type Order,
  type OrderOf,
  offerSubject,
  ordersSubject,
  PROTOCOL,
  pingsSubject,
  type Registration,
  type Report,
  registerSubject,
  reportsSubject,
} from './protocol.ts';
import { SampleSupply, type SampleTaker } from './sample-supply.ts';

/** How a remote worker is set up. */
export interface HostOptions {
  readonly connection: Connection;
  readonly wire: NatsWire;
  readonly group: string;
  readonly self: Omit<Registration, 'protocol' | 'run'>;
  readonly clock: HostClock;
  /** Starts a process and opens its channel; `silenceMs`: of the run. */
  readonly open: (name: string, silenceMs: number) => Channel;
  /** Makes a folder for the files of a run. */
  readonly newFolder: () => string;
  /** Receives what a person should read. */
  readonly info: (text: string) => void;
}

/** A remote worker: works for one run after the other, until it is stopped. */
export class Host {
  readonly #options: HostOptions;
  readonly #stops: readonly (() => void)[];
  #run: HostedRun | undefined;
  #stopped = false;

  constructor(options: HostOptions) {
    const { wire, group, self } = options;
    this.#options = options;
    this.#stops = [
      wire.subscribe(lookSubject(group), () => this.#register()),
      wire.subscribe(offerSubject(group, self.id), (offer, reply) => reply(this.#accept(offer as Offer))),
    ];
    this.#register();
  }

  /** Ends the run that it works for, and takes no other. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const stop of this.#stops) stop();
    await this.#run?.close();
  }

  #register(): void {
    const { wire, group, self } = this.#options;
    const run = this.#run === undefined ? {} : { run: this.#run.name };
    wire.publish(registerSubject(group), { ...self, protocol: PROTOCOL, ...run } satisfies Registration);
  }

  #accept(offer: Offer): OfferReply {
    const { self, clock, info, newFolder } = this.#options;
    const { run, version, protocol } = offer;
    if (protocol !== PROTOCOL || version !== self.version) return { refused: otherVersion(self, offer) };
    if (this.#stopped) return { refused: 'it is being stopped' };
    if (this.#run !== undefined && this.#run.name !== run)
      return { refused: `it works for the run ${this.#run.name}` };
    // An offer may arrive twice: it was accepted, and the reply was lost.
    if (this.#run === undefined) {
      let folder: string;
      try {
        folder = newFolder();
      } catch (cause) {
        return { refused: `it cannot write: ${messageOf(cause)}` };
      }
      info(`works for the run ${run}`);
      const ended = (lostTo: string | undefined) => this.#free(run, lostTo);
      this.#run = new HostedRun(offer, this.#options, { folder, ended });
    }
    return { shiftMs: clock.shiftMs };
  }

  #free(run: string, lostTo: string | undefined): void {
    const { info, group } = this.#options;
    this.#run = undefined;
    info(
      lostTo === undefined
        ? `the run ${run} has ended`
        : `gave up the run ${run}: its coordinator is lost (${lostTo})`,
    );
    if (this.#stopped) return;
    info(`waits for runs as a worker of ${group}`);
    this.#register();
  }
}

function otherVersion(self: { readonly version: string }, { version, protocol }: Offer): string {
  const own = `it is ais_bench ${self.version} (protocol ${PROTOCOL})`;
  return `${own}, the run is made by ${version} (protocol ${protocol}): install the same version on both`;
}

/** One run on a remote worker: its processes, and the link to the coordinator. */
class HostedRun {
  readonly name: string;
  readonly #options: HostOptions;
  readonly #silenceMs: number;
  readonly #folder: string;
  readonly #ended: (lostTo: string | undefined) => void;
  readonly #link: Link<HostReport, HostOrder>;
  readonly #files: FileSender;
  readonly #processes = new Map<number, HostedProcess>();
  /** Processes that have ended: orders for them are late. */
  readonly #gone = new Set<number>();
  /** By task. */
  readonly #supplies = new Map<number, SampleSupply>();
  readonly #stopPings: () => void;
  #closing: Promise<void> | undefined;

  constructor(
    { run, silenceMs }: Offer,
    options: HostOptions,
    {
      folder,
      ended,
    }: {
      /** Files of the processes; removed at the end. */
      readonly folder: string;
      /** Called once: the run has ended (undefined), or why its coordinator is lost. */
      readonly ended: (lostTo: string | undefined) => void;
    },
  ) {
    const { wire, self, connection, clock } = options;
    this.name = run;
    this.#options = options;
    this.#silenceMs = silenceMs;
    this.#folder = folder;
    this.#ended = ended;
    this.#files = new FileSender(connection, run, self.id, folder);
    this.#link = new Link(wire, {
      to: reportsSubject(run, self.id),
      from: ordersSubject(run, self.id),
      receive: (message) => this.#receive(message),
      lost: (why) => void this.close(why),
      silenceMs,
    });
    this.#stopPings = wire.subscribe(pingsSubject(run, self.id), (_, reply) => reply({ at: clock.now() }));
  }

  /** Stops the processes and leaves the run. `lostTo`: why its coordinator is lost. */
  close(lostTo?: string): Promise<void> {
    this.#closing ??= this.#close(lostTo);
    return this.#closing;
  }

  async #close(lostTo: string | undefined): Promise<void> {
    await Promise.all([...this.#processes.values()].map((process) => process.stop()));
    for (const supply of this.#supplies.values()) supply.close();
    this.#link.close();
    this.#stopPings();
    await this.#files.close();
    removeFolder(this.#folder);
    // The coordinator cannot.
    if (lostTo !== undefined) {
      const { streams } = this.#options.connection.manager;
      await streams.delete(filesStream(this.name)).catch(() => {});
    }
    this.#ended(lostTo);
  }

  #receive(message: HostOrder): void {
    if ('release' in message) {
      // Its acknowledgement is on the way: it must arrive before the link is closed.
      setImmediate(() => void this.close());
      return;
    }
    const { process: number, order } = message;
    if (this.#gone.has(number)) return;
    const { processes } = this.#options.self;
    const known = this.#processes.get(number);
    if (known === undefined && this.#processes.size >= processes) {
      const gone = `it starts no more than ${plural(processes, 'process', 'processes')}`;
      this.#link.send({ process: number, gone });
    } else (known ?? this.#start(number)).send(order);
  }

  #start(number: number): HostedProcess {
    const channel = this.#options.open(`worker ${number + 1}`, this.#silenceMs);
    const process = new HostedProcess(number, channel, {
      folder: this.#folder,
      files: this.#files,
      link: this.#link,
      supply: (task) => this.#supplyFor(task),
      gone: () => {
        this.#processes.delete(number);
        this.#gone.add(number);
      },
    });
    this.#processes.set(number, process);
    return process;
  }

  #supplyFor(task: number): SampleSupply {
    const known = this.#supplies.get(task);
    if (known !== undefined) return known;
    const supply = new SampleSupply(this.#options.connection, this.name, task, this.#silenceMs);
    this.#supplies.set(task, supply);
    return supply;
  }
}

interface HostedProcessOptions {
  readonly folder: string;
  readonly files: FileSender;
  readonly link: Link<HostReport, HostOrder>;
  readonly supply: (task: number) => SampleSupply;
  readonly gone: () => void;
}

/** One process of a remote worker: forwards its orders and reports. Samples and results go by the queue instead. */
class HostedProcess {
  readonly #number: number;
  readonly #channel: Channel;
  readonly #options: HostedProcessOptions;
  readonly #closed: Promise<void>;
  #taker: SampleTaker | undefined;
  /** Reports are passed on in their order, however long the files take. */
  #turn = Promise.resolve();

  constructor(number: number, channel: Channel, options: HostedProcessOptions) {
    const { link, files } = options;
    this.#number = number;
    this.#channel = channel;
    this.#options = options;
    this.#closed = new Promise((resolve) => {
      channel.listen({
        report: (report) => this.#forward(report),
        gone: (why) => {
          options.gone();
          void this.#release();
          this.#inTurn(async () => {
            await files.flush(number + 1);
            link.send({ process: number, gone: why });
          });
          resolve();
        },
      });
    });
  }

  send(order: Order): void {
    const refusal = order.type === 'assign' ? refuse(order) : undefined;
    if (refusal !== undefined) {
      this.#options.link.send({ process: this.#number, report: refusal });
      this.#channel.send({ type: 'stop' });
      return;
    }
    if (order.type === 'open' && order.queue !== undefined) {
      const give = (n: number) => this.#channel.send({ type: 'sample', n });
      this.#taker = this.#options.supply(order.task).taker(give);
    }
    this.#channel.send(order.type === 'assign' ? { ...order, folder: this.#options.folder } : order);
  }

  async stop(): Promise<void> {
    this.#channel.send({ type: 'abort' });
    this.#channel.send({ type: 'stop' });
    await awaitEnd(this.#channel, this.#closed);
  }

  #forward(report: Report): void {
    const { link, files } = this.#options;
    const process = this.#number;
    if (report.type === 'want') this.#taker?.want(report.samples);
    else if (report.type === 'answered') this.#taker?.answered(report.result);
    else if (report.type === 'progress') link.mention({ process, report });
    else if (report.type === 'sent')
      this.#inTurn(async () => {
        // Before the end of a task is reported its results and files are on the server.
        await this.#release();
        link.send({ process, report, files: await files.flush(process + 1) });
      });
    else
      this.#inTurn(async () => {
        if (report.type === 'broken') await this.#release();
        link.send({ process, report });
      });
  }

  async #release(): Promise<void> {
    const taker = this.#taker;
    this.#taker = undefined;
    await taker?.release();
  }

  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch((cause: unknown) => {
      const gone = `its records could not be sent: ${messageOf(cause)}`;
      this.#options.link.send({ process: this.#number, gone });
    });
  }
}

/** Refuses what the network must not start here: code that a plan names by its file, and a program that flags name. */
function refuse({ source }: OrderOf<'assign'>): Report | undefined {
  if (!('flags' in source))
    return refusal('it makes the plan by itself', 'install the same version on both hosts', '--workers');
  const { python, set = [] } = source.flags;
  if (python === undefined && !set.some((text) => /^[^=]*\bpython\s*=/.test(text))) return undefined;
  const cure = 'leave --python out, and name the interpreter in a config of the workers';
  return refusal('it starts no Python that a run names', cure, '--python');
}

function refusal(message: string, cure: string, where: string): Report {
  return { type: 'broken', why: message, error: { code: 'WORKER-PARAM-001', message, where, cure } };
}
