import { finding } from '../../contract/finding.ts';
import type { OkRecord, RunRecord } from '../../contract/record.ts';
import type { Slos } from '../goodput.ts';
import { Series } from '../stats.ts';
import { AisbenchDialect } from './aisbench.ts';
import { deviation, instants, kindSet, known, mean, percentile } from './common.ts';
import type { Dialect, DialectName, DialectOptions, DialectReport, DialectRow } from './types.ts';

const MAKERS: Readonly<Record<DialectName, (options: DialectOptions) => Dialect>> = {
  aisbench: (options) => new AisbenchDialect(options),
  vllm: (options) => new VllmDialect(options),
  'genai-perf': () => new GenaiPerfDialect(),
  guidellm: () => new GuidellmDialect(),
};

/** A counter of each tool that is named; feed it the records of a run. */
export class Dialects {
  readonly #dialects: readonly Dialect[];

  constructor(names: readonly DialectName[], options: DialectOptions) {
    this.#dialects = names.map((name) => MAKERS[name](options));
  }

  add(record: RunRecord): void {
    for (const dialect of this.#dialects) dialect.add(record);
  }

  finish(): DialectReport[] {
    return this.#dialects.flatMap((dialect) => dialect.finish());
  }
}

/** A chunk with `choices`, also one with a role or a finish reason only. The usage chunk has none. */
const CHUNKS = kindSet('role', 'content', 'reasoning', 'tool-call', 'finish', 'other');

/** What `vllm bench serve` prints. */
class VllmDialect implements Dialect {
  readonly #slos: Slos | undefined;
  readonly #ttft = new Series();
  readonly #tpot = new Series();
  readonly #itl = new Series();
  readonly #e2el = new Series();
  readonly #chunksOf = new Map<number, number>();
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #failed = 0;
  #completed = 0;
  #input = 0;
  #output = 0;
  #good = 0;

  constructor({ slos }: DialectOptions) {
    this.#slos = slos;
  }

  add(record: RunRecord): void {
    const { sent, done } = record.times;
    if (sent !== undefined) this.#first = Math.min(this.#first, sent);
    this.#last = Math.max(this.#last, done ?? sent ?? Number.NEGATIVE_INFINITY);
    const chunks =
      record.outcome === 'ok' && record.streamed ? instants(record.times.events, CHUNKS) : undefined;
    if (chunks === undefined || chunks.length === 0) this.#failed++;
    else this.#addAnswer(record as OkRecord, chunks);
  }

