import type { TlsSettings } from '../../contract/tls.ts';
import { type GrpcCallOptions, GrpcClient, GrpcError } from './grpc-client.ts';
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
  readonly #model: string;
  readonly #client: GrpcClient;
  #inputs: Promise<ReadonlyMap<string, TensorSpec>> | undefined;
  #decoupled = false;

  constructor(url: string, model: string, tls?: TlsSettings) {
    this.#model = model;
    this.#client = new GrpcClient(url, tls);
  }

  /** Sends a request, and hands over each response to it. Rejects with a GrpcError. */
  async stream(body: object, take: (response: object) => void, options: GrpcCallOptions): Promise<void> {
    const message = await this.#message(body);
    const decode = (bytes: Buffer) => take(decodeStreamResponse(bytes));
    await this.#client.stream(`${METHODS}/ModelStreamInfer`, message, decode, options);
  }

  /** Sends a request that has one response. A decoupled model refuses ModelInfer: it gets a stream of one request. */
  async infer(body: object, options: GrpcCallOptions): Promise<object> {
    const message = await this.#message(body);
    if (!this.#decoupled) {
      try {
        return decodeInferResponse(await this.#client.call(`${METHODS}/ModelInfer`, message, options));
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

  close(): Promise<void> {
    return this.#client.close();
  }

  async #message(body: object): Promise<Buffer> {
    this.#inputs ??= this.#client
      .call(`${METHODS}/ModelMetadata`, encodeMetadataRequest(this.#model))
      .then(decodeInputs)
      .catch((error) => {
        // The next request tries again.
        this.#inputs = undefined;
        throw error;
      });
    return encodeInferRequest(this.#model, { ...body }, await this.#inputs);
  }
}
