import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import type { Connection } from './connect.ts';
import { nanoseconds } from './queue-names.ts';

/** A message that was handed out, until it is acknowledged. */
export interface Handed {
  readonly subject: string;
  readonly data: Uint8Array;
  /** How often it was handed out, this time counted. */
  readonly deliveries: number;
  /** It is done, and goes. Resolves when the server has heard it, or the puller is closed. */
  ack(): Promise<void>;
  /** It goes to somebody else. */
  giveBack(): void;
  /** It is being worked on: the time after which it goes to somebody else begins anew. */
  keep(): void;
}

/** A request for messages waits so long on the server; then it is made again. */
const EXPIRES_MS = 4000;
/** A request of which nothing is heard for so long is lost: a server says nothing to one for a consumer that it does not have. */
const LOST_MS = EXPIRES_MS + 2000;
const SWEEP_MS = 1000;
const PAUSE_MS = 250;
const TIME_IS_UP = 408;
const ACK_TIMEOUT_MS = 2000;
/** What is not acknowledged by then is handed out again, and answered twice. */
const MOST_ACKS = 20;

/**
 * Takes messages from a pull consumer, never more than are wanted. The client's own `consume` reads ahead, and `fetch` makes a
 * subscription each time; here the number in hand moves with every answer. Each request is for one message: a server does not
 * tell which request a message came for.
 */
export class Puller {
  readonly #connection: Connection;
  readonly #subject: string;
  readonly #take: (handed: Handed) => void;
  readonly #inbox = `_INBOX.${randomUUID().replaceAll('-', '')}`;
  readonly #stop: (() => void)[] = [];
  /** Wanted, and not yet asked for. */
  #wanted = 0;
  /** When each request was made that is open, oldest first; which one a message came for is not told: the oldest. */
  readonly #asked: number[] = [];
  #isDue = false;
  #closed = false;

  constructor(
    connection: Connection,
    { stream, consumer }: { readonly stream: string; readonly consumer: string },
    take: (handed: Handed) => void,
  ) {
    const { nats } = connection;
    this.#connection = connection;
    this.#subject = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    this.#take = take;
    const subscription = nats.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error === null) this.#hear(message);
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
    this.#askSoon();
  }

  close(): void {
    this.#closed = true;
    for (const stop of this.#stop) stop();
  }

  #askSoon(pauseMs = 0): void {
    if (this.#isDue || this.#closed) return;
    this.#isDue = true;
    const ask = () => {
      this.#isDue = false;
      this.#ask();
    };
    if (pauseMs === 0) setImmediate(ask);
    else setTimeout(ask, pauseMs);
  }

  #ask(): void {
    const { nats } = this.#connection;
    if (this.#closed || nats.isClosed()) return;
    const body = JSON.stringify({ batch: 1, expires: nanoseconds(EXPIRES_MS) });
    for (; this.#wanted > 0; this.#wanted--) {
      this.#asked.push(performance.now());
      nats.publish(this.#subject, body, { reply: this.#inbox });
    }
  }

  #hear(message: Msg): void {
    const isOpen = this.#asked.shift() !== undefined;
    if (message.reply?.startsWith('$JS.ACK.')) this.#take(this.#handed(message, message.reply));
    else if (isOpen) {
      // Its time is up, or the server does not know the consumer: not yet, or no more.
      this.#wanted += 1;
      this.#askSoon(message.headers?.code === TIME_IS_UP ? 0 : PAUSE_MS);
    }
  }

  #handed({ subject, data }: Msg, reply: string): Handed {
    const { nats } = this.#connection;
    const answer = (word: string) => {
      if (!nats.isClosed()) nats.publish(reply, word);
    };
    return {
      subject,
      data,
      deliveries: deliveriesIn(reply),
      ack: () => this.#acknowledge(reply),
      giveBack: () => answer('-NAK'),
      keep: () => answer('+WPI'),
    };
  }

  /** What is told while the connection is away is lost. */
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
    this.#askAgain(this.#asked.filter((at) => at < lost).length);
  }

  async #watch(): Promise<void> {
    const status = this.#connection.nats.status();
    for await (const { type } of status) {
      if (this.#closed) return;
      if (type === 'reconnect') this.#askAgain(this.#asked.length);
    }
  }

  /** The oldest requests are lost; if they are not after all, more messages come than are wanted. */
  #askAgain(requests: number): void {
    if (requests === 0) return;
    this.#asked.splice(0, requests);
    this.#wanted += requests;
    this.#askSoon(PAUSE_MS);
  }
}

/** `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.…` */
function deliveriesIn(reply: string): number {
  const tokens = reply.split('.');
  return Number(tokens[tokens.length > 9 ? 6 : 4]);
}
