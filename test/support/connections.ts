/** Real TLS servers, proxies and HTTP/2 servers on this machine, for tests of how a service is reached. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingHttpHeaders,
} from 'node:http';
import {
  createServer as createHttp2Server,
  createSecureServer,
  type IncomingHttpHeaders as Http2Headers,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { PemFile } from '../../src/transport/types.ts';

/** Path of a file of test/fixtures/tls. */
export function pemPath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

export function pem(name: string): PemFile {
  const path = pemPath(name);
  return { path, text: readFileSync(path, 'utf8') };
}

const IDENTITY = { cert: pem('server.pem').text, key: pem('server.key').text };

interface Listening {
  readonly port: number;
  /** Sockets that are open. */
  readonly sockets: ReadonlySet<Duplex>;
}

/** Listens on a free port of 127.0.0.1 until the test is over. */
async function listen(server: Server | Http2Server): Promise<Listening> {
  const sockets = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return { port: (server.address() as AddressInfo).port, sockets };
}

export interface TlsFront extends Listening {
  /** What each client showed: the subject of its certificate, and the name it asked for. */
  readonly clients: readonly { readonly subject: unknown; readonly servername: string | false }[];
}

/** Ends TLS before a server that speaks plain TCP, as a gateway does. */
export async function tlsBefore(port: number, options: TlsOptions = {}): Promise<TlsFront> {
  const clients: { subject: unknown; servername: string | false }[] = [];
  const server = createTlsServer({ ...IDENTITY, ...options }, (socket: TLSSocket) => {
    const subject = socket.getPeerCertificate().subject?.CN;
    clients.push({ subject, servername: (socket as { servername?: string | false }).servername ?? false });
    socket.on('error', () => {});
    join(socket, connect(port, '127.0.0.1'));
  });
  server.on('tlsClientError', () => {});
  return { ...(await listen(server)), clients };
}

function join(a: Duplex, b: Duplex): void {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}

export interface TestProxy extends Listening {
  readonly url: string;
  /** Connections that came over TLS. */
  readonly secured: number;
  /** Request lines as they came: `CONNECT host:port`, `POST http://host/path`. */
  readonly asked: readonly { readonly line: string; readonly headers: IncomingHttpHeaders }[];
}

/** A forward proxy: tunnels, and plain requests in absolute form. `authorization` is what it insists on. */
export async function startProxy({
  authorization,
  tls = false,
}: {
  authorization?: string;
  tls?: boolean;
} = {}): Promise<TestProxy> {
  const asked: { line: string; headers: IncomingHttpHeaders }[] = [];
  const isWelcome = (headers: IncomingHttpHeaders) =>
    authorization === undefined || headers['proxy-authorization'] === authorization;
  const server = createHttpServer((incoming, outgoing) => {
    asked.push({ line: `${incoming.method} ${incoming.url}`, headers: incoming.headers });
    if (!isWelcome(incoming.headers)) return void outgoing.writeHead(407).end('who are you?');
    const { 'proxy-authorization': _own, ...headers } = incoming.headers;
    const onward = httpRequest(incoming.url!, { method: incoming.method!, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode!, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('connect', ({ url = '', headers }, socket: Socket) => {
    asked.push({ line: `CONNECT ${url}`, headers });
    socket.on('error', () => {});
    if (!isWelcome(headers)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const [, host = '', port] = /^\[?(.+?)\]?:(\d+)$/.exec(url) ?? [];
    const onward = connect(Number(port), host.endsWith('.test') ? '127.0.0.1' : host);
    onward.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\nVia: 1.1 test\r\n\r\n');
      join(socket, onward);
    });
    onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  const listening = await listen(server);
  if (!tls) return { ...listening, url: `http://127.0.0.1:${listening.port}`, asked, secured: 0 };
  const { clients, ...front } = await tlsBefore(listening.port);
  return {
    ...front,
    url: `https://localhost:${front.port}`,
    asked,
    get secured() {
      return clients.length;
    },
  };
}

/** Accepts connections, reads what comes, and says nothing. */
export async function startMute(): Promise<Listening> {
  return listen(createTcpServer((socket) => socket.resume()));
}

/** An HTTP/2 server, over TLS unless `plain`. */
export async function startHttp2(
  onStream: (stream: ServerHttp2Stream, headers: Http2Headers) => void,
  { plain = false, maxStreams }: { plain?: boolean; maxStreams?: number } = {},
): Promise<Listening & { readonly url: string; readonly server: Http2Server }> {
  const settings = maxStreams === undefined ? {} : { maxConcurrentStreams: maxStreams };
  const server = plain ? createHttp2Server({ settings }) : createSecureServer({ ...IDENTITY, settings });
  server.on('stream', onStream);
  const listening = await listen(server as Http2Server);
  const scheme = plain ? 'http' : 'https';
  return { ...listening, url: `${scheme}://localhost:${listening.port}/`, server: server as Http2Server };
}

/**
 * An address that swallows connection attempts: a listening socket whose backlog is full and that nobody accepts from, as a
 * firewall that drops packets looks from outside. Needs Python, which is told apart by `undefined` where it is missing.
 */
export async function startBlackHole(): Promise<number | undefined> {
  const script = [
    'import socket, sys, time',
    's = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(0)',
    'port = s.getsockname()[1]',
    'full = []',
    'for _ in range(4):',
    '    c = socket.socket(); c.setblocking(False); c.connect_ex(("127.0.0.1", port)); full.append(c)',
    'time.sleep(0.2); print(port, flush=True); sys.stdin.read()',
  ].join('\n');
  const child = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void child.stdin.end());
  return new Promise((resolve) => {
    child.on('error', () => resolve(undefined));
    child.stdout.once('data', (bytes: Buffer) => resolve(Number(bytes.toString())));
  });
}
