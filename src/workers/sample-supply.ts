/** Samples of a queue for the processes of a remote worker, and their results in pieces. */
import { randomBytes, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Msg } from '@nats-io/transport-node';
import type { SampleResult } from '../sending/pull-task.ts';
import type { Connection } from './nats.ts';
import { pieceSubject, type ResultPiece, samplesConsumer, samplesStream } from './protocol.ts';

const compress = promisify(gzip);
const uncompress = promisify(gunzip);

/** Results are many and alike: speed before size. */
const LEVEL = 1;

/** A sample that was delivered so often without a result that it is not tried again. */
export interface Refused {
  readonly n: number;
  readonly deliveries: number;
}

/** Returns a result as compressed bytes, cut into pieces that a message can hold. */
async function piecesOf(result: SampleResult | Refused, mostBytes: number): Promise<Buffer[]> {
  const bytes = await compress(JSON.stringify(result), { level: LEVEL });
  const count = Math.ceil(bytes.length / mostBytes);
  return Array.from({ length: count }, (_, part) => bytes.subarray(part * mostBytes, (part + 1) * mostBytes));
}

/** Joins results from their pieces, in whatever order these arrive. */
export class PieceTable<Message> {
  readonly #open = new Map<
    string,
    { readonly pieces: Map<number, { data: Uint8Array; message: Message }> }
  >();

  /** Adds a piece. Returns the result that it completes, with the messages that carried it; undefined while pieces are missing. */
  async add(
    { id, part, parts }: ResultPiece,
    data: Uint8Array,
    message: Message,
  ): Promise<{ result: SampleResult | Refused; messages: Message[] } | undefined> {
    const entry = this.#open.get(id) ?? { pieces: new Map() };
    this.#open.set(id, entry);
    entry.pieces.set(part, { data, message });
    if (entry.pieces.size < parts) return undefined;
    this.#open.delete(id);
    const inOrder = Array.from({ length: parts }, (_, place) => entry.pieces.get(place)!);
    const text = (await uncompress(Buffer.concat(inOrder.map((piece) => piece.data)))).toString('utf8');
    return { result: JSON.parse(text), messages: inOrder.map((piece) => piece.message) };
  }
}

const NANOSECONDS_A_MS = 1e6;

/** Milliseconds as NATS has them. */
export function nanoseconds(milliseconds: number): number {
  return milliseconds * NANOSECONDS_A_MS;
}

/** A message that was delivered, until it is acknowledged. */
export interface Delivery {
  readonly subject: string;
  readonly data: Uint8Array;
  /** How often it was delivered, this time counted. */
  readonly deliveries: number;
  /** Removes it: it is done. Resolves when the server has acknowledged, or the puller is closed. */
  ack(): Promise<void>;
  /** Gives it back, for another consumer. */
  giveBack(): void;
  /** Restarts the time after which it is delivered to another consumer: it is being worked on. */
  keep(): void;
}

/** A request for messages waits so long on the server; then it is made again. */
const EXPIRES_MS = 4000;
/** A request without a reply for so long is lost: a server is silent about a consumer that it does not have. */
const LOST_MS = EXPIRES_MS + 2000;
const SWEEP_MS = 1000;
const PAUSE_MS = 250;
const TIME_IS_UP = 408;
const ACK_TIMEOUT_MS = 2000;
/** What is not acknowledged by then is delivered again, and answered twice. */
const MOST_ACKS = 20;

/**
 * Takes messages from a pull consumer, never more than are wanted. The client's own `consume` reads ahead, and `fetch` makes a
 * subscription each time; here the number of open samples changes with every result. Each request is for one message: a server
 * does not say which request a message is for.
 */
export class Puller {
  readonly #connection: Connection;
  readonly #subject: string;
  readonly #take: (delivery: Delivery) => void;
  readonly #inbox = `_INBOX.${randomUUID().replaceAll('-', '')}`;
  readonly #stop: (() => void)[] = [];
  /** Wanted, and not yet requested. */
  #wanted = 0;
  /** When each open request was made, oldest first; a message counts for the oldest. */
  readonly #requested: number[] = [];
  #isDue = false;
  #closed = false;

