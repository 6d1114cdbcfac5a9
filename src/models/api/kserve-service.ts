import type { TlsSettings } from '../../contract/tls.ts';
import { type GrpcCallOptions, type GrpcClient, GrpcError, openGrpc } from './grpc-client.ts';
import {
  decodeInferResponse,
  decodeInputs,
  decodeStreamResponse,
  encodeInferRequest,
  encodeMetadataRequest,
  type TensorSpec,
} from './kserve-messages.ts';

const METHODS = '/inference.GRPCInferenceService';

/** A model of a KServe v2 service, over one connection that all requests share. Messages are the JSON of Triton's `generate`. */
export class KserveModel {
  readonly #url: string;
  readonly #model: string;
  readonly #tls: TlsSettings | undefined;
  #client: Promise<GrpcClient> | undefined;
  #inputs: Promise<ReadonlyMap<string, TensorSpec>> | undefined;
  #decoupled = false;

  constructor(url: string, model: string, tls?: TlsSettings) {
    this.#url = url;
    this.#model = model;
    this.#tls = tls;
  }

  /** Sends a request, and hands over each response to it. Rejects with a GrpcError. */
  async stream(body: object, take: (response: object) => void, options: GrpcCallOptions): Promise<void> {
    const { client, message } = await this.#request(body);
    await client.stream(
      `${METHODS}/ModelStreamInfer`,
      message,
      (bytes) => take(decodeStreamResponse(bytes)),
      options,
    );
  }

  /** Sends a request that has one response. A decoupled model refuses ModelInfer: it gets a stream of one request. */
  async infer(body: object, options: GrpcCallOptions): Promise<object> {
    const { client, message } = await this.#request(body);
    if (!this.#decoupled) {
      try {
        return decodeInferResponse(await client.call(`${METHODS}/ModelInfer`, message, options));
      } catch (error) {
        if (!(error instanceof GrpcError && /decoupled/.test(error.message))) throw error;
        this.#decoupled = true;
      }
    }
    const responses: object[] = [];
    await this.stream(body, (response) => responses.push(response), options);
    if (responses.length === 1) return responses[0]!;
    return { error: `the model gave ${responses.length} responses to one request: use stream: true` };
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    client?.close();
  }

  async #request(body: object): Promise<{ client: GrpcClient; message: Buffer }> {
    this.#client ??= openGrpc(this.#url, this.#tls);
    const client = await this.#client;
    this.#inputs ??= client
      .call(`${METHODS}/ModelMetadata`, encodeMetadataRequest(this.#model))
      .then(decodeInputs)
      .catch((error) => {
        // The next request tries again.
        this.#inputs = undefined;
        throw error;
      });
    return { client, message: encodeInferRequest(this.#model, { ...body }, await this.#inputs) };
  }
}
