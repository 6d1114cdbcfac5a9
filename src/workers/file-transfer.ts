import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readPiece, workerFiles, workerOf } from '../store/growing-files.ts';
import type { Connection } from './connect.ts';
import { filesSubject } from './protocol.ts';

const compress = promisify(gzip);

/** Bytes of a piece before it is compressed; less where the server takes less. */
const PIECE_BYTES = 512 * 1024;
const TRICKLE_MS = 2000;
/** A server that died meanwhile answers never. */
const ANSWER_MS = 2000;
const PAUSE_MS = 250;
/** A stream that takes nothing for so long is full, or gone. */
const GIVE_UP_MS = 60_000;
/** Pieces are many and alike: speed before size. */
const LEVEL = 1;

/** Copies what an agent's workers write to the stream of the run, while they write and at the end. */
export class FileSender {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #agent: string;
  readonly #folder: string;
  /** Bytes that the stream has, by path. */
  readonly #sent = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #turn: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(connection: Connection, run: string, agent: string, folder: string) {
    this.#connection = connection;
    this.#run = run;
    this.#agent = agent;
    this.#folder = folder;
    // What cannot be sent now is told when it must be.
    this.#timer = setInterval(() => void this.#trickle().catch(() => {}), TRICKLE_MS);
  }

  /**
   * Sends all that a worker (counted from 1) has written, to the last byte; resolves with the length of its files. Rejects where they
   * cannot be read, or the stream takes nothing any more.
   */
  async flush(worker: number): Promise<Readonly<Record<string, number>>> {
    const own = () => workerFiles(this.#folder).filter(({ path }) => workerOf(path) === worker);
    await this.#inTurn(() => this.#sendAll(own(), true));
    return Object.fromEntries(own().map(({ path }) => [path, this.#sent.get(path) ?? 0]));
  }

  /** What is not sent by now stays unsent. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#turn.catch(() => {});
  }

  /** Lines only: what is not made of lines is written at one go, at the end. */
  #trickle(): Promise<void> {
    return this.#inTurn(() =>
      this.#sendAll(
        workerFiles(this.#folder).filter(({ path }) => path.endsWith('.jsonl')),
        false,
      ),
    );
  }

  /** One after the other: pieces of a file must follow each other. */
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

  /** Until the stream has it: NATS may be away for a while. Throws what the server says where it stays so. */
  async #send(path: string, offset: number, piece: Buffer): Promise<void> {
    const { jetstream, headers } = this.#connection;
    const body = await compress(piece, { level: LEVEL });
    const about = headers();
    about.set('path', path);
    about.set('offset', String(offset));
    const begun = performance.now();
    while (!this.#closed) {
      try {
        await jetstream.publish(filesSubject(this.#run, this.#agent), body, {
          msgID: `${this.#agent}:${path}:${offset}`,
          headers: about,
          timeout: ANSWER_MS,
        });
        return;
      } catch (cause) {
        if (performance.now() - begun > GIVE_UP_MS) throw cause;
        await sleep(PAUSE_MS);
      }
    }
  }
}