  constructor(
    connection: Connection,
    { stream, consumer }: { readonly stream: string; readonly consumer: string },
    take: (delivery: Delivery) => void,
  ) {
    const { nats } = connection;
    this.#connection = connection;
    this.#subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    this.#take = take;
    const subscription = nats.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
      },
    });
    const sweep = setInterval(() => this.#sweep(), SWEEP_MS);
    this.#stop.push(
      () => subscription.unsubscribe(),
      () => clearInterval(sweep),
    );
    void this.#watch();
  }

  want(messages: number): void {
    this.#wanted += messages;
    this.#requestSoon();
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stop) stop();
  }

  #requestSoon(pauseMs = 0): void {
    if (this.#isDue || this.#closed) return;
    this.#isDue = true;
    const request = () => {
      this.#isDue = false;
      this.#request();
    };
    if (pauseMs === 0) setImmediate(request);
    else setTimeout(request, pauseMs);
  }

  #request(): void {
    const { nats } = this.#connection;
    if (this.#closed || nats.isClosed()) return;
    const body = JSON.stringify({ batch: 1, expires: nanoseconds(EXPIRES_MS) });
    for (; this.#wanted > 0; this.#wanted--) {
      this.#requested.push(performance.now());
      nats.publish(this.#subject, body, { reply: this.#inbox });
    }
  }

  #receive(message: Msg): void {
    const isOpen = this.#requested.shift() !== undefined;
    if (message.reply?.startsWith('$JS.ACK.')) this.#take(this.#delivery(message, message.reply));
    else if (isOpen) {
      // It expired, or the server does not know the consumer: not yet, or no longer.
      this.#wanted += 1;
      this.#requestSoon(message.headers?.code === TIME_IS_UP ? 0 : PAUSE_MS);
    }
  }

  #delivery({ subject, data }: Msg, replyTo: string): Delivery {
    const { nats } = this.#connection;
    const reply = (word: string) => {
      if (!nats.isClosed()) nats.publish(replyTo, word);
    };
    return {
      subject,
      data,
      deliveries: deliveriesIn(replyTo),
      ack: () => this.#acknowledge(replyTo),
      giveBack: () => reply('-NAK'),
      keep: () => reply('+WPI'),
    };
  }

  /** Repeats the acknowledgement: what is sent while the connection is down is lost. */
  async #acknowledge(reply: string): Promise<void> {
    const { nats } = this.#connection;
    for (let trial = 0; trial < MOST_ACKS && !this.#closed && !nats.isClosed(); trial++) {
      try {
        await nats.request(reply, '+ACK', { timeout: ACK_TIMEOUT_MS });
        return;
      } catch {
        await sleep(PAUSE_MS);
      }
    }
  }

  #sweep(): void {
    const lost = performance.now() - LOST_MS;
    this.#requestAgain(this.#requested.filter((at) => at < lost).length);
  }

  async #watch(): Promise<void> {
    const status = this.#connection.nats.status();
    for await (const { type } of status) {
      if (this.#closed) return;
      if (type === 'reconnect') this.#requestAgain(this.#requested.length);
    }
  }

  /** Makes the oldest requests again, which are lost; if they are not, more messages arrive than are wanted. */
  #requestAgain(requests: number): void {
    if (requests === 0) return;
    this.#requested.splice(0, requests);
    this.#wanted += requests;
    this.#requestSoon(PAUSE_MS);
  }
}

/** `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.…` */
function deliveriesIn(reply: string): number {
  const tokens = reply.split('.');
  return Number(tokens[tokens.length > 9 ? 6 : 4]);
}

/** A sample that was delivered so often without a result may be what kills its workers, and is not tried again. */
const MOST_DELIVERIES = 6;
const PUBLISH_TIMEOUT_MS = 2000;
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
