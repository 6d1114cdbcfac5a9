/** A KServe v2 service over gRPC, written with other libraries than the class under test: grpc-js's server and protobufjs. */
import { join } from 'node:path';
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { onTestFinished } from 'vitest';

const root = new protobuf.Root().loadSync(join(import.meta.dirname, 'kserve.proto'), { keepCase: true });
/** Messages of the protocol, by their names. */
export const messageType = (name: string): protobuf.Type => root.lookupType(`inference.${name}`);
/** A message as plain data: numbers for 64-bit integers, texts for bytes. */
export const plain = (type: string, bytes: Uint8Array): any =>
  messageType(type).toObject(messageType(type).decode(bytes), { longs: Number, bytes: Buffer });

/** What a request gets: pieces of an answer, pauses of so many ms, an error message in the stream, or a status that ends it. */
export type Step =
  | string
  | { readonly pauseMs: number }
  | { readonly error: string }
  | { readonly status: number };

interface KserveRequest {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface KserveServer {
  readonly port: number;
  readonly requests: readonly KserveRequest[];
  /** When each request came and its first piece was written, ms. */
  readonly log: readonly { readonly came: number; readonly wrote: number }[];
  /** Connections that are open, and streams in flight at most. */
  readonly peers: ReadonlySet<string>;
  readonly peakStreams: number;
}

const INPUTS = [
  { name: 'text_input', datatype: 'BYTES', shape: [-1, 1] },
  { name: 'max_tokens', datatype: 'INT32', shape: [-1, 1] },
  { name: 'stream', datatype: 'BOOL', shape: [-1, 1] },
  { name: 'temperature', datatype: 'FP32', shape: [-1, 1] },
  { name: 'stop_words', datatype: 'BYTES', shape: [-1, -1] },
];

export interface KserveOptions {
  /** Steps that are not known yet when the request comes are an async iterable. */
  readonly answer: (request: KserveRequest, n: number) => readonly Step[] | AsyncIterable<Step>;
  /** A decoupled model refuses ModelInfer (default: true). */
  readonly decoupled?: boolean;
  readonly credentials?: ServerCredentials;
}

/** A server on a free port until the test is over. */
export async function startKserve({
  answer,
  decoupled = true,
  credentials,
}: KserveOptions): Promise<KserveServer> {
  const requests: KserveRequest[] = [];
  const log: { came: number; wrote: number }[] = [];
  const peers = new Set<string>();
  let streams = 0;
  let peakStreams = 0;
  const take = (bytes: Buffer, headers: Record<string, unknown>) => {
    const { inputs = [], raw_input_contents: raw = [], parameters = {} } = plain('ModelInferRequest', bytes);
    const request: KserveRequest = {
      inputs: Object.fromEntries(inputs.map((one: any, n: number) => [one.name, valuesOf(one, raw[n])])),
      parameters: Object.fromEntries(
        Object.entries<any>(parameters).map(([name, value]) => [name, Object.values(value)[0]]),
      ),
      headers,
    };
    requests.push(request);
    return answer(request, requests.length - 1);
  };
  const streamInfer = async (call: ServerDuplexStream<Buffer, Buffer>): Promise<void> => {
    const came = performance.now();
    peers.add(call.getPeer());
    peakStreams = Math.max(peakStreams, ++streams);
    const [bytes] = await new Promise<Buffer[]>((resolve) => call.once('data', (one) => resolve([one])));
    let wrote = 0;
    for await (const step of take(bytes!, call.metadata.getMap())) {
      if (typeof step === 'object' && 'pauseMs' in step)
        await new Promise((go) => setTimeout(go, step.pauseMs));
      else if (typeof step === 'object' && 'status' in step) {
        streams -= 1;
        return void call.emit('error', { code: step.status, details: 'out of luck 4711' });
      } else {
        wrote ||= performance.now();
        call.write(streamResponse(typeof step === 'string' ? { text: step } : step));
      }
    }
    log.push({ came, wrote });
    streams -= 1;
    call.end();
  };
  const infer = async (
    call: ServerUnaryCall<Buffer, Buffer>,
    reply: sendUnaryData<Buffer>,
  ): Promise<void> => {
    const steps = take(call.request, call.metadata.getMap());
    if (decoupled) {
      const details = "ModelInfer RPC doesn't support models with decoupled transaction policy";
      reply({ code: status.UNIMPLEMENTED, details });
      return;
    }
    const texts: string[] = [];
    for await (const step of steps) if (typeof step === 'string') texts.push(step);
    reply(null, inferResponse(texts.join('')));
  };
  const metadata = (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>): void => {
    const { name } = plain('ModelMetadataRequest', call.request);
    if (name === 'nope') reply({ code: status.NOT_FOUND, details: `unknown model: '${name}' is not found` });
    else reply(null, metadataResponse(name));
  };
  const asIs = (bytes: Buffer) => bytes;
  const method = (name: string, streamed: boolean) => ({
    path: `/inference.GRPCInferenceService/${name}`,
    requestStream: streamed,
    responseStream: streamed,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  });
  const server = new Server({ 'grpc.enable_channelz': 0 });
  server.addService(
    {
      ModelMetadata: method('ModelMetadata', false),
      ModelInfer: method('ModelInfer', false),
      ModelStreamInfer: method('ModelStreamInfer', true),
    },
    {
      ModelMetadata: metadata,
      ModelInfer: (call: any, reply: any) => void infer(call, reply),
      ModelStreamInfer: (call: any) => void streamInfer(call),
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials ?? ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return {
    port,
    requests,
    log,
    peers,
    get peakStreams() {
      return peakStreams;
    },
  };
}

/** The reply of ModelMetadata. */
export function metadataResponse(name: string): Buffer {
  return encode('ModelMetadataResponse', { name, versions: ['1'], inputs: INPUTS });
}

function encode(type: string, value: object): Buffer {
  return Buffer.from(messageType(type).encode(messageType(type).fromObject(value)).finish());
}

function inferMessage(text: string): object {
  const bytes = Buffer.from(text);
  const raw = Buffer.concat([Buffer.alloc(4), bytes]);
  raw.writeUInt32LE(bytes.length);
  const outputs = [{ name: 'text_output', datatype: 'BYTES', shape: [1, 1] }];
  return { model_name: 'echo', model_version: '1', outputs, raw_output_contents: [raw] };
}

function inferResponse(text: string): Buffer {
  return encode('ModelInferResponse', inferMessage(text));
}

/** A message of ModelStreamInfer's reply: a piece of the answer, or an error. */
export function streamResponse(step: { readonly text: string } | { readonly error: string }): Buffer {
  return encode(
    'ModelStreamInferResponse',
    'error' in step ? { error_message: step.error } : { infer_response: inferMessage(step.text) },
  );
}

/** The values of a tensor as a model would see them, one out of its list. */
function valuesOf({ datatype }: { datatype: string }, raw: Buffer): unknown {
  const values: unknown[] = [];
  for (let at = 0; at < raw.length; ) {
    if (datatype === 'BYTES') {
      const length = raw.readUInt32LE(at);
      values.push(raw.toString('utf8', at + 4, at + 4 + length));
      at += 4 + length;
    } else if (datatype === 'BOOL') values.push(raw[at++] === 1);
    else {
      values.push(datatype === 'FP32' ? raw.readFloatLE(at) : raw.readInt32LE(at));
      at += 4;
    }
  }
  return values.length === 1 ? values[0] : values;
}
