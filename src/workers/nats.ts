/** The connection to NATS. Its packages are optional peers: nothing of them is loaded before the first connection. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { ConnectionOptions, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { AisBenchError, messageOf } from '../contract/errors.ts';

/** Addresses of a NATS server, and the credentials for it. */
export interface NatsOptions {
  /** `nats://host:4222` or `tls://host:4222`; one, or several of a cluster. User and password may stand before the host. */
  readonly servers: readonly string[];
  /** Name of this client on the server. */
  readonly name: string;
  /** Texts of PEM files; present, even if empty: nothing is sent without TLS. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Content of a credentials file: a user's JWT and its seed. */
  readonly credentials?: Uint8Array;
  /** Seed of an nkey, `SU…`. */
  readonly nkeySeed?: Uint8Array;
  /** How long to keep trying where no server answers yet, ms (default: 0). */
  readonly patienceMs?: number;
}

/** A connection that comes back by itself when it is cut, or when the server is started again. */
export interface Connection {
  readonly nats: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Headers for a message; none in them yet. */
  headers(): MsgHdrs;
  /** Largest size of a message in bytes, headers included. */
  readonly maxPayload: number;
  /** What is sent cannot be read on a network: TLS, or a server of this machine. */
  readonly isPrivate: boolean;
  /** Sends what is pending, then ends the connection, within 5 s. */
  close(): Promise<void>;
}

type NatsTransport = typeof import('@nats-io/transport-node');
type JetStream = typeof import('@nats-io/jetstream');

/**
 * Connects. Throws UTILS-DEPENDENCY-001 where the packages are not installed, WORKER-NATS-001 where no server answers,
 * WORKER-NATS-002 where it refuses this client.
 */
export async function connect(options: NatsOptions): Promise<Connection> {
  const [transport, streams] = await load();
  const addresses = options.servers.map(parseServer);
  const isPrivate = addresses.every(({ isTls, isLocal }) => isTls || isLocal || options.tls !== undefined);
  const nats = await open(transport, connectionOptions(options, addresses, transport), options.patienceMs);
  return {
    nats,
    jetstream: streams.jetstream(nats),
    // JetStream is needed by streams only, and looked for when the first is made.
    manager: await streams.jetstreamManager(nats, { checkAPI: false }),
    headers: transport.headers,
    maxPayload: nats.info?.max_payload ?? SMALLEST_PAYLOAD,
    isPrivate,
    close: async () => {
      if (nats.isClosed()) return;
      const drained = nats.drain().catch(() => {});
      await Promise.race([drained, sleep(CLOSE_MS, undefined, { ref: false })]);
      await nats.close();
    },
  };
}

const SMALLEST_PAYLOAD = 64 * 1024;
/** A server that does not answer is left after so long, ms. */
const CLOSE_MS = 5000;

async function load(): Promise<[NatsTransport, JetStream]> {
  try {
    return await Promise.all([import('@nats-io/transport-node'), import('@nats-io/jetstream')]);
  } catch (cause) {
    throw new AisBenchError('UTILS-DEPENDENCY-001', `the NATS client is not installed: ${messageOf(cause)}`, {
      where: '--nats',
      cure: 'npm install @nats-io/transport-node@3 @nats-io/jetstream@3 beside ais-bench',
      cause,
    });
  }
}

interface ServerAddress {
  /** Host and port, without credentials. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  readonly isTls: boolean;
  /** On this machine. */
  readonly isLocal: boolean;
}

/** Reads an address. Throws TMAN-CMD-002 where the text is not the address of a NATS server. */
export function parseServer(server: string): ServerAddress {
  const text = server.includes('://') ? server : `nats://${server}`;
  const scheme = /^(nats|tls):\/\//.exec(text)?.[1];
  // `nats:` has no rules of its own in URLs: read as http, user, host and port are split in the usual way.
  const asHttp = text.replace(/^\w+:/, 'http:');
  if (scheme === undefined || !URL.canParse(asHttp)) {
    throw new AisBenchError('TMAN-CMD-002', 'this is not the address of a NATS server', {
      where: '--nats',
      cure: 'write nats://host:4222, or tls://host:4222',
    });
  }
  const { hostname, port, username, password } = new URL(asHttp);
  return {
    // http leaves out its own port, which was written here.
    address: `${hostname}:${port === '' && /:80(\/|$)/.test(asHttp) ? '80' : port || '4222'}`,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    isTls: scheme === 'tls',
    isLocal: /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname),
  };
}

