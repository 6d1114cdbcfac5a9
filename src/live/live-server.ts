/** The course of a run as a live page shows it, and the server of that page. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defined } from '../basics/defined.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { LiveFigures } from '../metrics/live.ts';
import { Sketch } from '../metrics/sketch.ts';
import type { TaskLine } from './progress-table.ts';
import { readSpread, type Spread, type TaskState } from './task-state.ts';

/** How a task went in one interval: a point of the charts of a live page. */
export interface LivePoint {
  /** End of the interval, ms from the task's first request. */
  readonly at: number;
  readonly inFlight: number;
  /** Samples begun per second, lately. */
  readonly rate?: number;
  /** Target of `rate`; absent in a closed loop. */
  readonly targetRate?: number;
  readonly tokensPerSecond?: number;
  /** Samples that failed so far. */
  readonly failed: number;
  /** Of requests that ended in the interval; ms. */
  readonly ttft?: Spread;
  readonly itl?: Spread;
}

/** Points above which two become one: a page draws no more, and the memory of a long run stays small. */
const MOST_POINTS = 720;

/** The points of one task. */
export class TaskHistory {
  #points: LivePoint[] = [];
  /** Ticks per point. */
  #stride = 1;
  #ticks = 0;

  get points(): readonly LivePoint[] {
    return this.#points;
  }

