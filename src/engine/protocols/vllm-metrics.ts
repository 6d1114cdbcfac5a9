/** `GET /metrics`: the service's own numbers under vLLM's names, as Prometheus text. */
import type { Route } from '../exchange.ts';
import type { Histogram, ServiceMetrics } from '../metrics.ts';
import type { Engine } from '../types.ts';
import { OPENAI_WORDS } from './openai-errors.ts';

const TEXT_FORMAT = { 'content-type': 'text/plain; version=1.0.0; charset=utf-8' };

export function vllmMetrics(engine: Engine, metrics: ServiceMetrics): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/metrics',
      words: OPENAI_WORDS,
      handle: (exchange) => exchange.reply(200, metricsText(engine, metrics), TEXT_FORMAT),
    },
  ];
}

function metricsText(engine: Engine, metrics: ServiceMetrics): string {
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

/** Labels stand in alphabetical order and every number has a point, as Python's client library writes them. */
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
      const le = bound === undefined ? '+Inf' : float(bound);
      this.value(`${name}_bucket`, below, `le="${le}",`);
    });
    this.value(`${name}_count`, count);
    this.value(`${name}_sum`, sum);
  }

  family(name: string, type: string, help: string): void {
    this.#lines.push(`# HELP vllm:${name} ${help}`, `# TYPE vllm:${name} ${type}`);
  }

  /** `labels` stand between `engine` and `model_name`. */
  value(name: string, value: number, labels = ''): void {
    this.#lines.push(`vllm:${name}{engine="0",${labels}model_name="${this.#model}"} ${float(value)}`);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
