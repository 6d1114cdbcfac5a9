import { finding } from '../../contract/finding.ts';
import type { RunRecord } from '../../contract/record.ts';
import { instants, kindSet, known } from './common.ts';
import type { Dialect, DialectReport, DialectRow } from './types.ts';

/** Iterations with text. */
const ITERATIONS = kindSet('content', 'reasoning', 'tool-call');

/** What GuideLLM prints: every request has one value of each metric, and times of tokens weigh as many as it has tokens. */
export class GuidellmDialect implements Dialect {
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
        rows: [row('Latency', latency), row('TTFT', ttft), row('ITL', itl), row('TPOT', tpot)],
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

function row(name: string, series: Weighted): DialectRow {
  return {
    name,
    unit: 'ms',
    values: [series.mean(), series.percentile(50), series.percentile(95), series.percentile(99)],
    n: series.length,
  };
}
