import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleResult } from '../sending/pull-task.ts';
import type { Connection } from './nats.ts';
import { piecesOf, type Refused } from './pieces.ts';
import { pieceSubject, samplesConsumer, samplesStream } from './protocol.ts';
import { type Delivery, Puller } from './puller.ts';

/** A sample that was delivered so often without a result may be what kills its workers, and is not tried again. */
const MOST_DELIVERIES = 6;
const PUBLISH_TIMEOUT_MS = 2000;
const PAUSE_MS = 250;
/** Bytes of a message that are left for its subject and headers. */
const HEAD_BYTES = 1024;

/** One process that takes samples. */
export interface SampleTaker {
  /** Requests so many more samples. */
  want(samples: number): void;
  answered(result: SampleResult): void;
  /** Ends it: samples that it holds and did not answer go to others. Resolves when its results are on the server. */
  release(): Promise<void>;
}

/** Gives the samples of one task to the processes of a remote worker, and sends their results to the coordinator. */
export class SampleSupply {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #task: number;
  readonly #puller: Puller;
  readonly #keeping: NodeJS.Timeout;
  /** Takers that want a sample, once for each that they want. */
  #wants: Taker[] = [];
  readonly #takers = new Set<Taker>();
  #closed = false;

  /** `silenceMs`: a sample that is not confirmed for so long goes to others. */
  constructor(connection: Connection, run: string, task: number, silenceMs: number) {
    this.#connection = connection;
    this.#run = run;
    this.#task = task;
    const source = { stream: samplesStream(run), consumer: samplesConsumer(task) };
    this.#puller = new Puller(connection, source, (delivery) => this.#deal(delivery));
    this.#keeping = setInterval(() => {
      for (const taker of this.#takers) taker.keep();
    }, silenceMs / 4);
  }

  /** Adds a process; `give` sends it a sample. */
  taker(give: (n: number) => void): SampleTaker {
    const taker = new Taker({
      give,
      want: (samples) => {
        for (let k = 0; k < samples; k++) this.#wants.push(taker);
        this.#puller.want(samples);
      },
      send: (result) => this.#send(result),
      retire: () => {
        this.#wants = this.#wants.filter((one) => one !== taker);
      },
      forget: () => this.#takers.delete(taker),
    });
    this.#takers.add(taker);
    return taker;
  }

  /** Ends it: samples that are held go to others when their time is up; results that are not on the server by now are lost. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#keeping);
    this.#puller.close();
  }

  #deal(delivery: Delivery): void {
    const n = Number(Buffer.from(delivery.data).toString('utf8'));
    const holder = [...this.#takers].find((taker) => taker.holds(n));
    if (holder !== undefined) {
      // It was confirmed too late, or the server lost its state: the process that works on it goes on.
      holder.hold(n, delivery);
      this.#puller.want(1);
    } else if (delivery.deliveries > MOST_DELIVERIES) void this.#refuse(n, delivery);
    else {
      const taker = this.#wants.shift();
      if (taker === undefined) delivery.giveBack();
      else taker.take(n, delivery);
    }
  }

  async #refuse(n: number, delivery: Delivery): Promise<void> {
    this.#puller.want(1);
    if (await this.#send({ n, deliveries: delivery.deliveries })) await delivery.ack();
  }

  /** Sends a result until the server has it, which may be away for a while; false: it never had it. */
  async #send(result: SampleResult | Refused): Promise<boolean> {
    const { maxPayload } = this.#connection;
    const pieces = await piecesOf(result, maxPayload - HEAD_BYTES);
    const id = randomBytes(9).toString('base64url');
    const place = { task: this.#task, n: result.n, id, parts: pieces.length };
    const sent = pieces.map((data, part) => this.#publish(pieceSubject(this.#run, { ...place, part }), data));
    return (await Promise.all(sent)).every((isThere) => isThere);
  }

  async #publish(subject: string, data: Buffer): Promise<boolean> {
    while (!this.#closed) {
      try {
        await this.#connection.jetstream.publish(subject, data, {
          msgID: subject,
          timeout: PUBLISH_TIMEOUT_MS,
        });
        return true;
      } catch {
        await sleep(PAUSE_MS);
      }
    }
    return false;
  }
}

interface TakerOptions {
  readonly give: (n: number) => void;
  readonly want: (samples: number) => void;
  readonly send: (result: SampleResult) => Promise<boolean>;
  /** Drops the requests for samples. */
  readonly retire: () => void;
  /** Drops the taker, which holds no sample. */
  readonly forget: () => void;
}

class Taker implements SampleTaker {
  readonly #options: TakerOptions;
  /** Samples that were given to the process, until their results are on the server. */
  readonly #held = new Map<number, Delivery>();
  readonly #sending = new Map<number, Promise<void>>();

  constructor(options: TakerOptions) {
    this.#options = options;
  }

  want(samples: number): void {
    this.#options.want(samples);
  }

  answered(result: SampleResult): void {
    this.#sending.set(result.n, this.#send(result));
  }

  async release(): Promise<void> {
    this.#options.retire();
    for (const [n, delivery] of this.#held) {
      if (this.#sending.has(n)) continue;
      delivery.giveBack();
      this.#held.delete(n);
    }
    while (this.#sending.size > 0) await Promise.all(this.#sending.values());
    this.#options.forget();
  }

  async #send(result: SampleResult): Promise<void> {
    const { n } = result;
    const isThere = await this.#options.send(result);
    if (isThere) await this.#held.get(n)?.ack();
    this.#held.delete(n);
    this.#sending.delete(n);
  }

  holds(n: number): boolean {
    return this.#held.has(n);
  }

  hold(n: number, delivery: Delivery): void {
    this.#held.set(n, delivery);
  }

  take(n: number, delivery: Delivery): void {
    this.#held.set(n, delivery);
    this.#options.give(n);
  }

  keep(): void {
    for (const delivery of this.#held.values()) delivery.keep();
  }
}
