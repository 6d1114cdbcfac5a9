import { X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import { messageOf } from '../contract/errors.ts';
import { DeadlineError } from './failure.ts';
import { type Endpoint, formatAuthority, type ProxyServer } from './proxy.ts';
import type { PemFile, TlsSettings } from './types.ts';

/** A file that TLS cannot use: which setting it came from, and why. */
export class TlsFileError extends Error {
  readonly setting: 'ca' | 'cert' | 'key';

  constructor(setting: 'ca' | 'cert' | 'key', why: string) {
    super(why);
    this.setting = setting;
  }
}

/**
 * Makes the TLS context that all connections of a service share: parsing PEM per connection would cost more than its handshake.
 * Throws TlsFileError.
 */
export function makeSecureContext(settings: TlsSettings): SecureContext {
  const { ca, cert, key, passphrase } = settings;
  if (ca !== undefined) requireCertificates('ca', ca);
  if (cert !== undefined) requireCertificates('cert', cert);
  if (cert !== undefined && key === undefined) throw new TlsFileError('key', 'tls.cert needs tls.key');
  if (key !== undefined && cert === undefined) throw new TlsFileError('cert', 'tls.key needs tls.cert');
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca: ca.text }),
      ...(cert === undefined ? {} : { cert: cert.text }),
      ...(key === undefined ? {} : { key: key.text }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (cause) {
    throw new TlsFileError('key', whyUnusable(cause, key, passphrase));
  }
}

/** OpenSSL accepts a file without any certificate in silence and then trusts no server. */
function requireCertificates(setting: 'ca' | 'cert', { text }: PemFile): void {
  const blocks = text.match(
    /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----[\s\S]*?-----END [A-Z0-9 ]*CERTIFICATE-----/g,
  );
  if (blocks === null) throw new TlsFileError(setting, 'it holds no PEM certificate');
  for (const [position, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      throw new TlsFileError(setting, `its certificate ${position + 1} cannot be read: ${messageOf(cause)}`);
    }
  }
}

function whyUnusable(cause: unknown, key: PemFile | undefined, passphrase: string | undefined): string {
  const message = messageOf(cause);
  if (/key values mismatch/i.test(message)) return 'it does not belong to the certificate of tls.cert';
  // OpenSSL's words for a missing and for a wrong passphrase differ from version to version.
  if (key?.text.includes('ENCRYPTED')) {
    return passphrase === undefined
      ? 'it is encrypted: give tls.passphrase'
      : `tls.passphrase does not open it: ${message}`;
  }
  return `it holds no usable private key: ${message}`;
}

/** How to open connections to one service. */
export interface ConnectorOptions {
  /** Milliseconds for everything before the first request can leave: name, TCP, proxy, TLS; 0 = no limit. */
  readonly connectMs: number;
  /** Throws TlsFileError where its files cannot be used. */
  readonly tls?: TlsSettings | undefined;
  /** Protocol that TLS negotiates with the server (ALPN). */
  readonly speaks: 'http/1.1' | 'h2';
}

const KEEP_ALIVE_MS = 60_000;

/** Opens connections, through proxies and TLS, all of it under one deadline. */
export class Connector {
  readonly #options: ConnectorOptions;
  #context: SecureContext | undefined;
  readonly #underWay = new Set<ConnectionAttempt>();

  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#context = options.tls && makeSecureContext(options.tls);
  }

  /**
   * Opens a connection that is ready for requests, tunnelled through `via` where that is given. `lastStep` runs under the same
   * deadline. `onread` takes the bytes of a plain connection without the socket's own buffer. Rejects with a DeadlineError or
   * with the socket's error.
   */
  async open(
    target: Endpoint,
    via?: ProxyServer,
    lastStep?: (socket: Socket, opening: ConnectionAttempt) => Promise<void>,
    onread?: OnReadOpts,
  ): Promise<Socket> {
    const opening = new ConnectionAttempt(this.#options.connectMs);
    this.#underWay.add(opening);
    try {
      const socket = await this.#steps(opening, target, via, onread);
      await lastStep?.(socket, opening);
      return socket;
    } catch (error) {
      opening.giveUp(error as Error);
      throw error;
    } finally {
      opening.end();
      this.#underWay.delete(opening);
    }
  }

  /** Aborts the connections that are not open yet. */
  close(): void {
    for (const opening of this.#underWay) opening.giveUp(new Error('the transport was closed'));
  }

  async #steps(
    opening: ConnectionAttempt,
    target: Endpoint,
    via: ProxyServer | undefined,
    onread: OnReadOpts | undefined,
  ): Promise<Socket> {
    const hop = via ?? target;
    // Only the outermost layer's bytes are HTTP.
    const plain = via === undefined && target.protocol === 'http:';
    let socket = await opening.reached(
      tcpTo(hop, plain ? onread : undefined),
      'connect',
      `the TCP connection to ${formatAuthority(hop)}`,
    );
    if (hop.protocol === 'https:') socket = await this.#secured(opening, socket, hop, hop === target);
    if (via === undefined) return socket;
    await askForTunnel(opening, socket, target, via);
    return target.protocol === 'https:' ? this.#secured(opening, socket, target, true) : socket;
  }

  async #secured(
    opening: ConnectionAttempt,
    socket: Socket,
    to: Endpoint,
    isTarget: boolean,
  ): Promise<Socket> {
    const { tls, speaks } = this.#options;
    const protocol = isTarget ? speaks : 'http/1.1';
    const name = (isTarget ? tls?.serverName : undefined) ?? (isIP(to.hostname) === 0 ? to.hostname : '');
    const secured = connectTls({
      socket,
      host: to.hostname,
      servername: name,
      ALPNProtocols: [protocol],
      rejectUnauthorized: tls?.insecure !== true,
      secureContext: this.#sharedContext(),
    });
    await opening.reached(secured, 'secureConnect', `the TLS handshake with ${formatAuthority(to)}`);
    if (protocol === 'h2' && secured.alpnProtocol !== 'h2') {
      throw new Error(`${formatAuthority(to)} does not speak HTTP/2 over TLS: take http2 out of the config`);
    }
    return secured;
  }

  /** Without settings it is made when it is first needed: most services speak no TLS. */
  #sharedContext(): SecureContext {
    this.#context ??= makeSecureContext({ insecure: false });
    return this.#context;
  }
}

