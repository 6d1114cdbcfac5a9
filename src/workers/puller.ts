import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import type { Connection } from './nats.ts';

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
