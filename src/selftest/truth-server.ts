/**
 * A raw SSE server that knows the truth: `net`, prepared bytes, one write per event. It does next to nothing for a request, so that
 * the client is measured and not the server, and logs when every event was sent, on the machine's monotonic clock.
 */

import { createServer, type Server, type Socket } from 'node:net';
import type { Instant } from '../sending/run-clock.ts';

export const MODEL_NAME = 'selftest-model';

const WORDS = [' the', ' quick', ' brown', ' fox', ' jumps', ' over', ' a', ' lazy', ' dog', ' and'];

const HEAD = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n',
  'latin1',
);

function chunk(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

function event(choices: unknown, more: object = {}): Buffer {
  const data = {
    id: 'chatcmpl-0d9f3c1b2a4e4f6f8a7b6c5d4e3f2a1b',
    object: 'chat.completion.chunk',
    created: 1700000000,
    model: MODEL_NAME,
    choices,
    ...more,
  };
  return chunk(`data: ${JSON.stringify(data)}\n\n`);
}

const choice = (delta: object, reason: string | null = null) => [
  { index: 0, delta, logprobs: null, finish_reason: reason },
];

const ROLE = event(choice({ role: 'assistant', content: '' }));

/** Makes content events of this many words, one per chunk; event `n` of a stream is `events[n % events.length]`. */
function contentEvents(words: number): readonly Buffer[] {
  return WORDS.map((_, first) => {
    const content = Array.from({ length: words }, (_, n) => WORDS[(first + n) % WORDS.length]).join('');
    return event(choice({ content }));
  });
}

/** Events of one write in a flood: about 64 KiB. */
const BLOCK_EVENTS = 250;

/** Joins this many content events. */
function joinContent(count: number, events: readonly Buffer[]): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, n) => events[n % events.length]!));
}

/** Makes the end of a reply of `count` tokens: finish reason, usage, `[DONE]` and the last chunk, in one write. */
function replyEnd(count: number): Buffer {
  return Buffer.concat([
    event(choice({}, 'stop')),
    event([], { usage: { prompt_tokens: 8, completion_tokens: count, total_tokens: 8 + count } }),
    chunk('data: [DONE]\n\n'),
    Buffer.from('0\r\n\r\n'),
  ]);
}

/** How the server answers every request until the next order. */
export interface ServerOrder {
  /**
   * `instant`: the whole reply at once; `flat`: as fast as the client reads; `hold`: headers, and the rest after one period;
   * `spread`: paced, each stream with its own phase; `step`: paced, all at the same moment, as a batching engine does.
   */
  readonly shape: 'instant' | 'flat' | 'hold' | 'spread' | 'step';
  /** Of one stream; the period is its inverse. */
  readonly eventsPerSecond: number;
  /** Content events of one stream. */
  readonly events: number;
  /** Words of one content event; absent: one. The usage counts each as a token. */
  readonly words?: number;
  /** Paced shapes: streams that must be open before the first event is sent. */
  readonly streams?: number;
  /** Paced shapes: zero of the clock on which every write is logged; absent: no log. */
  readonly logSince?: Instant;
}

/** What the server counted since the last order. */
export interface ServerReport {
  readonly accepted: number;
  /** Requests in flight, by the server's count: the largest number, and the mean from reaching it to the arrival of the last request. */
  readonly peak: number;
  readonly meanHeld: number;
  /** Times of the writes of content, ms since `logSince`: stream by stream, as many as a stream has events. */
  readonly log: readonly number[];
}

/** Connections that wait to be accepted: a load may open thousands at once. */
const BACKLOG = 16_384;

const IDLE: ServerOrder = { shape: 'instant', eventsPerSecond: 1, events: 1 };