function tcpTo({ hostname, port }: Endpoint, onread: OnReadOpts | undefined): Socket {
  return connectTcp({ host: hostname, port, ...(onread === undefined ? {} : { onread }) })
    .setNoDelay(true)
    .setKeepAlive(true, KEEP_ALIVE_MS);
}

/** One connection being opened: at most one socket that waits for one step, under one deadline for all steps. */
export class ConnectionAttempt {
  #socket: Socket | undefined;
  #waitsFor = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(limitMs: number) {
    if (limitMs === 0) return;
    // Timers run before sockets are read: after a stall of ours, what came in time must be seen first.
    this.#timer = setTimeout(() => setImmediate(() => this.#expire(limitMs)), limitMs);
  }

  /** The socket, once it has emitted `event`. Rejects when it fails or closes before. */
  async reached<S extends Socket>(socket: S, event: string, waitsFor: string): Promise<S> {
    await this.wait(socket, waitsFor, (done) => {
      socket.once(event, done);
      return () => socket.off(event, done);
    });
    return socket;
  }

  /** Waits until `listen` reports; `listen` returns how to stop listening. */
  wait(
    socket: Socket,
    waitsFor: string,
    listen: (done: () => void, failed: (error: Error) => void) => () => void,
  ): Promise<void> {
    this.#socket = socket;
    this.#waitsFor = waitsFor;
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        stop();
        socket.off('close', onClose);
        socket.off('error', failed);
        outcome();
      };
      const failed = (error: Error) => settle(() => reject(error));
      const onClose = () => failed(hangUp(waitsFor));
      socket.on('error', failed);
      // It stays: an error between this step and the next owner's listener would end the process.
      if (socket.listeners('error').indexOf(ignore) < 0) socket.on('error', ignore);
      socket.once('close', onClose);
      const stop = listen(() => settle(resolve), failed);
    });
  }

  giveUp(reason: Error): void {
    this.#socket?.destroy(reason);
  }

  /** The connection is open, or was aborted. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #expire(limitMs: number): void {
    if (this.#timer === undefined) return;
    this.giveUp(
      new DeadlineError(`no connection within ${limitMs / 1000} s: still waiting for ${this.#waitsFor}`),
    );
  }
}

function ignore(): void {}

function hangUp(waitsFor: string): Error {
  return Object.assign(new Error(`the peer hung up before ${waitsFor} was made`), { code: 'ECONNRESET' });
}

/** More than any proxy says before the tunnel begins. */
const HEAD_LIMIT = 64 * 1024;

/** Requests a tunnel from the proxy at the other end of the socket (HTTP CONNECT). Rejects with the proxy's words. */
async function askForTunnel(
  opening: ConnectionAttempt,
  socket: Socket,
  target: Endpoint,
  via: ProxyServer,
): Promise<void> {
  const authority = formatAuthority(target);
  const lines = [
    `CONNECT ${authority} HTTP/1.1`,
    `Host: ${authority}`,
    ...(via.authorization === undefined ? [] : [`Proxy-Authorization: ${via.authorization}`]),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const proxy = `the proxy ${formatAuthority(via)}`;
  const status = await readHead(opening, socket, `the tunnel of ${proxy} to ${authority}`);
  if (/^HTTP\/1\.[01] 2\d\d\b/.test(status)) return;
  const words = status.replace(/^HTTP\/1\.[01] /, '');
  throw new Error(`${proxy} refused the tunnel to ${authority}: ${words || 'it did not answer in HTTP'}`);
}

/** The first line of the reply's head; what follows the head is left in the socket. */
async function readHead(opening: ConnectionAttempt, socket: Socket, waitsFor: string): Promise<string> {
  let head = Buffer.alloc(0);
  await opening.wait(socket, waitsFor, (done, failed) => {
    const onData = (bytes: Buffer) => {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0 && head.length <= HEAD_LIMIT) return;
      socket.pause();
      if (end < 0) return failed(new Error(`${waitsFor} failed: its answer has no end`));
      const rest = head.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      done();
    };
    socket.on('data', onData);
    return () => socket.off('data', onData);
  });
  return head.subarray(0, Math.max(0, head.indexOf('\r\n'))).toString('latin1');
}
