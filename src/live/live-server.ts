import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import type { LiveFeed } from './live-feed.ts';

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
