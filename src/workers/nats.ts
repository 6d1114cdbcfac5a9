/** The connection to NATS. Its packages are optional peers: nothing of them is loaded before the first connection. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { ConnectionOptions, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { AisBenchError, messageOf } from '../contract/errors.ts';

/** How a NATS server is reached, and as whom. */
export interface NatsOptions {
  /** `nats://host:4222` or `tls://host:4222`; one, or several of a cluster. User and password may stand before the host. */
  readonly servers: readonly string[];
  /** What the server calls this client. */
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
  /** Bytes that one message may have, headers included. */
  readonly maxPayload: number;
  /** Nobody on a network can read what is sent: TLS, or a server of this machine. */
  readonly isPrivate: boolean;
  /** Sends what is pending, then ends it. */
  close(): Promise<void>;
}

type Transport = typeof import('@nats-io/transport-node');
type JetStream = typeof import('@nats-io/jetstream');

/**
 * Connects. Throws UTILS-DEPENDENCY-001 where the packages are not installed, AGENT-NATS-001 where no server answers,
 * AGENT-NATS-002 where it refuses this client.
 */
export async function connect(options: NatsOptions): Promise<Connection> {
  const [transport, streams] = await load();
  const places = options.servers.map(placeOf);
  const isPrivate = places.every(({ isTls, isLocal }) => isTls || isLocal || options.tls !== undefined);
  const nats = await open(transport, connectionOptions(options, places, transport), options.patienceMs);
  return {
    nats,
    jetstream: streams.jetstream(nats),
    // Whether there is a JetStream is asked when a stream is made: a control message needs none.
    manager: await streams.jetstreamManager(nats, { checkAPI: false }),
    headers: transport.headers,
    maxPayload: nats.info?.max_payload ?? SMALLEST_PAYLOAD,
    isPrivate,
    close: async () => {
      if (!nats.isClosed()) await nats.drain().catch(() => nats.close());
    },
  };
}

const SMALLEST_PAYLOAD = 64 * 1024;

async function load(): Promise<[Transport, JetStream]> {
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

interface Place {
  /** Host and port, without credentials. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  readonly isTls: boolean;
  /** On this machine. */
  readonly isLocal: boolean;
}

/** Throws TMAN-CMD-002 where the text is no address of a NATS server. */
export function placeOf(server: string): Place {
  const text = server.includes('://') ? server : `nats://${server}`;
  const scheme = /^(nats|tls):\/\//.exec(text)?.[1];
  // `nats:` has no rules of its own in URLs: read as http, user, host and port are parted in the usual way.
  const asHttp = text.replace(/^\w+:/, 'http:');
  if (scheme === undefined || !URL.canParse(asHttp)) {
    throw new AisBenchError('TMAN-CMD-002', 'the address of the NATS server is no such address', {
      where: '--nats',
      cure: 'write nats://host:4222, or tls://host:4222',
    });
  }
  const { hostname, port, username, password } = new URL(asHttp);
  return {
    // What http leaves out as its own port was written.
    address: `${hostname}:${port === '' && /:80(\/|$)/.test(asHttp) ? '80' : port || '4222'}`,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    isTls: scheme === 'tls',
    isLocal: /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname),
  };
}

function connectionOptions(
  { name, tls, credentials, nkeySeed }: NatsOptions,
  places: readonly Place[],
  { credsAuthenticator, nkeyAuthenticator }: Transport,
): ConnectionOptions {
  const { user, password } = places.find((place) => place.user !== '') ?? { user: '', password: '' };
  return {
    servers: places.map(({ address }) => address),
    name,
    ...(user === '' ? {} : password === '' ? { token: user } : { user, pass: password }),
    ...(credentials === undefined ? {} : { authenticator: credsAuthenticator(credentials) }),
    ...(nkeySeed === undefined ? {} : { authenticator: nkeyAuthenticator(nkeySeed) }),
    ...(tls !== undefined || places.some(({ isTls }) => isTls) ? { tls: { ...tls } } : {}),
    // What a server of this machine says of others must not lead off it.
    ignoreClusterUpdates: places.every(({ isLocal }) => isLocal),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    reconnectJitterTLS: 100,
    timeout: 5000,
    // A connection that is dead without a word is noticed within 15 s.
    pingInterval: 5000,
    maxPingOut: 2,
    noAsyncTraces: true,
  };
}

const ASK_AGAIN_MS = 500;

async function open(
  transport: Transport,
  options: ConnectionOptions,
  patienceMs = 0,
): Promise<NatsConnection> {
  const asked = performance.now();
  try {
    return await transport.connect(options);
  } catch (cause) {
    const isRefused =
      cause instanceof transport.AuthorizationError ||
      cause instanceof transport.UserAuthenticationExpiredError;
    const where = [options.servers ?? []].flat().join(', ');
    if (isRefused) throw refusal(cause, where);
    const leftMs = patienceMs - ASK_AGAIN_MS - (performance.now() - asked);
    if (leftMs >= 0) {
      await sleep(ASK_AGAIN_MS);
      return open(transport, options, leftMs);
    }
    throw new AisBenchError('AGENT-NATS-001', `no NATS server answers: ${messageOf(cause)}`, {
      where,
      cure: 'start one (nats-server -js -sd FOLDER), or correct --nats',
      cause,
    });
  }
}

/** A server that does not take this client, or no longer. */
export function refusal(cause: unknown, where: string): AisBenchError {
  return new AisBenchError('AGENT-NATS-002', `the NATS server refuses this client: ${messageOf(cause)}`, {
    where,
    cure: 'give it --nats-creds, --nats-nkey, or a user and password in the URL',
    cause,
  });
}
