import { plural } from '../basics/plural.ts';
import { messageOf } from '../contract/errors.ts';
import { removeFolder } from '../store/growing-files.ts';
import { Channel } from './channel.ts';
import type { Connection } from './connect.ts';
import { FileSender } from './file-sender.ts';
import type { HostClock } from './host-clock.ts';
import {
  filesStream,
  type Invitation,
  ordersSubject,
  pingsSubject,
  reportsSubject,
  type ToAgent,
  type ToCoordinator,
} from './protocol.ts';
import { CaseSupply, type CaseTaker } from './queue-supply.ts';
import type { Wire } from './wire.ts';

/** A process of an agent that sends. */
export interface HostedWorker {
  tell(order: unknown): void;
  /** Ends it, whatever it does; resolves when it is gone. */
  end(): Promise<void>;
}

/**
 * `news` may be lost and is told at once; a `word` is heard in any case; a `result` is heard when what the worker wrote has reached
 * the coordinator.
 */
export type ReportKind = 'news' | 'word' | 'result';

export interface Hearing {
  report(report: unknown, kind: ReportKind): void;
  gone(why: string): void;
}

/** Lets a process take the cases of a task; `give` hands it one. */
export type TakeCases = (task: number, give: (n: number) => void) => CaseTaker;

/** Starts load worker `worker`, counted from 0, which writes below `folder`. */
export type Launch = (worker: number, folder: string, hearing: Hearing, cases: TakeCases) => HostedWorker;

export interface SessionOptions {
  readonly connection: Connection;
  readonly wire: Wire;
  readonly agent: string;
  readonly clock: HostClock;
  /** That it has at most. */
  readonly workers: number;
  readonly launch: Launch;
  /** Where the workers write; removed at the end. */
  readonly folder: string;
  /** Called once: the run is over (undefined), or why its coordinator is lost. */
  readonly ended: (lostTo: string | undefined) => void;
}

/** One run on an agent: its workers, and the way between them and the coordinator. */
export class Session {
  readonly run: string;
  readonly #options: SessionOptions;
  readonly #channel: Channel<ToCoordinator, ToAgent>;
  readonly #files: FileSender;
  readonly #workers = new Map<number, HostedWorker>();
  /** Those that have ended: what comes for them comes too late. */
  readonly #gone = new Set<number>();
  /** By task. */
  readonly #supplies = new Map<number, CaseSupply>();
  readonly #silenceMs: number;
  readonly #stopPings: () => void;
  #closing: Promise<void> | undefined;

  constructor({ run, silenceMs }: Invitation, options: SessionOptions) {
    const { wire, agent, connection, clock, folder } = options;
    this.run = run;
    this.#options = options;
    this.#silenceMs = silenceMs;
    this.#files = new FileSender(connection, run, agent, folder);
    this.#channel = new Channel(wire, {
      to: reportsSubject(run, agent),
      from: ordersSubject(run, agent),
      hear: (message) => this.#obey(message),
      lost: (why) => void this.close(why),
      silenceMs,
    });
    this.#stopPings = wire.subscribe(pingsSubject(run, agent), (_, answer) => answer({ at: clock.now() }));
  }

  /** Ends the workers and lets go of the run. `lostTo`: why its coordinator is lost. */
  close(lostTo?: string): Promise<void> {
    this.#closing ??= this.#close(lostTo);
    return this.#closing;
  }

  async #close(lostTo: string | undefined): Promise<void> {
    const { connection, folder, ended } = this.#options;
    await Promise.all([...this.#workers.values()].map((worker) => worker.end()));
    for (const supply of this.#supplies.values()) supply.close();
    this.#channel.close();
    this.#stopPings();
    await this.#files.close();
    removeFolder(folder);
    // Nobody is left who would.
    if (lostTo !== undefined) await connection.manager.streams.delete(filesStream(this.run)).catch(() => {});
    ended(lostTo);
  }

  #obey(message: ToAgent): void {
    if ('over' in message) {
      // Its answer is on the way: the coordinator must hear it before the channel ends.
      setImmediate(() => void this.close());
      return;
    }
    const { worker, order } = message;
    if (this.#gone.has(worker)) return;
    const known = this.#workers.get(worker);
    if (known === undefined && this.#workers.size >= this.#options.workers)
      this.#channel.tell({
        worker,
        gone: `it lets no more than ${plural(this.#options.workers, 'process', 'processes')} send`,
      });
    else (known ?? this.#launch(worker)).tell(order);
  }

  #launch(worker: number): HostedWorker {
    const { launch, folder } = this.#options;
    // What a worker told is passed on in its order, however long its files take.
    let turn = Promise.resolve();
    const inTurn = (tell: () => Promise<void> | void) => {
      turn = turn.then(tell).catch((cause: unknown) => {
        this.#channel.tell({ worker, gone: `its records could not be sent: ${messageOf(cause)}` });
      });
    };
    const hearing: Hearing = {
      report: (report, kind) => {
        if (kind === 'news') this.#channel.mention({ worker, report });
        else if (kind === 'word') inTurn(() => this.#channel.tell({ worker, report }));
        else
          inTurn(async () =>
            this.#channel.tell({ worker, report, files: await this.#files.flush(worker + 1) }),
          );
      },
      gone: (why) => {
        this.#workers.delete(worker);
        this.#gone.add(worker);
        inTurn(async () => {
          await this.#files.flush(worker + 1);
          this.#channel.tell({ worker, gone: why });
        });
      },
    };
    const launched = launch(worker, folder, hearing, (task, give) => this.#supplyOf(task).taker(give));
    this.#workers.set(worker, launched);
    return launched;
  }

  #supplyOf(task: number): CaseSupply {
    const known = this.#supplies.get(task);
    if (known !== undefined) return known;
    const supply = new CaseSupply(this.#options.connection, this.run, task, this.#silenceMs);
    this.#supplies.set(task, supply);
    return supply;
  }
}