  finish(): DialectReport[] {
    const duration = (this.#last - this.#first) / 1000;
    const rate = (amount: number) => (duration > 0 ? amount / duration : 0);
    return [
      {
        dialect: 'vllm',
        statistics: ['Mean', 'Median', 'Std', 'P99'],
        rows: [
          vllmRow('TTFT', this.#ttft),
          vllmRow('TPOT (excl. 1st token)', this.#tpot),
          vllmRow('ITL', this.#itl),
          vllmRow('E2EL', this.#e2el),
        ],
        common: [
          { name: 'Successful requests', value: this.#completed, unit: '' },
          { name: 'Failed requests', value: this.#failed, unit: '' },
          { name: 'Benchmark duration', value: Math.max(0, duration), unit: 's' },
          { name: 'Total input tokens', value: this.#input, unit: '' },
          { name: 'Total generated tokens', value: this.#output, unit: '' },
          { name: 'Request throughput', value: rate(this.#completed), unit: 'req/s' },
          ...(this.#slos === undefined
            ? []
            : [{ name: 'Request goodput', value: rate(this.#good), unit: 'req/s' }]),
          { name: 'Output token throughput', value: rate(this.#output), unit: 'tok/s' },
          { name: 'Peak output token throughput', value: this.#peak(), unit: 'tok/s' },
          { name: 'Total token throughput', value: rate(this.#input + this.#output), unit: 'tok/s' },
        ],
        compared: known({
          'TTFT mean': mean(this.#ttft),
          'TTFT P99': percentile(this.#ttft, 99),
          'TPOT mean': mean(this.#tpot),
          'ITL mean': mean(this.#itl),
          'ITL P99': percentile(this.#itl, 99),
          'E2EL mean': mean(this.#e2el),
          'E2EL P99': percentile(this.#e2el, 99),
          'Requests counted': this.#completed,
          Duration: 1000 * duration,
          'Request throughput': rate(this.#completed),
          'Output throughput': rate(this.#output),
        }),
        findings: [finding('VLLM-DURATION', {})],
      },
    ];
  }

  #addAnswer({ times, inputTokens, outputTokens }: OkRecord, chunks: Float64Array): void {
    const ttft = chunks[0]! - times.sent;
    const e2el = chunks.at(-1)! - times.sent;
    const output = outputTokens?.value ?? 0;
    const tpot = output > 1 ? (e2el - ttft) / (output - 1) : 0;
    this.#completed++;
    this.#input += inputTokens?.value ?? 0;
    this.#output += output;
    this.#ttft.push(ttft);
    this.#e2el.push(e2el);
    if (output > 1) this.#tpot.push(tpot);
    for (let i = 1; i < chunks.length; i++) this.#itl.push(chunks[i]! - chunks[i - 1]!);
    for (const at of chunks) {
      const second = Math.floor(at / 1000);
      this.#chunksOf.set(second, (this.#chunksOf.get(second) ?? 0) + 1);
    }
    const limits: Slos = this.#slos ?? {};
    const met = (value: number, limit: number | undefined) => limit === undefined || value <= limit;
    if (met(ttft, limits.ttft) && met(tpot, limits.tpot) && met(e2el, limits.e2el)) this.#good++;
  }

  /** Chunks in the fullest second: vllm takes every chunk for a token here. */
  #peak(): number {
    let peak = 0;
    for (const count of this.#chunksOf.values()) peak = Math.max(peak, count);
    return peak;
  }
}

function vllmRow(name: string, series: Series): DialectRow {
  return {
    name,
    unit: 'ms',
    values: [mean(series), percentile(series, 50), deviation(series), percentile(series, 99)],
  };
}

/** Responses without text are dropped before anything is counted. */
const RESPONSES = kindSet('content', 'reasoning', 'tool-call');

/** What GenAI-Perf, and AIPerf after it, print. */
class GenaiPerfDialect implements Dialect {
  readonly #rows = {
    ttft: new Series(),
    second: new Series(),
    latency: new Series(),
    itl: new Series(),
    perUser: new Series(),
    input: new Series(),
    output: new Series(),
  };
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  add(record: RunRecord): void {
    if (record.outcome === 'failed') return;
    const { sent, events, done } = record.times;
    const responses = record.streamed ? instants(events, RESPONSES) : Float64Array.of(done);
    if (responses.length === 0) return;
    const last = responses.at(-1)!;
    const output = record.outputTokens?.value;
    this.#first = Math.min(this.#first, sent);
    this.#last = Math.max(this.#last, last);
    this.#rows.latency.push(last - sent);
    if (record.inputTokens !== undefined) this.#rows.input.push(record.inputTokens.value);
    if (output !== undefined) this.#rows.output.push(output);
    if (!record.streamed) return;
    this.#rows.ttft.push(responses[0]! - sent);
    if (responses.length > 1) this.#rows.second.push(responses[1]! - responses[0]!);
    if (output === undefined || output <= 1) return;
    const itl = (last - responses[0]!) / (output - 1);
    this.#rows.itl.push(itl);
    if (itl > 0) this.#rows.perUser.push(1000 / itl);
  }

  finish(): DialectReport[] {
    const { ttft, second, latency, itl, perUser, input, output } = this.#rows;
    const duration = (this.#last - this.#first) / 1000;
    const rate = (amount: number) => (duration > 0 ? amount / duration : 0);
    return [
      {
        dialect: 'genai-perf',
        statistics: ['avg', 'min', 'max', 'p99', 'p90', 'p75'],
        rows: [
          genaiPerfRow('Time To First Token', 'ms', ttft),
          genaiPerfRow('Time To Second Token', 'ms', second),
          genaiPerfRow('Request Latency', 'ms', latency),
          genaiPerfRow('Inter Token Latency', 'ms', itl),
          genaiPerfRow('Output Token Throughput Per User', 'tok/s', perUser),
          genaiPerfRow('Output Sequence Length', 'tokens', output),
          genaiPerfRow('Input Sequence Length', 'tokens', input),
        ],
        common: [
          { name: 'Output Token Throughput', value: rate(output.sum), unit: 'tok/s' },
          { name: 'Request Throughput', value: rate(latency.length), unit: 'req/s' },
          { name: 'Request Count', value: latency.length, unit: '' },
        ],
        compared: known({
          'TTFT mean': mean(ttft),
          'TTFT P99': percentile(ttft, 99),
          'ITL mean': mean(itl),
          'ITL P99': percentile(itl, 99),
          'E2EL mean': mean(latency),
          'E2EL P99': percentile(latency, 99),
          'Requests counted': latency.length,
          Duration: Math.max(0, 1000 * duration),
          'Request throughput': rate(latency.length),
          'Output throughput': rate(output.sum),
        }),
        findings: [finding('GENAI-PERF-TOKENIZER', {})],
      },
    ];
  }
}

function genaiPerfRow(name: string, unit: string, series: Series): DialectRow {
  const at = (p: number) => percentile(series, p);
  return { name, unit, values: [mean(series), at(0), at(100), at(99), at(90), at(75)], n: series.length };
}

/** Iterations with text. */
const ITERATIONS = kindSet('content', 'reasoning', 'tool-call');

/** What GuideLLM prints: every request has one value of each metric, and times of tokens weigh as many as it has tokens. */
class GuidellmDialect implements Dialect {
  readonly #rows = {
    latency: new Weighted(),
    ttft: new Weighted(),
    itl: new Weighted(),
    tpot: new Weighted(),
  };
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #input = 0;
  #output = 0;
  #busy = 0;

  add(record: RunRecord): void {
    if (record.outcome === 'failed') return;
    const { sent, done, events } = record.times;
    const iterations = record.streamed ? instants(events, ITERATIONS) : new Float64Array();
    const [first, last] = [iterations[0], iterations.at(-1)];
    const output = record.outputTokens?.value ?? iterations.length;
    this.#first = Math.min(this.#first, sent);
    this.#last = Math.max(this.#last, done);
    this.#input += record.inputTokens?.value ?? 0;
    this.#output += output;
    this.#busy += done - sent;
    this.#rows.latency.push(done - sent, 1);
    this.#rows.ttft.push(first === undefined ? 0 : first - sent, 1);
    if (output > 0) this.#rows.tpot.push(((last ?? done) - sent) / output, output);
    if (output > 1) this.#rows.itl.push(first === undefined ? 0 : (last! - first) / (output - 1), output - 1);
  }

  finish(): DialectReport[] {
    const { latency, ttft, itl, tpot } = this.#rows;
    const duration = (this.#last - this.#first) / 1000;
    const rate = (amount: number) => (duration > 0 ? amount / duration : 0);
    return [
      {
        dialect: 'guidellm',
        statistics: ['Mean', 'Mdn', 'P95', 'P99'],
        rows: [
          guidellmRow('Latency', latency),
          guidellmRow('TTFT', ttft),
          guidellmRow('ITL', itl),
          guidellmRow('TPOT', tpot),
        ],
        common: [
          { name: 'Requests completed', value: latency.length, unit: '' },
          { name: 'Requests per second', value: rate(latency.length), unit: 'req/s' },
          { name: 'Request concurrency', value: rate(this.#busy / 1000), unit: '' },
          { name: 'Input tokens per second', value: rate(this.#input), unit: 'tok/s' },
          { name: 'Output tokens per second', value: rate(this.#output), unit: 'tok/s' },
          { name: 'Total tokens per second', value: rate(this.#input + this.#output), unit: 'tok/s' },
        ],
        compared: known({
          'TTFT mean': ttft.mean(),
          'TTFT P99': ttft.percentile(99),
          'TPOT mean': tpot.mean(),
          'ITL mean': itl.mean(),
          'ITL P99': itl.percentile(99),
          'E2EL mean': latency.mean(),
          'E2EL P99': latency.percentile(99),
          'Requests counted': latency.length,
          Duration: Math.max(0, 1000 * duration),
          'Request throughput': rate(latency.length),
          'Output throughput': rate(this.#output),
        }),
        findings: [finding('GUIDELLM-RATES', {})],
      },
    ];
  }
}

/** Values with weights. A percentile is the first value at which the weights reach it: nothing lies between two values. */
class Weighted {
  readonly #values: { readonly value: number; readonly weight: number }[] = [];
  #weight = 0;

  push(value: number, weight: number): void {
    this.#values.push({ value, weight });
    this.#weight += weight;
  }

  get length(): number {
    return this.#values.length;
  }

  mean(): number | undefined {
    if (this.#weight === 0) return undefined;
    return this.#values.reduce((sum, { value, weight }) => sum + value * weight, 0) / this.#weight;
  }

  percentile(p: number): number | undefined {
    const sorted = this.#values.sort((a, b) => a.value - b.value);
    let seen = 0;
    for (const { value, weight } of sorted) {
      seen += weight;
      if (seen >= (p / 100) * this.#weight) return value;
    }
    return sorted.at(-1)?.value;
  }
}

function guidellmRow(name: string, series: Weighted): DialectRow {
  return {
    name,
    unit: 'ms',
    values: [series.mean(), series.percentile(50), series.percentile(95), series.percentile(99)],
    n: series.length,
  };
}
