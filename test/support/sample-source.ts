/** A model, a data set and a wire that tests of a run are made of. */
import { inlineRef } from '../../src/config/class-source.ts';
import type { ConnectionPlan, ServiceModelPlan } from '../../src/config/plan.ts';
import { datasetSchema } from '../../src/config/schema.ts';
import { type APIModelOptions, BaseAPIModel } from '../../src/contract/base-api-model.ts';
import { type APIModelClass, optionalMethods } from '../../src/contract/class-ref.ts';
import type { RequestOutput } from '../../src/contract/output.ts';
import type { PromptType } from '../../src/contract/prompt-list.ts';
import { singleTurn } from '../../src/sending/inferencers.ts';
import type { Target } from '../../src/sending/send-request.ts';
import type { ShapeOptions, TaskSamples } from '../../src/sending/shape.ts';
import { type FakeClock, modelOptions } from '../../src/testing/index.ts';
import type { Wire } from '../../src/transport/call-service.ts';
import { RequestDeadlines } from '../../src/transport/deadlines.ts';
import { NO_PROXY } from '../../src/transport/proxy.ts';
import type { HttpRequest, ReplySink } from '../../src/transport/types.ts';

/** Asks with `{ask}` and reads `{said, tokens}`. */
class Echo extends BaseAPIModel {
  getUrl(): string {
    return this.baseUrl;
  }
  getRequestBody(input: PromptType): object {
    return { ask: input };
  }
  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = data.said;
    output.outputTokens = data.tokens;
  }
  override parseStreamResponse(data: any, output: RequestOutput): void {
    output.content += data.said;
  }
}

/** What the plan of a service model says about its class. */
export function sampleClass(
  modelClass: APIModelClass,
): Pick<ServiceModelPlan, 'modelClass' | 'methods' | 'fixesLength' | 'chunksAreTokens'> {
  const fixesLength = modelClass.fixesLength === true;
  const chunksAreTokens = modelClass.chunksAreTokens !== false;
  return {
    modelClass: inlineRef(modelClass),
    methods: optionalMethods(modelClass),
    fixesLength,
    chunksAreTokens,
  };
}

export function samplePlan(plan: Partial<ServiceModelPlan> = {}): ServiceModelPlan {
  return {
    attr: 'service',
    abbr: 'model',
    ...sampleClass(Echo),
    options: sampleOptions(),
    concurrency: 1,
    arrival: { kind: 'closed' },
    attempts: 1,
    repetitions: 1,
    sendsTools: false,
    timeouts: { connectMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0 },
    connection: sampleConnection(),
    metaTemplate: undefined,
    origins: {},
    ...plan,
  };
}

/** One server, asked directly. */
export function sampleConnection(connection: Partial<ConnectionPlan> = {}): ConnectionPlan {
  return {
    servers: ['http://localhost:8080/'],
    balance: 'round_robin',
    http2: false,
    tls: undefined,
    proxy: NO_PROXY,
    adapters: undefined,
    headers: {},
    secrets: [],
    ...connection,
  };
}

export function sampleOptions(options: Partial<APIModelOptions> = {}): APIModelOptions {
  return { ...modelOptions(), stream: false, ...options };
}

export function sampleTarget(options: Partial<APIModelOptions> = {}): Target {
  return { model: new Echo(sampleOptions(options)), release: () => {} };
}

/** A dataset's config: the bare question is asked. */
export function sampleDataset(
  inferCfg: Readonly<Record<string, unknown>> = {},
  readerCfg: Readonly<Record<string, unknown>> = {},
): ShapeOptions['dataset'] {
  const config = datasetSchema.parse({
    abbr: 'data',
    type: 'Sample',
    reader_cfg: { input_columns: ['question'], output_column: 'answer', ...readerCfg },
    infer_cfg: {
      prompt_template: { template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
      ...inferCfg,
    },
  });
  return { abbr: config.abbr, config, type: {} };
}

/** What makes a dataset's rows dialogues: lists of questions, each with its answer. */
export const DIALOGUES = {
  prompt_template: {
    type: 'MultiTurnPromptTemplate',
    template: {
      round: [
        { role: 'HUMAN', prompt: '{question}' },
        { role: 'BOT', prompt: '{answer}' },
      ],
    },
  },
  inferencer: { type: 'MultiTurnGenInferencer' },
} as const;

/** `count` rows: question and answer of row i are `question i`. */
export function sampleSource(count: number, plan: Partial<ServiceModelPlan> = {}): TaskSamples {
  const rows = Array.from({ length: count }, (_, index) => {
    const text = `question ${index}`;
    return { index, row: { question: text, answer: text } };
  });
  const model = samplePlan(plan);
  return { model, rows, shape: singleTurn({ model, dataset: sampleDataset(), train: [] }) };
}

/** Answers request `n`, counted from 0, through the sink, at once or later. */
export type Answering = (sink: ReplySink, n: number, request: HttpRequest) => void;

export interface SampleWire extends Wire {
  readonly sent: readonly HttpRequest[];
}

/** A wire without sockets. */
export function sampleWire(
  clock: FakeClock,
  answer: Answering,
  signal = new AbortController().signal,
): SampleWire {
  const sent: HttpRequest[] = [];
  const send = (request: HttpRequest, sink: ReplySink) => {
    const n = sent.push(request) - 1;
    const turn = setImmediate(() => answer(sink, n, request));
    const abort = (reason: Error) => {
      clearImmediate(turn);
      setImmediate(() => sink.onError(reason));
    };
    return { abort };
  };
  const timeouts = { connectMs: 0, firstTokenMs: 0, idleMs: 0, totalMs: 0 };
  const transport = { send, close: async () => {} };
  return { transport, deadlines: new RequestDeadlines(clock, timeouts), clock, signal, sent };
}

/** A whole reply. */
export function reply(sink: ReplySink, clock: FakeClock, body: unknown, status = 200): void {
  sink.onHeaders(status, {}, clock());
  sink.onData(Buffer.from(JSON.stringify(body)), clock(), false);
  sink.onEnd(clock());
}
