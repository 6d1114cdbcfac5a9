import type { Socket } from 'node:net';
import type { ServerOrder } from './truth-server.ts';

interface Stream {
  readonly socket: Socket;
  readonly number: number;
  sent: number;
  /** Milliseconds on `performance.now()`. */
  due: number;
}

/** Pause between the last stream's arrival and the first event: opening connections is over by then. */
const CALM_MS = 200;

/** Due times nearer than this are awaited by turns of the event loop: timers are whole milliseconds. */
const TIMER_MS = 2;

/** Streams that send one event a period, all with the same period, and a log of when each event was sent. */
export class PacedStreams {
  readonly #order: ServerOrder;
  readonly #content: readonly Buffer[];
  readonly #tail: Buffer;
  readonly #ended: () => void;
  readonly #stamp: (() => number) | undefined;
  readonly #streams: Stream[] = [];
  /** Times of the writes, stream by stream. */
  readonly log: number[];
  /** Events sent, of all streams. */
  #turns = 0;
  #stopped = false;

  constructor(order: ServerOrder, content: readonly Buffer[], tail: Buffer, ended: () => void) {
    this.#order = order;
    this.#content = content;
    this.#tail = tail;
    this.#ended = ended;
    this.#stamp = order.logSince === undefined ? undefined : monotonicSince(BigInt(order.logSince));
    this.log = order.logSince === undefined ? [] : Array((order.streams ?? 0) * order.events).fill(0);
  }

  /** Adds a stream; the last one that was ordered starts the sending. */
  add(socket: Socket, number: number): void {
    if (this.#streams.push({ socket, number, sent: 0, due: 0 }) !== this.#order.streams) return;
    const start = performance.now() + CALM_MS;
    const apart = this.#order.shape === 'spread' ? this.#period / this.#streams.length : 0;
    for (const [place, stream] of this.#streams.entries()) stream.due = start + place * apart;
    setTimeout(this.#turn, CALM_MS - TIMER_MS);
  }

  stop(): void {
    this.#stopped = true;
  }

  get #period(): number {
    return 1000 / this.#order.eventsPerSecond;
  }

  /** Streams take turns in the order of their due times, because all have one period; each has as many turns as events. */
  readonly #turn = (): void => {
    const at = performance.now();
    const { length } = this.#streams;
    const total = length * this.#order.events;
    for (let sent = 0; sent < length && this.#turns < total; sent++, this.#turns++) {
      const stream = this.#streams[this.#turns % length]!;
      if (stream.due > at) break;
      this.#send(stream);
    }
    if (this.#turns === total || this.#stopped) return;
    const wait = this.#streams[this.#turns % length]!.due - performance.now();
    if (wait > TIMER_MS) setTimeout(this.#turn, wait - TIMER_MS);
    else setImmediate(this.#turn);
  };

  #send(stream: Stream): void {
    const { events } = this.#order;
    if (this.#stamp !== undefined) this.log[stream.number * events + stream.sent] = this.#stamp();
    stream.socket.write(this.#content[stream.sent % this.#content.length]!);
    stream.sent += 1;
    stream.due += this.#period;
    if (stream.sent < events) return;
    stream.socket.write(this.#tail);
    this.#ended();
  }
}

/** Returns a clock: milliseconds since an instant of the machine's monotonic clock. */
function monotonicSince(instant: bigint): () => number {
  return () => Number(process.hrtime.bigint() - instant) / 1e6;
}