function connectionOptions(
  { name, tls, credentials, nkeySeed }: NatsOptions,
  addresses: readonly ServerAddress[],
  { credsAuthenticator, nkeyAuthenticator }: NatsTransport,
): ConnectionOptions {
  const { user, password } = addresses.find(({ user }) => user !== '') ?? { user: '', password: '' };
  return {
    servers: addresses.map(({ address }) => address),
    name,
    ...(user === '' ? {} : password === '' ? { token: user } : { user, pass: password }),
    ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(credentials) }),
    ...(nkeySeed === undefined ? {} : { authenticator: nkeyAuthenticator(nkeySeed) }),
    ...(tls !== undefined || addresses.some(({ isTls }) => isTls) ? { tls: { ...tls } } : {}),
    // A server of this machine must not lead to one elsewhere.
    ignoreClusterUpdates: addresses.every(({ isLocal }) => isLocal),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    reconnectJitterTLS: 100,
    timeout: 5000,
    // A connection that died silently is noticed within 15 s.
    pingInterval: 5000,
    maxPingOut: 2,
    noAsyncTraces: true,
  };
}

const RETRY_MS = 500;

async function open(
  transport: NatsTransport,
  options: ConnectionOptions,
  patienceMs = 0,
): Promise<NatsConnection> {
  const begun = performance.now();
  try {
    return await transport.connect(options);
  } catch (cause) {
    const isRefused =
      cause instanceof transport.AuthorizationError ||
      cause instanceof transport.UserAuthenticationExpiredError;
    const where = [options.servers ?? []].flat().join(', ');
    if (isRefused) throw refusal(cause, where);
    const leftMs = patienceMs - RETRY_MS - (performance.now() - begun);
    if (leftMs >= 0) {
      await sleep(RETRY_MS);
      return open(transport, options, leftMs);
    }
    throw new AisBenchError('WORKER-NATS-001', `no NATS server answers: ${messageOf(cause)}`, {
      where,
      cure: 'start one (nats-server -js -sd FOLDER), or correct --nats',
      cause,
    });
  }
}

/** Describes a server that refuses this client, from the start or later. */
export function refusal(cause: unknown, where: string): AisBenchError {
  return new AisBenchError('WORKER-NATS-002', `the NATS server refuses this client: ${messageOf(cause)}`, {
    where,
    cure: 'give it --nats-creds, --nats-nkey, or a user and password in the URL',
    cause,
  });
}

/** Describes a server that was started without JetStream. */
export function noStreams(cause: unknown): AisBenchError {
  return new AisBenchError('WORKER-STREAM-001', `the NATS server keeps no streams: ${messageOf(cause)}`, {
    where: '--nats',
    cure: 'start it with JetStream: nats-server -js -sd FOLDER',
    cause,
  });
}

/** Messages as plain data between subjects; what is published may be lost. */
export interface NatsWire {
  publish(subject: string, body: unknown): void;
  /** Sends a request. Rejects where no reply arrives in time. */
  request(subject: string, body: unknown, timeoutMs: number): Promise<unknown>;
  /** Receives what is sent to a subject until the returned function is called; `reply` answers a request. */
  subscribe(subject: string, receive: (body: unknown, reply: (body: unknown) => void) => void): () => void;
  /** Whether it is connected, and since when it is or is not; ms on `performance.now`. */
  state(): { readonly isUp: boolean; readonly since: number };
}

const decoder = new TextDecoder();

/** Sends core messages of NATS, as JSON. */
export function natsWire({ nats }: Connection): NatsWire {
  let state = { isUp: true, since: performance.now() };
  void (async () => {
    for await (const { type } of nats.status()) {
      if (type === 'disconnect') state = { isUp: false, since: performance.now() };
      if (type === 'reconnect') state = { isUp: true, since: performance.now() };
    }
  })();
  return {
    // A closed connection has no other end.
    publish: (subject, body) => {
      if (!nats.isClosed() && !nats.isDraining()) nats.publish(subject, JSON.stringify(body));
    },
    request: async (subject, body, timeout) => {
      const { data } = await nats.request(subject, JSON.stringify(body), { timeout });
      return parse(data);
    },
    subscribe: (subject, receive) => {
      const subscription = nats.subscribe(subject, {
        callback: (error, message) => {
          const body = error === null ? parse(message.data) : undefined;
          if (body !== undefined) receive(body, (reply) => message.respond(JSON.stringify(reply)));
        },
      });
      return () => subscription.unsubscribe();
    },
    state: () => state,
  };
}

/** Undefined for what is no JSON: a message of another program. */
function parse(data: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(data));
  } catch {
    return undefined;
  }
}
