/**
 * A raw SSE server that knows the truth: `net`, prepared bytes, one write an event. It does next to nothing for a request, so that
 * the client and not the server is what gets measured, and notes when every event left on the machine's monotonic clock.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { HeldCount } from './held-count.ts';
import { PacedStreams } from './paced-streams.ts';
import { BLOCK_EVENTS, contentEvents, contentOf, HEAD, ROLE, tail } from './reply-bytes.ts';
import type { ServerOrder, ServerReport } from './wire.ts';

/** Connections that wait to be accepted: a load may open thousands at once. */
const BACKLOG = 16_384;

const IDLE: ServerOrder = { shape: 'instant', eventsPerSecond: 1, events: 1 };

export class TruthServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #order = IDLE;
  /** What is written again and again, where a reply is a flood. */
  #block: Buffer = Buffer.alloc(0);
  /** What is written last, or the whole reply. */
  #last: Buffer = Buffer.alloc(0);
  #paced: PacedStreams | undefined;
  #held = new HeldCount();
  #accepted = 0;

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#take(socket));
    this.obey(IDLE);
  }

  /** Listens on a free port of the loopback, and tells which. Rejects with what the socket says. */
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

  /** What becomes of the requests from now on; counters begin anew. */
  obey(order: ServerOrder): void {
    const { shape, events, words = 1 } = order;
    this.#paced?.stop();
    this.#paced = undefined;
    this.#order = order;
    const content = contentEvents(words);
    const end = tail(events * words);
    const isPaced = shape === 'spread' || shape === 'step';
    if (isPaced) this.#paced = new PacedStreams(order, content, end, () => this.#held.change(-1));
    this.#block = shape === 'flat' ? contentOf(BLOCK_EVENTS, content) : Buffer.alloc(0);
    const whole = () => Buffer.concat([contentOf(events, content), end]);
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
      const end = endOfRequest(pending);
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

  /** As fast as the peer takes it. */
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

/** Where the head ends, once all of the request is there. */
function endOfRequest(bytes: Buffer): { readonly head: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = end + 4;
  const length = /content-length: *(\d+)/i.exec(bytes.toString('latin1', 0, end))?.[1] ?? '0';
  return bytes.length < head + Number(length) ? undefined : { head };
}

/** The client's number of a stream, from 0: the prompt says it. */
function streamNumber(body: string): number {
  return Number(/stream (\d+)/.exec(body)?.[1] ?? 0);
}
