/** Sends a load to the truth server with the parts of a run: scheduler, transport, vLLM's parser, records. */
import type { ServiceModelPlan } from '../config/plan.ts';
import { datasetSchema } from '../config/schema.ts';
import { SHIPPED } from '../contract/class-ref.ts';
import type { RunRecord } from '../contract/record.ts';
import { encodeRecord, encodeTranscript } from '../contract/record-codec.ts';
import type { RunControl } from '../sending/control.ts';
import { singleTurn } from '../sending/inferencers.ts';
import { runTask, serviceClient, type TaskProgress } from '../sending/run-task.ts';
import { openService } from '../sending/service.ts';
import type { TaskSamples } from '../sending/shape.ts';
import { LineAppender } from '../store/append.ts';
import { redactor } from '../store/redact.ts';
import { NO_PROXY } from '../transport/proxy.ts';
import type { Clock } from '../transport/types.ts';
import { MODEL_NAME } from './truth-server.ts';

/** A closed-loop load. */
export interface OwnLoad {
  readonly port: number;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Number of requests, or time in which new ones begin, ms. */
  readonly until: { readonly requests: number } | { readonly ms: number };
  readonly maxOutLen: number;
  /** Attempts per request; 1 by default. */
  readonly attempts?: number;
}

/** What a load is sent with. */
export interface OwnLoadContext {
  readonly clock: Clock;
  /** Folder of the records and transcripts, written as in a run. */
  readonly folder: string;
  readonly control: RunControl;
  /** Updated while the load is sent. */
  readonly progress?: TaskProgress;
}

/** Longer than any reply of the truth server takes. */
const TIMEOUTS = { connectMs: 30_000, firstTokenMs: 30_000, idleMs: 30_000, totalMs: 0 };
const KEY = 'sk-selftest-of-this-machine';

/** Sends the load in this process, and calls `take` with every record after it is written. Throws RUN-FILE-001. */
export async function sendOwnLoad(
  load: OwnLoad,
  { clock, folder, control, progress = newProgress(clock()) }: OwnLoadContext,
  take: (record: RunRecord) => void,
): Promise<void> {
  const model = modelPlan(load);
  const redact = redactor([KEY]);
  const records = new LineAppender(`${folder}/records.jsonl`, redact);
  const transcripts = new LineAppender(`${folder}/predictions.jsonl`, redact);
  const service = await openService(model, { base: '', clock, signal: control.signal });
  const sink = {
    record: (record: RunRecord) => {
      records.append(encodeRecord(record));
      take(record);
    },
    transcript: (one: Parameters<typeof encodeTranscript>[0]) => transcripts.append(encodeTranscript(one)),
  };
  const durationMs = 'ms' in load.until ? load.until.ms : undefined;
  const settings = { seed: 0, durationMs, pressure: false, cycle: durationMs !== undefined, workers: 1 };
  try {
    await runTask(caseSource(model, load), serviceClient(service, model.attempts), sink, control, progress, {
      settings,
    });
  } finally {
    await service.close();
    records.close();
    transcripts.close();
  }
}

function newProgress(startedAt: number): TaskProgress {
  return { done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt };
}

/** Rows with their number, which the server reads from the prompt. */
function caseSource(model: ServiceModelPlan, { until, concurrency }: OwnLoad): TaskSamples {
  const count = 'requests' in until ? until.requests : 10 * concurrency;
  const rows = Array.from({ length: count }, (_, index) => ({ index, row: { question: `stream ${index}` } }));
  const dataset = { abbr: 'selftest', config: DATASET, type: {} };
  return { model, rows, shape: singleTurn({ model, dataset, train: [] }) };
}

const DATASET = datasetSchema.parse({
  abbr: 'selftest',
  type: 'SelfTest',
  reader_cfg: { input_columns: ['question'] },
  infer_cfg: {
    prompt_template: { template: '{question}' },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
});

function modelPlan({ port, concurrency, maxOutLen, attempts = 1 }: OwnLoad): ServiceModelPlan {
  return {
    attr: 'service',
    abbr: MODEL_NAME,
    modelClass: { module: SHIPPED, export: 'VLLMCustomAPIChat', name: 'VLLMCustomAPIChat' },
    methods: ['parseTextResponse', 'parseStreamResponse'],
    fixesLength: true,
    chunksAreTokens: true,
    options: Object.freeze({
      path: '',
      model: MODEL_NAME,
      stream: true,
      maxOutLen,
      retry: 0,
      apiKey: KEY,
      hostIp: '127.0.0.1',
      hostPort: port,
      url: '',
      enableSsl: false,
      trustRemoteCode: false,
      generationKwargs: { temperature: 0 },
    }),
    sendsTools: false,
    timeouts: TIMEOUTS,
    connection: {
      servers: [`http://127.0.0.1:${port}/`],
      balance: 'round_robin',
      http2: false,
      tls: undefined,
      proxy: NO_PROXY,
      adapters: undefined,
      headers: {},
      secrets: [KEY],
    },
    concurrency,
    arrival: { kind: 'closed' },
    attempts,
    repetitions: 1,
    metaTemplate: undefined,
    origins: {},
  };
}
