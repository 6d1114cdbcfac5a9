import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseAnswer } from '../sending/pull-task.ts';
import type { Connection } from './connect.ts';
import {
  answersConsumer,
  answersStream,
  casesConsumer,
  casesStream,
  casesSubject,
  makeStreams,
  nanoseconds,
  pieceOf,
} from './queue-names.ts';
import { PieceTable } from './queue-pieces.ts';
import { type Handed, Puller } from './queue-pull.ts';

/** Where the answers of a task go. */
interface Keeper {
  /** Cases without an answer. */
  readonly left: ReadonlySet<number>;
  keep(answer: CaseAnswer): void;
  /** What was kept is in the files when this returns. */
  flush(): void;
}

interface TaskOptions {
  readonly task: number;
  readonly cases: readonly number[];
  /** Largest number of cases in anybody's hands; undefined: no bound. */
  readonly mostInHand: number | undefined;
  /** A case that nobody says to work on for so long goes to somebody else, ms. */
  readonly silenceMs: number;
  readonly keeper: Keeper;
}

const PUBLISH_TIMEOUT_MS = 2000;
const PAUSE_MS = 250;
/** Cases that are on their way to the server at once. */
const PUBLISHED_AT_ONCE = 256;
/** Answers are acknowledged once they are in the files. */
const FLUSH_EVERY_MS = 250;
const LOOK_EVERY_MS = 2000;
/** An answer that the coordinator has heard of, and not kept, is sent again after so long. */
const ANSWER_HELD_MS = 10_000;
/** A server that is away when a run is stopped is waited for so long. */
const CATCH_UP_MS = 10_000;
/** Answers that are read ahead. */
const ANSWERS_AT_ONCE = 256;
/** Requests for cases that may wait on the server. */
const MOST_REQUESTS = 65_536;

/** The cases of one task on the server, until each has an answer in the files. */
export class CaseQueue {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #options: TaskOptions;
  readonly #pieces = new PieceTable<Handed>();
  /** In the keeper, and perhaps not yet in the files. */
  #unacknowledged: Handed[] = [];
  #answers: Puller | undefined;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #refused = new Map<number, number>();
  #round = 0;
  #isPublishing = false;
  #emptyLooks = 0;
  #isLooking = false;
  #closed = false;
  #failure: unknown;
  #waiting: (() => void)[] = [];

  private constructor(connection: Connection, run: string, options: TaskOptions) {
    this.#connection = connection;
    this.#run = run;
    this.#options = options;
  }

