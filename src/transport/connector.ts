import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { authorityOf, type Endpoint } from './endpoint.ts';
import { Opening } from './opening.ts';
import type { ProxyServer } from './proxy.ts';
import { secureContextOf, type TlsSettings } from './tls.ts';
import { askForTunnel } from './tunnel.ts';

export interface ConnectorOptions {
  /** Milliseconds for everything before the first request can leave: name, TCP, proxy, TLS; 0 = no limit. */
  readonly connectMs: number;
  /** Throws TlsFileError where its files cannot be used. */
  readonly tls?: TlsSettings | undefined;
  /** What TLS agrees on with the server (ALPN). */
  readonly speaks: 'http/1.1' | 'h2';
}

const KEEP_ALIVE_MS = 60_000;

/** Opens connections, through proxies and TLS, all of it under one deadline. */
export class Connector {
  readonly #options: ConnectorOptions;
  #context: SecureContext | undefined;
  readonly #underWay = new Set<Opening>();

  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#context = options.tls && secureContextOf(options.tls);
  }

  /**
   * A connection that is ready for requests, tunnelled through `via` where that is given. `lastStep` is held to the same
   * deadline. `onread` takes the bytes of a plain connection without the socket's own buffer. Rejects with a DeadlineError or
   * with what the socket said.
   */
  async open(
    target: Endpoint,
    via?: ProxyServer,
    lastStep?: (socket: Socket, opening: Opening) => Promise<void>,
    onread?: OnReadOpts,
  ): Promise<Socket> {
    const opening = new Opening(this.#options.connectMs);
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

  /** Gives up the connections that are not open yet. */
  close(): void {
    for (const opening of this.#underWay) opening.giveUp(new Error('the transport was closed'));
  }

  async #steps(
    opening: Opening,
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
      `the TCP connection to ${authorityOf(hop)}`,
    );
    if (hop.protocol === 'https:') socket = await this.#secured(opening, socket, hop, hop === target);
    if (via === undefined) return socket;
    await askForTunnel(opening, socket, target, via);
    return target.protocol === 'https:' ? this.#secured(opening, socket, target, true) : socket;
  }

  async #secured(opening: Opening, socket: Socket, to: Endpoint, isTarget: boolean): Promise<Socket> {
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
    await opening.reached(secured, 'secureConnect', `the TLS handshake with ${authorityOf(to)}`);
    if (protocol === 'h2' && secured.alpnProtocol !== 'h2') {
      throw new Error(`${authorityOf(to)} does not speak HTTP/2 over TLS: take http2 out of the config`);
    }
    return secured;
  }

  /** Without settings it is made when it is first needed: most services speak no TLS. */
  #sharedContext(): SecureContext {
    this.#context ??= secureContextOf({ insecure: false });
    return this.#context;
  }
}

function tcpTo({ hostname, port }: Endpoint, onread: OnReadOpts | undefined): Socket {
  return connectTcp({ host: hostname, port, ...(onread === undefined ? {} : { onread }) })
    .setNoDelay(true)
    .setKeepAlive(true, KEEP_ALIVE_MS);
}
