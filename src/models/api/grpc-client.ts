import type { Client, Metadata, ServiceError } from '@grpc/grpc-js';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import type { TlsSettings } from '../../contract/tls.ts';
import { makeSecureContext } from '../../transport/connector.ts';

type Grpc = typeof import('@grpc/grpc-js');

/** What every call takes beside its message. */
export interface GrpcCallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
}

/** A connection to a gRPC service that all calls share. Messages are bytes. */
export interface GrpcClient {
  /** Sends one message, returns the one of the reply. */
  call(method: string, message: Buffer, options?: GrpcCallOptions): Promise<Buffer>;
  /** Sends one message, hands over each that comes back; resolves at the status that ends the reply. */
  stream(
    method: string,
    message: Buffer,
    take: (message: Buffer) => void,
    options?: GrpcCallOptions,
  ): Promise<void>;
  close(): void;
}

/** A call that ended with a status other than OK; `code` is the number of the status, the message begins with its name. */
export class GrpcError extends Error {
  readonly code: number;

  constructor(code: number, name: string, details: string) {
    // Where a connection fails, grpc-js adds a note that is empty.
    super(`${name}: ${details.replace(/\. Resolution note: *$/, '')}`);
    this.code = code;
  }
}

/** Loads the optional package. Throws UTILS-DEPENDENCY-001 where it is missing. */
export async function loadGrpc(): Promise<Grpc> {
  try {
    return await import('@grpc/grpc-js');
  } catch (cause) {
    throw new AisBenchError('UTILS-DEPENDENCY-001', `the gRPC client is not installed: ${messageOf(cause)}`, {
      where: 'type',
      cure: 'npm install @grpc/grpc-js@1 beside ais-bench',
      cause,
    });
  }
}

/** Opens a connection to the host of a URL, with TLS where it is `https:`. */
export async function openGrpc(url: string, tls: TlsSettings = { insecure: false }): Promise<GrpcClient> {
  const grpc = await loadGrpc();
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'https:';
  const client = new grpc.Client(
    `${hostname}:${port === '' ? (secure ? 443 : 80) : port}`,
    secure
      ? grpc.credentials.createFromSecureContext(makeSecureContext(tls), {
          rejectUnauthorized: !tls.insecure,
        })
      : grpc.credentials.createInsecure(),
    {
      ...(secure && tls.serverName !== undefined ? { 'grpc.ssl_target_name_override': tls.serverName } : {}),
      // A request is sent once, and fails or not: attempts are the engine's.
      'grpc.enable_retries': 0,
      // Proxies are an option of the run, never the environment's.
      'grpc.enable_http_proxy': 0,
      // Two models of one process do not share a connection.
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1000,
      'grpc.max_receive_message_length': LARGEST_MESSAGE,
      'grpc.max_send_message_length': -1,
    },
  );
  return new JsGrpcClient(grpc, client);
}

/** Bytes of the largest message that is read. */
const LARGEST_MESSAGE = 16 * 1024 * 1024;

const asIs = (bytes: Buffer): Buffer => bytes;

class JsGrpcClient implements GrpcClient {
  readonly #grpc: Grpc;
  readonly #client: Client;

  constructor(grpc: Grpc, client: Client) {
    this.#grpc = grpc;
    this.#client = client;
  }

  call(method: string, message: Buffer, options: GrpcCallOptions = {}): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const done = (error: ServiceError | null, reply?: Buffer) => {
        forget();
        if (error === null && reply !== undefined) resolve(reply);
        else reject(this.#failure(error!, options));
      };
      const call = this.#client.makeUnaryRequest(method, asIs, asIs, message, this.#metadata(options), done);
      const forget = cancelOn(options.signal, () => call.cancel());
    });
  }

  stream(
    method: string,
    message: Buffer,
    take: (message: Buffer) => void,
    options: GrpcCallOptions = {},
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = this.#client.makeBidiStreamRequest(method, asIs, asIs, this.#metadata(options));
      const forget = cancelOn(options.signal, () => call.cancel());
      let failure: ServiceError | undefined;
      call.on('data', take);
      call.on('error', (error: ServiceError) => {
        failure = error;
      });
      // The end of the messages comes after their status, and after the last of them was taken.
      call.on('end', () => {
        forget();
        if (failure === undefined) resolve();
        else reject(this.#failure(failure, options));
      });
      call.write(message);
      call.end();
    });
  }

  close(): void {
    this.#client.close();
  }

  /** Content type, length and such are the protocol's own. */
  #metadata({ headers = {} }: GrpcCallOptions): Metadata {
    const metadata = new this.#grpc.Metadata();
    for (const [name, value] of Object.entries(headers)) {
      if (!/^(content-.*|te|host|accept)$/i.test(name)) metadata.set(name, value);
    }
    return metadata;
  }

  #failure({ code, details }: ServiceError, { signal }: GrpcCallOptions): Error {
    return signal?.aborted === true ? signal.reason : new GrpcError(code, this.#grpc.status[code], details);
  }
}

/** Calls `cancel` when the signal aborts; returns how to forget that. */
function cancelOn(signal: AbortSignal | undefined, cancel: () => void): () => void {
  if (signal === undefined) return () => {};
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  return () => signal.removeEventListener('abort', cancel);
}