  /** Puts the cases on the server and begins to take answers. Throws AGENT-STREAM-001 where it keeps no streams. */
  static async open(connection: Connection, run: string, options: TaskOptions): Promise<CaseQueue> {
    const queue = new CaseQueue(connection, run, options);
    await queue.#make();
    // What a task that was stopped left.
    await connection.manager.streams.purge(casesStream(run));
    const source = { stream: answersStream(run), consumer: answersConsumer };
    queue.#answers = new Puller(connection, source, (handed) => {
      queue.#take(handed).catch((error) => queue.#fail(error));
    });
    queue.#answers.want(ANSWERS_AT_ONCE);
    queue.#timers.push(
      setInterval(() => queue.#guarded(() => queue.#flush()), FLUSH_EVERY_MS),
      setInterval(() => void queue.#look(), LOOK_EVERY_MS),
    );
    void queue.#publish(options.cases);
    return queue;
  }

  /** Cases that were handed out too often, and never answered. */
  get refused(): readonly number[] {
    return [...this.#refused.keys()].filter((n) => this.#options.keeper.left.has(n));
  }

  /** Resolves when every case has its answer, or was refused. Throws what keeping answers threw. */
  async answered(): Promise<void> {
    await this.#until(() => this.#options.keeper.left.size <= this.refused.length);
  }

  /** Resolves when no answer is left on the server that is wanted here, or it is not to be had. Throws as `answered` does. */
  async caughtUp(): Promise<void> {
    const { manager } = this.#connection;
    const tired = performance.now() + CATCH_UP_MS;
    const isOver = () => this.#failure !== undefined || this.#options.keeper.left.size === 0;
    while (!isOver() && performance.now() < tired) {
      this.#guarded(() => this.#flush());
      try {
        const { state } = await manager.streams.info(answersStream(this.#run));
        if (state.messages === 0) return;
      } catch {
        // The server is away; it has the answers when it comes back.
      }
      await sleep(PAUSE_MS);
    }
    this.#flush();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Ends it: cases that nobody has taken go, and answers that were not kept stay. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#guarded(() => this.#flush());
    this.#answers?.close();
    this.#wake();
    const { streams, consumers } = this.#connection.manager;
    await consumers.delete(casesStream(this.#run), casesConsumer(this.#options.task)).catch(() => {});
    await streams.purge(casesStream(this.#run)).catch(() => {});
  }

  async #make(): Promise<void> {
    const { manager } = this.#connection;
    const { task, mostInHand, silenceMs } = this.#options;
    await makeStreams(this.#connection, this.#run);
    await manager.consumers.add(casesStream(this.#run), {
      durable_name: casesConsumer(task),
      filter_subject: casesSubject(this.#run, task),
      ack_policy: 'explicit',
      ack_wait: nanoseconds(silenceMs),
      max_ack_pending: mostInHand ?? -1,
      max_waiting: MOST_REQUESTS,
    });
    await manager.consumers.add(answersStream(this.#run), {
      durable_name: answersConsumer,
      ack_policy: 'explicit',
      ack_wait: nanoseconds(ANSWER_HELD_MS),
      max_ack_pending: -1,
    });
  }

  async #publish(cases: Iterable<number>): Promise<void> {
    this.#isPublishing = true;
    this.#round += 1;
    const rest = cases[Symbol.iterator]();
    const one = async (): Promise<void> => {
      for (let next = rest.next(); !next.done && !this.#closed; next = rest.next())
        await this.#publishOne(next.value);
    };
    await Promise.all(Array.from({ length: PUBLISHED_AT_ONCE }, one));
    this.#isPublishing = false;
  }

  async #publishOne(n: number): Promise<void> {
    const { task, keeper } = this.#options;
    const options = { msgID: `${task}:${n}:${this.#round}`, timeout: PUBLISH_TIMEOUT_MS };
    while (!this.#closed && keeper.left.has(n)) {
      try {
        await this.#connection.jetstream.publish(casesSubject(this.#run, task), String(n), options);
        return;
      } catch {
        await sleep(PAUSE_MS);
      }
    }
  }

  async #take(handed: Handed): Promise<void> {
    const piece = pieceOf(handed.subject);
    const whole = await this.#pieces.add(piece, handed.data, handed);
    this.#answers?.want(1);
    if (whole === undefined) return;
    const { answer, messages } = whole;
    if (piece.task === this.#options.task) {
      if ('deliveries' in answer) this.#refused.set(answer.n, answer.deliveries);
      else this.#options.keeper.keep(answer);
    }
    this.#unacknowledged.push(...messages);
    this.#emptyLooks = 0;
    this.#wake();
  }

  #flush(): void {
    if (this.#unacknowledged.length === 0) return;
    this.#options.keeper.flush();
    for (const handed of this.#unacknowledged) void handed.ack();
    this.#unacknowledged = [];
  }

  /**
   * A server that lost its disk, or an acknowledgement on the way to it, must not leave a case in nobody's hands: where it has
   * neither cases nor answers, twice in a row, what has no answer is put there again.
   */
  async #look(): Promise<void> {
    if (this.#isLooking || this.#isPublishing || this.#closed) return;
    this.#isLooking = true;
    try {
      await this.#make();
      const { streams } = this.#connection.manager;
      const counts = [casesStream(this.#run), answersStream(this.#run)].map((name) => streams.info(name));
      const isEmpty = (await Promise.all(counts)).every(({ state }) => state.messages === 0);
      this.#emptyLooks = isEmpty && this.#unacknowledged.length === 0 ? this.#emptyLooks + 1 : 0;
      const left = [...this.#options.keeper.left].filter((n) => !this.#refused.has(n));
      if (this.#emptyLooks >= 2 && left.length > 0 && !this.#closed) {
        this.#emptyLooks = 0;
        void this.#publish(left);
      }
    } catch {
      // The server is away, or asks for something that it had otherwise: the next look is soon.
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

/** Nothing of the run stays on the server; resolves with false where it does not answer, and keeps what it has. */
export async function removeStreams({ manager }: Connection, run: string): Promise<boolean> {
  let isGone = true;
  for (const name of [casesStream(run), answersStream(run)]) {
    await manager.streams.delete(name).catch((error: Error) => {
      isGone &&= error.name === 'StreamNotFoundError';
    });
  }
  return isGone;
}
