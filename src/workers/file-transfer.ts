/** The files of remote workers: copied over a stream of the NATS server into the run's folder, while they grow and at the end. */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { appendPiece, readPiece, workerFiles, workerOf } from '../store/growing-files.ts';
import { type Connection, noStreams } from './nats.ts';
import { filesStream, filesSubject } from './protocol.ts';

const compress = promisify(gzip);
const uncompress = promisify(gunzip);

/** Bytes of a piece before it is compressed; less where the server takes less. */
const PIECE_BYTES = 512 * 1024;
const TRICKLE_MS = 2000;
/** A server that died meanwhile never acknowledges. */
const ACK_MS = 2000;
const PAUSE_MS = 250;
/** A stream that takes nothing for so long is full, or gone. */
const GIVE_UP_MS = 60_000;
/** Pieces are many and alike: speed before size. */
const LEVEL = 1;

/** Copies the files that a worker's processes write to the stream of the run. */
export class FileSender {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #worker: string;
  readonly #folder: string;
  /** Bytes that the stream has, by path. */
  readonly #sent = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(connection: Connection, run: string, worker: string, folder: string) {
    this.#connection = connection;
    this.#run = run;
    this.#worker = worker;
    this.#folder = folder;
    // What cannot be sent now is reported when it must be sent.
    this.#timer = setInterval(() => void this.#trickle().catch(() => {}), TRICKLE_MS);
  }

  /**
   * Sends everything that a process (counted from 1) has written, to the last byte; resolves with the lengths of its files. Rejects
   * where they cannot be read, or the stream takes nothing any more.
   */
  async flush(process: number): Promise<Readonly<Record<string, number>>> {
    const own = () => workerFiles(this.#folder).filter(({ path }) => workerOf(path) === process);
    await this.#inTurn(() => this.#sendAll(own(), true));
    return Object.fromEntries(own().map(({ path }) => [path, this.#sent.get(path) ?? 0]));
  }

  /** Ends it; what is not sent by now stays unsent. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#turn.catch(() => {});
  }

  /** Sends whole lines; a file that is not made of lines is written at one go, at the end. */
  #trickle(): Promise<void> {
    return this.#inTurn(() =>
      this.#sendAll(
        workerFiles(this.#folder).filter(({ path }) => path.endsWith('.jsonl')),
        false,
      ),
    );
  }

  /** Runs one after the other: pieces of a file must follow each other. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work, work);
    return this.#turn;
  }

  async #sendAll(files: ReturnType<typeof workerFiles>, isWhole: boolean): Promise<void> {
    for (const { path, size } of files) {
      for (let offset = this.#sent.get(path) ?? 0; offset < size && !this.#closed; ) {
        const most = Math.min(PIECE_BYTES, Math.floor(this.#connection.maxPayload / 2));
        const piece = readPiece(join(this.#folder, path), offset, most, isWhole);
        if (piece.length === 0) break;
        await this.#send(path, offset, piece);
        offset += piece.length;
        this.#sent.set(path, offset);
      }
    }
  }

  /** Sends a piece until the stream has it: NATS may be away for a while. Throws what the server says where it stays away. */
  async #send(path: string, offset: number, piece: Buffer): Promise<void> {
    const { jetstream, headers } = this.#connection;
    const body = await compress(piece, { level: LEVEL });
    const described = headers();
    described.set('path', path);
    described.set('offset', String(offset));
    const begun = performance.now();
    while (!this.#closed) {
      try {
        await jetstream.publish(filesSubject(this.#run, this.#worker), body, {
          msgID: `${this.#worker}:${path}:${offset}`,
          headers: described,
          timeout: ACK_MS,
        });
        return;
      } catch (cause) {
        if (performance.now() - begun > GIVE_UP_MS) throw cause;
        await sleep(PAUSE_MS);
      }
    }
  }
}

const NANOSECONDS_A_SECOND = 1e9;
/** The server removes what a killed coordinator left after so long. */
const KEPT_SECONDS = 24 * 60 * 60;
/** Announced files of which nothing has arrived for so long are missing. */
const ARRIVAL_MS = 60_000;
/** How long the server holds a request for more, ms: half as long without a sign, and it is sent again. */
const PULL_MS = 2000;
/** Written pieces are dropped from the stream after so many of them. */
const PURGE_EVERY = 256;

/** Writes the files of a run's workers from its stream into the run's folder. */
export class FileReceiver {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #folder: string;
  /** Processes (counted from 1) of each worker: it may write for no other. */
  readonly #processes: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #sizes = new Map<string, number>();
  #messages: ConsumerMessages | undefined;
  #waiting: (() => void)[] = [];
  /** Place in the stream of the last piece that was written. */
  #taken = 0;
  #failure: unknown;
  readonly #arrivalMs: number;

  private constructor(
    connection: Connection,
    run: string,
    folder: string,
    processes: ReadonlyMap<string, ReadonlySet<number>>,
    arrivalMs: number,
  ) {
    this.#connection = connection;
    this.#run = run;
    this.#folder = folder;
    this.#processes = processes;
    this.#arrivalMs = arrivalMs;
  }

  /** Makes the stream and starts; `arrivalMs`: how long to wait for the next piece of what was announced. Throws WORKER-STREAM-001 where the server keeps none. */
  static async open(
    connection: Connection,
    run: string,
    folder: string,
    processes: ReadonlyMap<string, ReadonlySet<number>>,
    arrivalMs = ARRIVAL_MS,
  ): Promise<FileReceiver> {
    const receiver = new FileReceiver(connection, run, folder, processes, arrivalMs);
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
      throw noStreams(cause);
    }
    return receiver;
  }

  /** Resolves when these files are here, in these lengths. Throws what writing them threw, and where nothing arrives any more. */
  async arrived(files: Readonly<Record<string, number>>): Promise<void> {
    const isHere = () => Object.entries(files).every(([path, size]) => (this.#sizes.get(path) ?? 0) >= size);
    await this.#until(isHere);
  }

  /** Resolves when everything is here that is in the stream now. */
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
        timer = setTimeout(() => resolve(true), this.#arrivalMs);
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
    const worker = message.subject.split('.').at(-1) ?? '';
    const process = workerOf(path);
    if (process !== undefined && this.#processes.get(worker)?.has(process)) {
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