  /** Reads the state, once a tick; returns a new point when one is due. */
  tick(state: TaskState, live: LiveFigures | undefined): LivePoint | undefined {
    this.#ticks += 1;
    if (this.#ticks % this.#stride !== 0) return undefined;
    const { inFlight, rate, targetRate, tokensPerSecond, failed, elapsed } = state;
    const ttft = live && recent(live.ttft);
    const itl = live && recent(live.itl);
    const point: LivePoint = {
      ...{ at: Math.round(elapsed), inFlight, failed },
      ...defined({ rate, targetRate, tokensPerSecond, ttft, itl }),
    };
    this.#points.push(point);
    if (this.#points.length >= MOST_POINTS) this.#thin();
    return point;
  }

  /** Merges points in pairs: the mean of the load, the worse of the latencies. */
  #thin(): void {
    const points: LivePoint[] = [];
    for (let n = 1; n < this.#points.length; n += 2)
      points.push(merge(this.#points[n - 1]!, this.#points[n]!));
    this.#points = points;
    this.#stride *= 2;
  }
}

/** Percentiles of what a sketch gained since the last call. */
function recent(sketch: Sketch): Spread | undefined {
  const gained = new Sketch();
  gained.addChanges(sketch.takeChanges());
  return readSpread(gained);
}

function merge(a: LivePoint, b: LivePoint): LivePoint {
  const rate = a.rate === undefined || b.rate === undefined ? undefined : (a.rate + b.rate) / 2;
  const latencies = defined({ ttft: worse(a.ttft, b.ttft), itl: worse(a.itl, b.itl) });
  return { ...b, inFlight: (a.inFlight + b.inFlight) / 2, ...defined({ rate }), ...latencies };
}

function worse(a: Spread | undefined, b: Spread | undefined): Spread | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { p50: Math.max(a.p50, b.p50), p99: Math.max(a.p99, b.p99) };
}

/** A task of a run as it is now. */
interface WatchedTask {
  readonly line: TaskLine;
  readonly live: LiveFigures | undefined;
}

/** First message to a page: everything so far. */
export interface LiveStart {
  readonly tasks: readonly TaskLine[];
  /** By index of the task. */
  readonly points: readonly (readonly LivePoint[])[];
}

/** Further messages, one per second. */
export interface LiveTick {
  readonly tasks: readonly TaskLine[];
  /** New points of running tasks; `task` is their index. */
  readonly points: readonly (LivePoint & { readonly task: number })[];
}

/** Collects the points of a run for the pages that follow it. */
export class LiveFeed {
  readonly #watch: () => readonly WatchedTask[];
  readonly #histories: TaskHistory[] = [];

  constructor(watch: () => readonly WatchedTask[]) {
    this.#watch = watch;
  }

  /** Returns everything so far. */
  start(): LiveStart {
    const tasks = this.#watch().map(({ line }) => line);
    return { tasks, points: tasks.map((_, task) => this.#history(task).points) };
  }

  /** Adds points for running tasks; call it once a second. */
  tick(): LiveTick {
    const watched = this.#watch();
    const points = watched.flatMap(({ line: { status, state }, live }, task) => {
      if (status !== 'running' || state === undefined) return [];
      const point = this.#history(task).tick(state, live);
      return point === undefined ? [] : [{ ...point, task }];
    });
    return { tasks: watched.map(({ line }) => line), points };
  }

  #history(task: number): TaskHistory {
    this.#histories[task] ??= new TaskHistory();
    return this.#histories[task];
  }
}

/** A live page that is served. */
export interface LiveServer {
  readonly url: string;
  /** Sends the end of the run to the open pages and stops serving. */
  close(): void;
}

const TICK_MS = 1000;
/** More pages are refused: each costs a message per second. */
const MOST_PAGES = 16;
/** Unread bytes above which a page gets no messages until it has caught up. */
const MOST_UNREAD = 1 << 20;

/** Slower and further connections are refused: the run shares its process with this server. */
const LIMITS = {
  headersTimeout: 5000,
  requestTimeout: 5000,
  connectionsCheckingInterval: 1000,
  maxConnections: 64,
};

/**
 * Serves the page of a run and its changes, to this machine only. It neither delays the run nor keeps the process alive. Throws
 * TMAN-CMD-002 when the port is not available.
 */
export async function serveLive(
  page: string,
  feed: LiveFeed,
  port: number,
  { maxConnections, ...times } = LIMITS,
): Promise<LiveServer> {
  const streams = new Set<ServerResponse>();
  const server = createServer(times, (request, response) => {
    response.on('error', () => {});
    if (!isLocalName(request, server)) refuse(response, 421, 'this page is for this machine only');
    else if (request.method !== 'GET' || hasBody(request)) refuse(response, 405, 'only GET is allowed');
    else if (request.url === '/') send(response, page);
    else if (request.url === '/events') watch(response, streams, feed);
    else refuse(response, 404, 'not found');
  });
  server.maxConnections = maxConnections;
  await listening(server, port);
  server.unref();
  server.on('connection', (socket) => socket.unref());
  const timer = setInterval(() => {
    const tick = feed.tick();
    if (streams.size > 0) sendAll(streams, message('tick', tick));
  }, TICK_MS);
  timer.unref();
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/`,
    close: () => {
      clearInterval(timer);
      sendAll(streams, message('tick', feed.tick()) + message('end', {}));
      for (const stream of streams) stream.end();
      server.close();
      server.closeIdleConnections();
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AisBenchError('TMAN-CMD-002', `the live page cannot be served: ${messageOf(cause)}`, {
          where: `--live ${port}`,
          cure: 'give another port; 0 picks a free one',
          cause,
        }),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Refuses names that a foreign DNS points to this machine (DNS rebinding): their pages must not read this one. */
function isLocalName({ headers }: IncomingMessage, server: Server): boolean {
  const { port } = server.address() as AddressInfo;
  return [`127.0.0.1:${port}`, `localhost:${port}`].includes(headers.host?.toLowerCase() ?? '');
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const SAFE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** The page's own policy, which allows its script and styles by their hashes, and no framing. */
function pagePolicy(page: string): string {
  const own =
    /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "default-src 'none'";
  return `${own}; frame-ancestors 'none'`;
}

function send(response: ServerResponse, page: string): void {
  const type = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': pagePolicy(page) };
  response.writeHead(200, { ...SAFE, ...type }).end(page);
}

function refuse(response: ServerResponse, status: number, why: string): void {
  const type = { 'content-type': 'text/plain; charset=utf-8', connection: 'close' };
  response.writeHead(status, { ...SAFE, ...type }).end(`${why}\n`);
}

function watch(response: ServerResponse, streams: Set<ServerResponse>, feed: LiveFeed): void {
  if (streams.size >= MOST_PAGES) {
    refuse(response, 503, 'too many pages follow this run');
    return;
  }
  response.writeHead(200, { ...SAFE, 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(message('start', feed.start()));
  streams.add(response);
  response.on('close', () => streams.delete(response));
}

function sendAll(streams: ReadonlySet<ServerResponse>, text: string): void {
  for (const stream of streams) if (stream.writableLength < MOST_UNREAD) stream.write(text);
}

/** JSON has no line feeds of its own. */
function message(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
