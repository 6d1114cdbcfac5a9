import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleResult } from '../sending/pull-task.ts';
import { type Connection, noStreams } from './nats.ts';
import {
  parsePiece,
  RESULTS_CONSUMER,
  resultsStream,
  resultsSubject,
  samplesConsumer,
  samplesStream,
  samplesSubject,
} from './protocol.ts';
import { type Delivery, nanoseconds, PieceTable, Puller } from './sample-supply.ts';

/** Stores the results of a task. */
interface ResultStore {
  /** Samples without a result. */
  readonly left: ReadonlySet<number>;
  keep(result: SampleResult): void;
  /** Writes what was kept to the files. */
  flush(): void;
}

interface SampleQueueOptions {
  readonly task: number;
  readonly samples: readonly number[];
  /** Largest number of samples that workers hold at once; undefined: no bound. */
  readonly mostHeld: number | undefined;
  /** A sample that its worker does not confirm for so long goes to another, ms. */
  readonly silenceMs: number;
  readonly store: ResultStore;
}

const PUBLISH_TIMEOUT_MS = 2000;
const PAUSE_MS = 250;
/** Samples that are on their way to the server at once. */
const PUBLISHED_AT_ONCE = 256;
/** Results are acknowledged once they are in the files. */
const FLUSH_EVERY_MS = 250;
const LOOK_EVERY_MS = 2000;
/** A result that was delivered, and not kept, is delivered again after so long. */
const RESULT_HELD_MS = 10_000;
/** A run that is stopped waits so long for a server that is away. */
const CATCH_UP_MS = 10_000;
/** Results that are read ahead. */
const RESULTS_AT_ONCE = 256;
/** Requests for samples that may wait on the server. */
const MOST_REQUESTS = 65_536;

const DAY_MS = 24 * 60 * 60 * 1000;

/** The server removes what a killed run left after so long: until then `--reuse` finds it. */
const KEPT_MS = 7 * DAY_MS;

/** The samples of one task on the server, until each has a result in the files. */
export class SampleQueue {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #options: SampleQueueOptions;
  readonly #pieces = new PieceTable<Delivery>();
  /** Kept, and perhaps not yet in the files. */
  #unacknowledged: Delivery[] = [];
  #results: Puller | undefined;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #refused = new Map<number, number>();
  #round = 0;
  #isPublishing = false;
  #emptyLooks = 0;
  #isLooking = false;
  #closed = false;
  #failure: unknown;
  #waiting: (() => void)[] = [];

  private constructor(connection: Connection, run: string, options: SampleQueueOptions) {
    this.#connection = connection;
    this.#run = run;
    this.#options = options;
  }

