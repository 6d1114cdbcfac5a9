/** The service's own counters, in vLLM's terms. */

import type { Generate, InferenceEngine, Prompt, ReadPrompt, ReplyPiece } from './engine.ts';
import { get, type Route } from './exchange.ts';
import { OPENAI_WORDS } from './protocols/openai-request.ts';
import vllm from './vllm-metrics.json' with { type: 'json' };

/** Counts of observations per bucket, in Prometheus' sense. */
export class Histogram {
  readonly bounds: readonly number[];
  /** One more than the bounds: the last is for what is above them all. Not yet summed up. */
  readonly counts: number[];
  sum = 0;
  count = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sum += value;
    this.count++;
  }
}

/** How a request ended. */
export type EndReason = 'stop' | 'length' | 'abort' | 'error';

/** vLLM's bounds (0.32), in seconds and in tokens. */
const BOUNDS = vllm.bounds;

/** Counters since the service started. */
export class ServiceMetrics {
  promptTokens = 0;
  generationTokens = 0;
  readonly ended: Record<EndReason, number> = { stop: 0, length: 0, abort: 0, error: 0 };
  readonly requestPromptTokens = new Histogram(BOUNDS.tokens);
  readonly requestGenerationTokens = new Histogram(BOUNDS.tokens);
  readonly timeToFirstToken = new Histogram(BOUNDS.firstToken);
  readonly interTokenLatency = new Histogram(BOUNDS.perToken);
  readonly timePerOutputToken = new Histogram(BOUNDS.perToken);
  readonly requestLatency = new Histogram(BOUNDS.request);
}

/** Milliseconds on a monotonic clock. */
export type Now = () => number;

/** Wraps an engine so that everything it generates is counted. */
export function observed(engine: InferenceEngine, metrics: ServiceMetrics, now: Now): InferenceEngine {
  return {
    ...engine,
    read(prompt: Prompt): ReadPrompt {
      const read = engine.read(prompt);
      const { score, callTool } = read;
      const watch = (generate: Generate) => observedGenerate(generate, read.tokens, metrics, now);
      return {
        tokens: read.tokens,
        generate: watch(read.generate),
        ...(score && { score }),
        ...(callTool && {
          callTool(tools, must) {
            const call = callTool(tools, must);
            return call && { ...call, generate: watch(call.generate) };
          },
        }),
      };
    },
  };
}

function observedGenerate(
  generate: Generate,
  promptTokens: number,
  metrics: ServiceMetrics,
  now: Now,
): Generate {
  return async (sampling, sink, signal) => {
    const request = new RequestMeter(promptTokens, metrics, now());
    try {
      await generate(
        sampling,
        (piece) => {
          request.piece(piece, now());
          sink(piece);
        },
        signal,
      );
      request.end('abort', now());
    } catch (error) {
      request.end('error', now());
      throw error;
    }
  };
}

/** One request, from its arrival to its end. Times in milliseconds. */
class RequestMeter {
  readonly #promptTokens: number;
  readonly #metrics: ServiceMetrics;
  readonly #arrived: number;
  #first = 0;
  #last = 0;
  #tokens = 0;
  #ended = false;

  constructor(promptTokens: number, metrics: ServiceMetrics, arrived: number) {
    this.#promptTokens = promptTokens;
    this.#metrics = metrics;
    this.#arrived = arrived;
  }

  piece({ tokens, finish }: ReplyPiece, now: number): void {
    const metrics = this.#metrics;
    if (tokens > 0) {
      if (this.#tokens === 0) {
        this.#first = now;
        metrics.promptTokens += this.#promptTokens;
        metrics.timeToFirstToken.observe((now - this.#arrived) / 1000);
      } else {
        metrics.interTokenLatency.observe((now - this.#last) / 1000);
      }
      this.#last = now;
      this.#tokens += tokens;
      metrics.generationTokens += tokens;
    }
    if (finish !== undefined) this.end(finish.reason, now);
  }

  /** The first end counts. */
  end(reason: EndReason, now: number): void {
    if (this.#ended) return;
    this.#ended = true;
    const metrics = this.#metrics;
    metrics.ended[reason]++;
    if (reason === 'abort' || reason === 'error') return;
    metrics.requestLatency.observe((now - this.#arrived) / 1000);
    metrics.requestPromptTokens.observe(this.#promptTokens);
    metrics.requestGenerationTokens.observe(this.#tokens);
    if (this.#tokens > 1) {
      metrics.timePerOutputToken.observe((this.#last - this.#first) / 1000 / (this.#tokens - 1));
    }
  }
}

const TEXT_FORMAT = { 'content-type': 'text/plain; version=1.0.0; charset=utf-8' };

/** Serves the counters in Prometheus's text format, as vLLM does. */
export function serveMetrics(engine: InferenceEngine, metrics: ServiceMetrics): readonly Route[] {
  return [
    get('/metrics', OPENAI_WORDS, (exchange) =>
      exchange.reply(200, formatMetrics(engine, metrics), TEXT_FORMAT),
    ),
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

const HISTOGRAMS = vllm.histograms as unknown as readonly (readonly [
  name: string,
  help: string,
  key: HistogramKey,
])[];

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
