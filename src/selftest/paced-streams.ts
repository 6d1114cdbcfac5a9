import type { Socket } from 'node:net';
import { CONTENT } from './reply-bytes.ts';
import type { ServerOrder } from './wire.ts';

interface Stream {
  readonly socket: Socket;
  readonly number: number;
  sent: number;
  /** Milliseconds on `performance.now()`. */
  due: number;
}

/** From the last stream's arrival to the first event: what was opened has calmed down by then. */
const CALM_MS = 200;

/** Due times nearer than this are waited for by turns of the loop: timers are whole milliseconds. */
const TIMER_MS = 2;

/** Streams that send one event a period, all with the same period, and a log of when each event left. */
export class PacedStreams {
  readonly #order: ServerOrder;
  readonly #tail: Buffer;
  readonly #ended: () => void;
  readonly #stamp: (() => number) | undefined;
  readonly #streams: Stream[] = [];
  /** Times of the writes, stream by stream. */
  readonly log: number[];
  #next = 0;
  #left = 0;
  #stopped = false;

  constructor(order: ServerOrder, tail: Buffer, ended: () => void) {
    this.#order = order;
    this.#tail = tail;
    this.#ended = ended;
    this.#stamp = order.logSince === undefined ? undefined : monotonicSince(BigInt(order.logSince));
    this.log = order.logSince === undefined ? [] : Array((order.streams ?? 0) * order.events).fill(0);
  }

  /** With the last stream that was ordered the sending begins. */
  add(socket: Socket, number: number): void {
    if (this.#streams.push({ socket, number, sent: 0, due: 0 }) !== this.#order.streams) return;
    const start = performance.now() + CALM_MS;
    this.#left = this.#streams.length;
    for (const [place, stream] of this.#streams.entries()) {
      stream.due = start + (this.#order.shape === 'spread' ? (place / this.#left) * this.#period : 0);
    }
    setTimeout(this.#turn, CALM_MS - TIMER_MS);
  }

  stop(): void {
    this.#stopped = true;
  }

  get #period(): number {
    return 1000 / this.#order.eventsPerSecond;
  }

  /** Streams stay in the order of their due times, because all have one period. */
  readonly #turn = (): void => {
    const at = performance.now();
    const { length } = this.#streams;
    for (let sent = 0; sent < length && this.#streams[this.#next]!.due <= at; sent++) {
      this.#send(this.#streams[this.#next]!);
      this.#next = (this.#next + 1) % length;
    }
    if (this.#left === 0 || this.#stopped) return;
    const wait = this.#streams[this.#next]!.due - performance.now();
    if (wait > TIMER_MS) setTimeout(this.#turn, wait - TIMER_MS);
    else setImmediate(this.#turn);
  };

  #send(stream: Stream): void {
    const { events } = this.#order;
    if (this.#stamp !== undefined) this.log[stream.number * events + stream.sent] = this.#stamp();
    stream.socket.write(CONTENT[stream.sent % CONTENT.length]!);
    stream.sent += 1;
    stream.due += this.#period;
    if (stream.sent < events) return;
    stream.socket.write(this.#tail);
    this.#left -= 1;
    this.#ended();
  }
}

/** Milliseconds since an instant of the machine's monotonic clock, read anew each time. */
function monotonicSince(instant: bigint): () => number {
  return () => Number(process.hrtime.bigint() - instant) / 1e6;
}