  /** Puts the samples on the server and starts to take results. Throws WORKER-STREAM-001 where it keeps no streams. */
  static async open(connection: Connection, run: string, options: SampleQueueOptions): Promise<SampleQueue> {
    const queue = new SampleQueue(connection, run, options);
    await queue.#make();
    // A task that was stopped may have left some.
    await connection.manager.streams.purge(samplesStream(run));
    const source = { stream: resultsStream(run), consumer: RESULTS_CONSUMER };
    queue.#results = new Puller(connection, source, (delivery) => {
      queue.#take(delivery).catch((error) => queue.#fail(error));
    });
    queue.#results.want(RESULTS_AT_ONCE);
    queue.#timers.push(
      setInterval(() => queue.#guarded(() => queue.#flush()), FLUSH_EVERY_MS),
      setInterval(() => void queue.#look(), LOOK_EVERY_MS),
    );
    void queue.#publish(options.samples);
    return queue;
  }

  /** Samples that were delivered too often, and never answered. */
  get refused(): readonly number[] {
    return [...this.#refused.keys()].filter((n) => this.#options.store.left.has(n));
  }

  /** Resolves when every sample has its result, or was refused. Throws what keeping results threw. */
  async answered(): Promise<void> {
    await this.#until(() => this.#options.store.left.size <= this.refused.length);
  }

  /** Resolves when no wanted result is left on the server, or the server stays away. Throws as `answered` does. */
  async caughtUp(): Promise<void> {
    const { manager } = this.#connection;
    const deadline = performance.now() + CATCH_UP_MS;
    const isOver = () => this.#failure !== undefined || this.#options.store.left.size === 0;
    while (!isOver() && performance.now() < deadline) {
      this.#guarded(() => this.#flush());
      try {
        const { state } = await manager.streams.info(resultsStream(this.#run));
        if (state.messages === 0) return;
      } catch {
        // The server is away; it has the results when it is back.
      }
      await sleep(PAUSE_MS);
    }
    this.#flush();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends it: samples that no worker has taken are removed, and results that were not kept stay. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#guarded(() => this.#flush());
    this.#results?.close();
    this.#wake();
    const { streams, consumers } = this.#connection.manager;
    await consumers.delete(samplesStream(this.#run), samplesConsumer(this.#options.task)).catch(() => {});
    await streams.purge(samplesStream(this.#run)).catch(() => {});
  }

  async #make(): Promise<void> {
    const { manager } = this.#connection;
    const { task, mostHeld, silenceMs } = this.#options;
    await makeStreams(this.#connection, this.#run);
    await manager.consumers.add(samplesStream(this.#run), {
      durable_name: samplesConsumer(task),
      filter_subject: samplesSubject(this.#run, task),
      ack_policy: 'explicit',
      ack_wait: nanoseconds(silenceMs),
      max_ack_pending: mostHeld ?? -1,
      max_waiting: MOST_REQUESTS,
    });
    await manager.consumers.add(resultsStream(this.#run), {
      durable_name: RESULTS_CONSUMER,
      ack_policy: 'explicit',
      ack_wait: nanoseconds(RESULT_HELD_MS),
      max_ack_pending: -1,
    });
  }

  async #publish(samples: Iterable<number>): Promise<void> {
    this.#isPublishing = true;
    this.#round += 1;
    const rest = samples[Symbol.iterator]();
    const one = async (): Promise<void> => {
      for (let next = rest.next(); !next.done && !this.#closed; next = rest.next())
        await this.#publishOne(next.value);
    };
    await Promise.all(Array.from({ length: PUBLISHED_AT_ONCE }, one));
    this.#isPublishing = false;
  }

  async #publishOne(n: number): Promise<void> {
    const { task, store } = this.#options;
    const options = { msgID: `${task}:${n}:${this.#round}`, timeout: PUBLISH_TIMEOUT_MS };
    while (!this.#closed && store.left.has(n)) {
      try {
        await this.#connection.jetstream.publish(samplesSubject(this.#run, task), String(n), options);
        return;
      } catch {
        await sleep(PAUSE_MS);
      }
    }
  }

  async #take(delivery: Delivery): Promise<void> {
    const piece = parsePiece(delivery.subject);
    const whole = await this.#pieces.add(piece, delivery.data, delivery);
    this.#results?.want(1);
    if (whole === undefined) return;
    const { result, messages } = whole;
    if (piece.task === this.#options.task) {
      if ('deliveries' in result) this.#refused.set(result.n, result.deliveries);
      else this.#options.store.keep(result);
    }
    this.#unacknowledged.push(...messages);
    this.#emptyLooks = 0;
    this.#wake();
  }

  #flush(): void {
    if (this.#unacknowledged.length === 0) return;
    this.#options.store.flush();
    for (const delivery of this.#unacknowledged) void delivery.ack();
    this.#unacknowledged = [];
  }

  /**
   * Looks whether samples were lost with the server's disk, or with an acknowledgement: where the server has neither samples nor
   * results, twice in a row, what has no result is put there again.
   */
  async #look(): Promise<void> {
    if (this.#isLooking || this.#isPublishing || this.#closed) return;
    this.#isLooking = true;
    try {
      await this.#make();
      const { streams } = this.#connection.manager;
      const counts = [samplesStream(this.#run), resultsStream(this.#run)].map((name) => streams.info(name));
      const isEmpty = (await Promise.all(counts)).every(({ state }) => state.messages === 0);
      this.#emptyLooks = isEmpty && this.#unacknowledged.length === 0 ? this.#emptyLooks + 1 : 0;
      const left = [...this.#options.store.left].filter((n) => !this.#refused.has(n));
      if (this.#emptyLooks >= 2 && left.length > 0 && !this.#closed) {
        this.#emptyLooks = 0;
        void this.#publish(left);
      }
    } catch {
      // The server is away, or has a stream that differs: the next look is soon.
    } finally {
      this.#isLooking = false;
    }
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake();
  }

  async #until(condition: () => boolean): Promise<void> {
    while (this.#failure === undefined && !this.#closed && !condition())
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#failure !== undefined) throw this.#failure;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Removes the run from the server; resolves with false where it does not reply, and keeps what it has. */
export async function removeStreams({ manager }: Connection, run: string): Promise<boolean> {
  let isGone = true;
  for (const name of [samplesStream(run), resultsStream(run)]) {
    await manager.streams.delete(name).catch((error: Error) => {
      isGone &&= error.name === 'StreamNotFoundError';
    });
  }
  return isGone;
}

/**
 * Makes both streams where they are missing. A message is on disk when it was accepted, and removed when it was acknowledged.
 * Throws WORKER-STREAM-001 where the server keeps no streams.
 */
async function makeStreams({ manager }: Connection, run: string): Promise<void> {
  const common = { retention: 'workqueue', storage: 'file', max_age: nanoseconds(KEPT_MS) } as const;
  try {
    await manager.streams.add({ ...common, name: samplesStream(run), subjects: [samplesSubject(run, '*')] });
    await manager.streams.add({ ...common, name: resultsStream(run), subjects: [resultsSubject(run)] });
  } catch (cause) {
    throw noStreams(cause);
  }
}
