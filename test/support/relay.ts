/** A TCP relay that makes a network of this machine's loopback: delay, jitter, unequal ways, cut and silent connections. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One way of the relay. What is sent stays in order, as in TCP. */
export interface Way {
  /** Milliseconds that every piece waits, at least. */
  readonly delayMs: number;
  /** Up to this many milliseconds more, drawn anew for each piece. */
  readonly jitterMs?: number;
}

export interface Relay {
  readonly host: string;
  readonly port: number;
  /** Connections that are open. */
  readonly open: number;
  /** Connections that were ever accepted. */
  readonly accepted: number;
  /** Changes the ways, for what is read from now on. */
  set(ways: { readonly up?: Way; readonly down?: Way }): void;
  /** Resets every connection, and each new one until `heal`. What was under way is lost. */
  cut(): void;
  /** Nothing arrives any more, and nobody is told: a cable that was pulled. Ends with `heal`, or with `cut`. */
  silence(): void;
  heal(): void;
}

export interface RelayOptions {
  readonly to: { readonly host?: string; readonly port: number };
  /** Address it listens on (default: 127.0.0.1). */
  readonly host?: string;
  /** From whoever connects to the server. */
  readonly up?: Way;
  readonly down?: Way;
  /** From 0 to 1, for jitter (default: Math.random). */
  readonly random?: () => number;
  /** Bytes of the largest piece that is passed on in one write (default: any). */
  readonly pieceBytes?: number;
}

type State = 'whole' | 'cut' | 'silent';

/** Each piece is sent at once, and the end of one way leaves the other open. */
const SOCKET = { noDelay: true, allowHalfOpen: true };

/** A relay on a free port until the test is over. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const { to, host = '127.0.0.1', random = Math.random, pieceBytes = Number.POSITIVE_INFINITY } = options;
  const ways = { up: options.up ?? { delayMs: 0 }, down: options.down ?? { delayMs: 0 } };
  const links = new Set<Link>();
  let state: State = 'whole';
  let accepted = 0;
  const waitMs = ({ delayMs, jitterMs = 0 }: Way): number => delayMs + random() * jitterMs;

  const server = createServer(SOCKET, (client) => {
    accepted += 1;
    if (state === 'cut') return void client.resetAndDestroy();
    const onward = connect({ host: to.host ?? '127.0.0.1', port: to.port, ...SOCKET });
    const gone = () => links.delete(link);
    const link = new Link(client, onward, {
      up: () => waitMs(ways.up),
      down: () => waitMs(ways.down),
      gone,
      pieceBytes,
    });
    links.add(link);
    if (state === 'silent') link.silence();
  });
  const cut = (): void => {
    state = 'cut';
    for (const link of links) link.reset();
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  );
  return {
    host,
    port: (server.address() as AddressInfo).port,
    get open() {
      return links.size;
    },
    get accepted() {
      return accepted;
    },
    set: (changed) => void Object.assign(ways, changed),
    cut,
    silence: () => {
      state = 'silent';
      for (const link of links) link.silence();
    },
    heal: () => {
      state = 'whole';
      for (const link of links) link.resume();
    },
  };
}

/** A connection of the relay: two sockets that end together. */
class Link {
  private readonly sockets: readonly Socket[];
  private readonly pieceBytes: number;
  private readonly ways: readonly Delayed[];
  private isSilent = false;

  constructor(client: Socket, onward: Socket, relay: LinkOptions) {
    this.sockets = [client, onward];
    this.pieceBytes = relay.pieceBytes;
    this.ways = [this.carry(client, onward, relay.up), this.carry(onward, client, relay.down)];
    for (const socket of this.sockets) {
      socket.on('error', () => this.reset());
      socket.on('close', () => {
        if (this.sockets.every(({ closed }) => closed)) relay.gone();
      });
    }
  }

  /** Passes what `from` receives, and then its end, to `to`. */
  private carry(from: Socket, to: Socket, waitMs: () => number): Delayed {
    const way = new Delayed(waitMs);
    from.on('data', (bytes) => {
      for (let at = 0; at < bytes.length; at += this.pieceBytes) {
        const piece = bytes.subarray(at, at + this.pieceBytes);
        way.add(() => to.write(piece));
      }
    });
    from.on('end', () => way.add(() => to.end()));
    return way;
  }

  reset(): void {
    for (const way of this.ways) way.stop();
    for (const socket of this.sockets) {
      if (!socket.destroyed) socket.resetAndDestroy();
    }
  }

  silence(): void {
    this.isSilent = true;
    for (const way of this.ways) way.stop();
  }

  resume(): void {
    if (!this.isSilent) return;
    this.isSilent = false;
    for (const way of this.ways) way.start();
  }
}

interface LinkOptions {
  readonly up: () => number;
  readonly down: () => number;
  readonly gone: () => void;
  readonly pieceBytes: number;
}

/** Acts that each wait a while, done in the order in which they were added. */
class Delayed {
  private readonly waiting: { readonly due: number; readonly act: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private readonly waitMs: () => number;

  constructor(waitMs: () => number) {
    this.waitMs = waitMs;
  }

  add(act: () => void): void {
    const due = Math.max(performance.now() + this.waitMs(), this.waiting.at(-1)?.due ?? 0);
    this.waiting.push({ due, act });
    if (this.waiting.length === 1) this.arm();
  }

  start(): void {
    this.isStopped = false;
    this.arm();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private arm(): void {
    const next = this.waiting[0];
    if (next === undefined || this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.act(), Math.ceil(next.due - performance.now()));
  }

  private act(): void {
    // A timer may fire a little early.
    while (this.waiting[0] !== undefined && this.waiting[0].due <= performance.now()) {
      this.waiting.shift()!.act();
    }
    this.arm();
  }
}
