import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { appendPiece, workerOf } from '../store/growing-files.ts';
import type { Connection } from './connect.ts';
import { filesStream, filesSubject } from './protocol.ts';

const uncompress = promisify(gunzip);

const NANOSECONDS_A_SECOND = 1e9;
/** What a coordinator that was killed left on the server goes by itself. */
const KEPT_SECONDS = 24 * 60 * 60;
/** Files that were announced, and of which nothing has come for so long, never will. */
const PATIENCE_MS = 60_000;
/** How long the server holds a question for more, ms: half as long without a sign, and it is asked anew. */
const PULL_MS = 2000;
/** What has been written is dropped from the stream after so many pieces. */
const PURGE_EVERY = 256;

/** Takes the files of a run's agents from its stream into the run's folder. */
export class FileReceiver {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #folder: string;
  /** Load workers (counted from 1) of each agent: it may write for no other. */
  readonly #workers: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #sizes = new Map<string, number>();
  #messages: ConsumerMessages | undefined;
  #waiting: (() => void)[] = [];
  /** Place in the stream of the last piece that was taken. */
  #taken = 0;
  #failure: unknown;
  readonly #patienceMs: number;

  private constructor(
    connection: Connection,
    run: string,
    folder: string,
    workers: ReadonlyMap<string, ReadonlySet<number>>,
    patienceMs: number,
  ) {
    this.#connection = connection;
    this.#run = run;
    this.#folder = folder;
    this.#workers = workers;
    this.#patienceMs = patienceMs;
  }

  /** Makes the stream and begins; `patienceMs`: how long to wait for the next piece of what was announced. Throws AGENT-STREAM-001 where the server keeps none. */
  static async open(
    connection: Connection,
    run: string,
    folder: string,
    workers: ReadonlyMap<string, ReadonlySet<number>>,
    patienceMs = PATIENCE_MS,
  ): Promise<FileReceiver> {
    const receiver = new FileReceiver(connection, run, folder, workers, patienceMs);
    try {
      await connection.manager.streams.add({
        name: filesStream(run),
        subjects: [filesSubject(run, '*')],
        storage: 'file',
        max_age: KEPT_SECONDS * NANOSECONDS_A_SECOND,
      });
      const consumer = await connection.jetstream.consumers.get(filesStream(run));
      await receiver.#consume(consumer);
    } catch (cause) {
      throw noStream(cause);
    }
    return receiver;
  }

  /** Resolves when these files are here, as long as that. Throws what writing them threw, and where nothing comes any more. */
  async have(files: Readonly<Record<string, number>>): Promise<void> {
    const isHere = () => Object.entries(files).every(([path, size]) => (this.#sizes.get(path) ?? 0) >= size);
    await this.#until(isHere);
  }

  /** Resolves when all is here that is in the stream now. */
  async caughtUp(): Promise<void> {
    const { state } = await this.#connection.manager.streams.info(filesStream(this.#run));
    await this.#until(() => this.#taken >= state.last_seq);
  }

  /** Ends it, and removes the stream. */
  async close(): Promise<void> {
    this.#messages?.stop();
    await this.#connection.manager.streams.delete(filesStream(this.#run)).catch(() => {});
  }

  async #until(condition: () => boolean): Promise<void> {
    while (this.#failure === undefined && !condition()) {
      let timer: NodeJS.Timeout | undefined;
      const isOver = await new Promise<boolean>((resolve) => {
        this.#waiting.push(() => resolve(false));
        timer = setTimeout(() => resolve(true), this.#patienceMs);
      });
      clearTimeout(timer);
      if (isOver && !condition()) throw new Error('its records did not arrive');
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #consume(consumer: Consumer): Promise<void> {
    const messages = await consumer.consume({ max_messages: 16, expires: PULL_MS });
    this.#messages = messages;
    void (async () => {
      try {
        for await (const message of messages) await this.#take(message);
      } catch (error) {
        this.#failure = error;
      }
      this.#wake();
    })();
  }

  async #take(message: JsMsg): Promise<void> {
    const path = message.headers?.get('path') ?? '';
    const offset = Number(message.headers?.get('offset'));
    const agent = message.subject.split('.').at(-1) ?? '';
    const worker = workerOf(path);
    if (worker !== undefined && this.#workers.get(agent)?.has(worker)) {
      const size = appendPiece(this.#folder, path, offset, await uncompress(message.data));
      this.#sizes.set(path, Math.max(size, this.#sizes.get(path) ?? 0));
    }
    this.#taken = message.seq;
    if (this.#taken % PURGE_EVERY === 0) {
      const seq = this.#taken + 1;
      await this.#connection.manager.streams.purge(filesStream(this.#run), { seq }).catch(() => {});
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function noStream(cause: unknown): AisBenchError {
  return new AisBenchError('AGENT-STREAM-001', `the NATS server keeps no streams: ${messageOf(cause)}`, {
    where: '--nats',
    cure: 'start it with JetStream: nats-server -js -sd FOLDER',
    cause,
  });
}
