import { randomBytes } from 'node:crypto';
import type { InferenceEngine } from '../engine.ts';
import type { Route } from '../exchange.ts';
import type { Histogram, ServiceMetrics } from '../metrics.ts';
import { PROTOCOL_NAMES, type ProtocolName } from '../protocol-names.ts';
import { anthropic } from './anthropic.ts';
import { mindieInfer } from './mindie-infer.ts';
import { openaiChat, openaiCompletions } from './openai.ts';
import { OPENAI_WORDS } from './openai-request.ts';
import { mindieGenerate, vitaGenerate, vllmGenerate } from './plain-generate.ts';
import { responses } from './responses.ts';
import { tgi } from './tgi.ts';
import { triton } from './triton.ts';

type MakeRoutes = (engine: InferenceEngine, metrics: ServiceMetrics) => readonly Route[];

/** In the order in which protocols that share a path get to accept a body. */
const PROTOCOLS: Readonly<Record<ProtocolName, MakeRoutes>> = {
  openai: (engine) => [...openaiChat(engine), ...openaiCompletions(engine)],
  responses,
  anthropic,
  triton,
  tgi,
  vllm: vllmGenerate,
  vita: vitaGenerate,
  // MindIE has forms of others too; they come to light where those others are not spoken.
  mindie: (engine) => [...mindieInfer(engine), ...mindieGenerate(engine), ...tgi(engine), ...triton(engine)],
  metrics: serveMetrics,
};

/** Returns the routes of these protocols, and `v1/models` and `health`. */
export function collectRoutes(
  names: readonly ProtocolName[],
  engine: InferenceEngine,
  metrics: ServiceMetrics,
): readonly Route[] {
  const chosen = PROTOCOL_NAMES.filter((name) => names.includes(name));
  return [...serveModels(engine), ...chosen.flatMap((name) => PROTOCOLS[name](engine, metrics))];
}

function serveModels(engine: InferenceEngine): readonly Route[] {
  const created = Math.floor(Date.now() / 1000);
  const list = { object: 'list', data: [modelCard(engine, created)] };
  return [
    {
      method: 'GET',
      path: '/v1/models',
      words: OPENAI_WORDS,
      handle: (exchange) => exchange.reply(200, list),
    },
    { method: 'GET', path: '/health', words: OPENAI_WORDS, handle: (exchange) => exchange.reply(200, '') },
  ];
}

function modelCard(engine: InferenceEngine, created: number): object {
  return {
    id: engine.model,
    object: 'model',
    created,
    owned_by: engine.owner,
    root: engine.model,
    parent: null,
    max_model_len: engine.contextLength,
    permission: [modelPermission(created)],
    simulated: engine.simulated,
  };
}

function modelPermission(created: number): object {
  return {
    id: `modelperm-${randomBytes(8).toString('hex')}`,
    object: 'model_permission',
    created,
    allow_create_engine: false,
    allow_sampling: true,
    allow_logprobs: false,
    allow_search_indices: false,
    allow_view: true,
    allow_fine_tuning: false,
    organization: '*',
    group: null,
    is_blocking: false,
  };
}

const TEXT_FORMAT = { 'content-type': 'text/plain; version=1.0.0; charset=utf-8' };

function serveMetrics(engine: InferenceEngine, metrics: ServiceMetrics): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/metrics',
      words: OPENAI_WORDS,
      handle: (exchange) => exchange.reply(200, formatMetrics(engine, metrics), TEXT_FORMAT),
    },
  ];
}

function formatMetrics(engine: InferenceEngine, metrics: ServiceMetrics): string {
  const { running, waiting } = engine.load();
  const text = new PrometheusText(engine.model);
  text.gauge('num_requests_running', 'Number of requests in model execution batches.', running);
  text.gauge('num_requests_waiting', 'Number of requests waiting to be processed.', waiting);
  text.counter('prompt_tokens_total', 'Number of prefill tokens processed.', metrics.promptTokens);
  text.counter('generation_tokens_total', 'Number of generation tokens processed.', metrics.generationTokens);
  text.family('request_success_total', 'counter', 'Count of processed requests, by how they ended.');
  for (const [reason, count] of Object.entries(metrics.ended)) {
    text.value('request_success_total', count, `finished_reason="${reason}",`);
  }
  for (const [name, help, key] of HISTOGRAMS) text.histogram(name, help, metrics[key]);
  return text.toString();
}

type HistogramKey = {
  [Key in keyof ServiceMetrics]: ServiceMetrics[Key] extends Histogram ? Key : never;
}[keyof ServiceMetrics];

const HISTOGRAMS: readonly (readonly [name: string, help: string, key: HistogramKey])[] = [
  ['request_prompt_tokens', 'Number of prefill tokens processed.', 'requestPromptTokens'],
  ['request_generation_tokens', 'Number of generation tokens processed.', 'requestGenerationTokens'],
  ['time_to_first_token_seconds', 'Histogram of time to first token in seconds.', 'timeToFirstToken'],
  ['inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.', 'interTokenLatency'],
  [
    'request_time_per_output_token_seconds',
    'Histogram of time_per_output_token_seconds per request.',
    'timePerOutputToken',
  ],
  ['e2e_request_latency_seconds', 'Histogram of e2e request latency in seconds.', 'requestLatency'],
];

/** Writes labels in alphabetical order and every number with a point, as Python's client library does. */
class PrometheusText {
  readonly #lines: string[] = [];
  readonly #model: string;

  constructor(model: string) {
    this.#model = model.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));
  }

  gauge(name: string, help: string, value: number): void {
    this.family(name, 'gauge', help);
    this.value(name, value);
  }

  counter(name: string, help: string, value: number): void {
    this.family(name, 'counter', help);
    this.value(name, value);
  }

  histogram(name: string, help: string, { bounds, counts, sum, count }: Histogram): void {
    this.family(name, 'histogram', help);
    let below = 0;
    counts.forEach((inBucket, index) => {
      below += inBucket;
      const bound = bounds[index];
      const le = bound === undefined ? '+Inf' : formatFloat(bound);
      this.value(`${name}_bucket`, below, `le="${le}",`);
    });
    this.value(`${name}_count`, count);
    this.value(`${name}_sum`, sum);
  }

  family(name: string, type: string, help: string): void {
    this.#lines.push(`# HELP vllm:${name} ${help}`, `# TYPE vllm:${name} ${type}`);
  }

  /** `labels` go between `engine` and `model_name`. */
  value(name: string, value: number, labels = ''): void {
    this.#lines.push(`vllm:${name}{engine="0",${labels}model_name="${this.#model}"} ${formatFloat(value)}`);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

function formatFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