/** Answers requests as its last order says, and counts them. */
export class TruthServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #order = IDLE;
  /** Written repeatedly, for `flat`. */
  #block: Buffer = Buffer.alloc(0);
  /** The end of a reply, or all of it. */
  #last: Buffer = Buffer.alloc(0);
  #paced: PacedStreams | undefined;
  #held = new HeldCount();
  #accepted = 0;

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#take(socket));
    this.obey(IDLE);
  }

  /** Listens on a free loopback port and returns it. Rejects with the error of the socket. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  close(): void {
    this.#paced?.stop();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Answers requests so from now on; counters are reset. */
  obey(order: ServerOrder): void {
    const { shape, events, words = 1 } = order;
    this.#paced?.stop();
    this.#paced = undefined;
    this.#order = order;
    const content = contentEvents(words);
    const end = replyEnd(events * words);
    const isPaced = shape === 'spread' || shape === 'step';
    if (isPaced) this.#paced = new PacedStreams(order, content, end, () => this.#held.change(-1));
    this.#block = shape === 'flat' ? joinContent(BLOCK_EVENTS, content) : Buffer.alloc(0);
    const whole = () => Buffer.concat([joinContent(events, content), end]);
    if (shape === 'instant') this.#last = Buffer.concat([HEAD, ROLE, whole()]);
    else this.#last = shape === 'hold' ? whole() : end;
    this.#held = new HeldCount();
    this.#accepted = 0;
  }

  report(): ServerReport {
    return {
      accepted: this.#accepted,
      peak: this.#held.peak,
      meanHeld: this.#held.mean,
      log: this.#paced?.log ?? [],
    };
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    let pending = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (bytes) => {
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
      const end = findHeadEnd(pending);
      if (end === undefined) return;
      const body = pending.toString('latin1', end.head);
      pending = Buffer.alloc(0);
      this.#answer(socket, body);
    });
  }

  #answer(socket: Socket, body: string): void {
    const { shape, eventsPerSecond } = this.#order;
    this.#accepted += 1;
    this.#held.change(1);
    if (shape === 'instant') this.#end(socket, this.#last);
    else if (shape === 'flat') {
      socket.write(Buffer.concat([HEAD, ROLE]));
      this.#flood(socket, 0);
    } else if (shape === 'hold') {
      socket.write(Buffer.concat([HEAD, ROLE]));
      setTimeout(() => this.#end(socket, this.#last), 1000 / eventsPerSecond);
    } else {
      socket.write(HEAD);
      socket.write(ROLE);
      this.#paced?.add(socket, streamNumber(body));
    }
  }

  /** Sends as fast as the client reads. */
  #flood(socket: Socket, from: number): void {
    let sent = from;
    while (sent < this.#order.events && !socket.destroyed) {
      sent += BLOCK_EVENTS;
      if (!socket.write(this.#block)) {
        socket.once('drain', () => this.#flood(socket, sent));
        return;
      }
    }
    this.#end(socket, this.#last);
  }

  #end(socket: Socket, bytes: Buffer): void {
    socket.write(bytes);
    this.#held.change(-1);
  }
}

/** Returns the end of the head once the whole request has arrived. */
function findHeadEnd(bytes: Buffer): { readonly head: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = end + 4;
  const length = /content-length: *(\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1] ?? '0';
  return bytes.length < head + Number(length) ? undefined : { head };
}

/** The client's number of a stream, from 0, which the prompt holds. */
function streamNumber(body: string): number {
  return Number(/stream (\d+)/.exec(body)?.[1] ?? 0);
}

/** Requests in flight over time, as the server counts them. */
class HeldCount {
  #live = 0;
  #area = 0;
  #at = 0;
  /** When the peak was reached, and when the last request arrived, with the area up to then. */
  #full = { at: 0, area: 0 };
  #last = { at: 0, area: 0 };
  peak = 0;

  change(by: 1 | -1): void {
    const at = performance.now();
    this.#area += this.#live * (at - this.#at);
    this.#at = at;
    this.#live += by;
    if (by < 0) return;
    this.#last = { at, area: this.#area };
    if (this.#live <= this.peak) return;
    this.peak = this.#live;
    this.#full = this.#last;
  }

  /** Mean in flight from the first moment of the peak to the arrival of the last request; 0 if these coincide. */
  get mean(): number {
    const span = this.#last.at - this.#full.at;
    return span > 0 ? (this.#last.area - this.#full.area) / span : 0;
  }
}

interface PacedStream {
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
class PacedStreams {
  readonly #order: ServerOrder;
  readonly #content: readonly Buffer[];
  readonly #tail: Buffer;
  readonly #ended: () => void;
  readonly #stamp: (() => number) | undefined;
  readonly #streams: PacedStream[] = [];
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

  #send(stream: PacedStream): void {
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
