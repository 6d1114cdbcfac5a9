/** The tool itself, as `execute` puts it together: scheduler, `ask`, transport, vLLM's chat parser, records and transcripts on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceModelPlan } from '../../src/config/plan.ts';
import { VLLMCustomAPIChat } from '../../src/models/api/vllm-custom-api-chat.ts';
import type { RunRecord } from '../../src/record.ts';
import { encodeRecord } from '../../src/record-codec.ts';
import { RunControl } from '../../src/run/control.ts';
import { runTask, serviceAnswerer, type TaskProgress } from '../../src/run/run-task.ts';
import type { CaseSource } from '../../src/run/shape.ts';
import { oneRequest } from '../../src/run/single.ts';
import { LineAppender } from '../../src/store/append.ts';
import { redactor } from '../../src/store/redact.ts';
import { encodeTranscript } from '../../src/transcript-codec.ts';
import { Deadlines } from '../../src/transport/deadlines.ts';
import { openTransport } from '../../src/transport/open-transport.ts';
import { NO_PROXY } from '../../src/transport/proxy.ts';
import { undiciTransport } from '../../src/transport/undici-transport.ts';
import type { ClientOrder } from './wire.ts';

const TIMEOUTS = { connectMs: 30_000, firstTokenMs: 600_000, idleMs: 600_000, totalMs: 0 };

export interface ToolResult {
  readonly events: number;
  readonly records: readonly RunRecord[];
}

/** Runs the load of `order`; every record is encoded and appended to a file as in a run, and kept only where it is asked for. */
export async function runTool(order: ClientOrder, clock: () => number): Promise<ToolResult> {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-load-'));
  const redact = redactor(['sk-load-bench-key']);
  const records = new LineAppender(join(folder, 'records.jsonl'), redact);
  const transcripts = new LineAppender(join(folder, 'predictions.jsonl'), redact);
  const control = new RunControl();
  const options = { connectMs: TIMEOUTS.connectMs, proxy: NO_PROXY };
  const transport =
    order.kind === 'undici'
      ? undiciTransport(clock, options)
      : openTransport(clock, { ...options, http2: false });
  const deadlines = new Deadlines(clock, TIMEOUTS);
  const source = sourceOf(order);
  const model = new VLLMCustomAPIChat(source.plan.options);
  const service = {
    pick: () => ({ model, release: () => {} }),
    wire: { transport, deadlines, clock, signal: control.signal },
  };
  const kept: RunRecord[] = [];
  let events = 0;
  try {
    const sink = {
      record: (record: RunRecord) => {
        records.append(encodeRecord(record));
        events += record.times.events?.at.length ?? 0;
        if (order.stamped || record.outcome === 'failed' || order.requests <= 100_000)
          kept.push(order.stamped ? record : withoutEvents(record));
      },
      transcript: (one: Parameters<typeof encodeTranscript>[0]) => transcripts.append(encodeTranscript(one)),
    };
    await runTask(source.cases, serviceAnswerer(service, 1), sink, control, progressOf(order, clock()));
  } finally {
    records.close();
    transcripts.close();
    await transport.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { events, records: kept };
}

function withoutEvents(record: RunRecord): RunRecord {
  const { events: _events, ...times } = record.times;
  return { ...record, times } as RunRecord;
}

function progressOf(order: ClientOrder, startedAt: number): TaskProgress {
  return { total: order.requests, done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt };
}

function sourceOf(order: ClientOrder): { plan: ServiceModelPlan; cases: CaseSource } {
  const plan: ServiceModelPlan = {
    attr: 'service',
    abbr: 'bench-model',
    modelClass: VLLMCustomAPIChat,
    options: Object.freeze({
      path: '',
      model: 'bench-model',
      stream: true,
      maxOutLen: order.events,
      retry: 0,
      apiKey: 'sk-load-bench-key',
      hostIp: '127.0.0.1',
      hostPort: order.port,
      url: '',
      enableSsl: false,
      trustRemoteCode: false,
      generationKwargs: { temperature: 0 },
    }),
    sendsTools: false,
    timeouts: TIMEOUTS,
    connection: {
      servers: [`http://127.0.0.1:${order.port}/`],
      balance: 'round_robin',
      http2: false,
      tls: undefined,
      proxy: NO_PROXY,
      adapters: undefined,
      headers: {},
      secrets: [],
    },
    concurrency: order.streams,
    arrival: { kind: 'closed' },
    attempts: 1,
    repetitions: 1,
    metaTemplate: undefined,
    origins: {},
  };
  const rows = Array.from({ length: order.requests }, (_, index) => ({ index, row: {} }));
  const cases: CaseSource = {
    model: plan,
    rows,
    shape: {
      requestsOf: () => 1,
      caseOf: ({ index }, repetition) =>
        oneRequest({
          ref: { id: String(index), model: plan.abbr, dataset: 'bench', index, repetition },
          prompt: `stream ${index}`,
          maxOutLen: order.events,
          gold: undefined,
        }),
    },
  };
  return { plan, cases };
}
