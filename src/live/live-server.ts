import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { LiveFeed } from './live-feed.ts';

export interface LiveServer {
  readonly url: string;
  /** Tells those who watch that the run has ended, and is gone at once. */
  close(): void;
}

const TICK_MS = 1000;
/** Pages beyond that are turned away: each costs a message a second. */
const MOST_WATCHERS = 16;
/** A page that does not read is left out until it has caught up, bytes. */
const MOST_UNREAD = 1 << 20;

/** Whoever is slower, or more, is turned away: the run shares its process with this server. */
const LIMITS = {
  headersTimeout: 5000,
  requestTimeout: 5000,
  connectionsCheckingInterval: 1000,
  maxConnections: 64,
};

/**
 * Serves the page of a run in progress and what changes in it, on this machine alone. Nothing of it holds the run back or the process
 * alive. Throws TMAN-CMD-002 where the port cannot be had.
 */
export async function serveLive(
  page: string,
  feed: LiveFeed,
  port: number,
  { maxConnections, ...times } = LIMITS,
): Promise<LiveServer> {
  const watchers = new Set<ServerResponse>();
  const server = createServer(times, (request, response) => {
    response.on('error', () => {});
    if (!isForUs(request, server)) refuse(response, 421, 'this page is for this machine alone');
    else if (request.method !== 'GET' || hasBody(request)) refuse(response, 405, 'there is nothing to send');
    else if (request.url === '/') send(response, page);
    else if (request.url === '/events') watch(response, watchers, feed);
    else refuse(response, 404, 'there is nothing here');
  });
  server.maxConnections = maxConnections;
  await listening(server, port);
  server.unref();
  server.on('connection', (socket) => socket.unref());
  const timer = setInterval(() => {
    const tick = feed.tick();
    if (watchers.size > 0) tell(watchers, message('tick', tick));
  }, TICK_MS);
  timer.unref();
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/`,
    close: () => {
      clearInterval(timer);
      tell(watchers, message('tick', feed.tick()) + message('end', {}));
      for (const watcher of watchers) watcher.end();
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

/** A name that somebody else's DNS lets point here is not ours: the page that it belongs to must not read this one. */
function isForUs({ headers }: IncomingMessage, server: Server): boolean {
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

/** The page's own policy, which allows its script and styles by their hashes; and no frame around it. */
function policyOf(page: string): string {
  const own =
    /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "default-src 'none'";
  return `${own}; frame-ancestors 'none'`;
}

function send(response: ServerResponse, page: string): void {
  const type = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policyOf(page) };
  response.writeHead(200, { ...SAFE, ...type }).end(page);
}

function refuse(response: ServerResponse, status: number, why: string): void {
  const type = { 'content-type': 'text/plain; charset=utf-8', connection: 'close' };
  response.writeHead(status, { ...SAFE, ...type }).end(`${why}\n`);
}

function watch(response: ServerResponse, watchers: Set<ServerResponse>, feed: LiveFeed): void {
  if (watchers.size >= MOST_WATCHERS) {
    refuse(response, 503, 'too many pages watch this run');
    return;
  }
  response.writeHead(200, { ...SAFE, 'content-type': 'text/event-stream; charset=utf-8' });
  response.write(message('start', feed.start()));
  watchers.add(response);
  response.on('close', () => watchers.delete(response));
}

function tell(watchers: ReadonlySet<ServerResponse>, text: string): void {
  for (const watcher of watchers) if (watcher.writableLength < MOST_UNREAD) watcher.write(text);
}

/** JSON has no line feeds of its own. */
function message(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
