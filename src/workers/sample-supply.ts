import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseAnswer } from '../sending/pull-task.ts';
import type { Connection } from './connect.ts';
import { casesConsumer, casesStream, pieceSubject } from './queue-names.ts';
import { piecesOf, type Refused } from './queue-pieces.ts';
import { type Handed, Puller } from './queue-pull.ts';

/** A case that so many had in hand, and none answered: it may be what ends them, and is not tried again. */
const MOST_DELIVERIES = 6;
const PUBLISH_TIMEOUT_MS = 2000;
const PAUSE_MS = 250;
/** Bytes of a message that are left for its subject and headers. */
const HEAD_BYTES = 1024;

/** One process that takes cases. */
export interface CaseTaker {
  /** So many more cases can be taken. */
  want(cases: number): void;
  answered(answer: CaseAnswer): void;
  /** It takes no more: what it has in hand and did not answer goes to others. Resolves when its answers are on the server. */
  release(): Promise<void>;
}

/** The cases of one task, as the processes of an agent take them, and the way of their answers to the coordinator. */
export class CaseSupply {
  readonly #connection: Connection;
  readonly #run: string;
  readonly #task: number;
  readonly #puller: Puller;
  readonly #keeping: NodeJS.Timeout;
  /** Who wants a case, once for each that is wanted. */
  #wants: Taker[] = [];
  readonly #takers = new Set<Taker>();
  #closed = false;

  /** `silenceMs`: a case that is not said to be worked on for so long goes to others. */
  constructor(connection: Connection, run: string, task: number, silenceMs: number) {
    this.#connection = connection;
    this.#run = run;
    this.#task = task;
    const source = { stream: casesStream(run), consumer: casesConsumer(task) };
    this.#puller = new Puller(connection, source, (handed) => this.#deal(handed));
    this.#keeping = setInterval(() => {
      for (const taker of this.#takers) taker.keep();
    }, silenceMs / 4);
  }

  /** `give`: hands a case to the process. */
  taker(give: (n: number) => void): CaseTaker {
    const taker = new Taker({
      give,
      want: (cases) => {
        for (let k = 0; k < cases; k++) this.#wants.push(taker);
        this.#puller.want(cases);
      },
      send: (answer) => this.#send(answer),
      retire: () => {
        this.#wants = this.#wants.filter((one) => one !== taker);
      },
      forget: () => this.#takers.delete(taker),
    });
    this.#takers.add(taker);
    return taker;
  }

  /** What is in hand goes to others when its time is up; what is not on the server by now is lost. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#keeping);
    this.#puller.close();
  }

  #deal(handed: Handed): void {
    const n = Number(Buffer.from(handed.data).toString('utf8'));
    const holder = [...this.#takers].find((taker) => taker.holds(n));
    if (holder !== undefined) {
      // It was kept too late, or the server lost what it knew of it: whoever works on it goes on.
      holder.hold(n, handed);
      this.#puller.want(1);
    } else if (handed.deliveries > MOST_DELIVERIES) void this.#refuse(n, handed);
    else {
      const taker = this.#wants.shift();
      if (taker === undefined) handed.giveBack();
      else taker.take(n, handed);
    }
  }

  async #refuse(n: number, handed: Handed): Promise<void> {
    this.#puller.want(1);
    if (await this.#send({ n, deliveries: handed.deliveries })) await handed.ack();
  }

  /** Until the server has it, which may be away for a while; false: it never had it. */
  async #send(answer: CaseAnswer | Refused): Promise<boolean> {
    const { maxPayload } = this.#connection;
    const pieces = await piecesOf(answer, maxPayload - HEAD_BYTES);
    const id = randomBytes(9).toString('base64url');
    const place = { task: this.#task, n: answer.n, id, parts: pieces.length };
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
  readonly want: (cases: number) => void;
  readonly send: (answer: CaseAnswer) => Promise<boolean>;
  /** No more cases are wanted. */
  readonly retire: () => void;
  /** It has none in hand. */
  readonly forget: () => void;
}

class Taker implements CaseTaker {
  readonly #options: TakerOptions;
  /** Cases that were given to the process, until their answers are on the server. */
  readonly #hands = new Map<number, Handed>();
  readonly #sending = new Map<number, Promise<void>>();

  constructor(options: TakerOptions) {
    this.#options = options;
  }

  want(cases: number): void {
    this.#options.want(cases);
  }

  answered(answer: CaseAnswer): void {
    const { n } = answer;
    this.#sending.set(n, this.#send(answer));
  }

  async release(): Promise<void> {
    this.#options.retire();
    for (const [n, handed] of this.#hands) {
      if (this.#sending.has(n)) continue;
      handed.giveBack();
      this.#hands.delete(n);
    }
    while (this.#sending.size > 0) await Promise.all(this.#sending.values());
    this.#options.forget();
  }

  async #send(answer: CaseAnswer): Promise<void> {
    const { n } = answer;
    const isThere = await this.#options.send(answer);
    if (isThere) await this.#hands.get(n)?.ack();
    this.#hands.delete(n);
    this.#sending.delete(n);
  }

  holds(n: number): boolean {
    return this.#hands.has(n);
  }

  hold(n: number, handed: Handed): void {
    this.#hands.set(n, handed);
  }

  take(n: number, handed: Handed): void {
    this.#hands.set(n, handed);
    this.#options.give(n);
  }

  keep(): void {
    for (const handed of this.#hands.values()) handed.keep();
  }
}
