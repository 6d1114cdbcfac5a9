import { finding } from '../../contract/finding.ts';
import type { RunRecord } from '../../contract/record.ts';
import { Series } from '../stats.ts';
import { instants, kindSet, known, mean, percentile } from './common.ts';
import type { Dialect, DialectReport, DialectRow } from './types.ts';

/** Responses without text are dropped before anything is counted. */
const RESPONSES = kindSet('content', 'reasoning', 'tool-call');

/** What GenAI-Perf, and AIPerf after it, print. */
export class GenaiPerfDialect implements Dialect {
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
          row('Time To First Token', 'ms', ttft),
          row('Time To Second Token', 'ms', second),
          row('Request Latency', 'ms', latency),
          row('Inter Token Latency', 'ms', itl),
          row('Output Token Throughput Per User', 'tok/s', perUser),
          row('Output Sequence Length', 'tokens', output),
          row('Input Sequence Length', 'tokens', input),
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

function row(name: string, unit: string, series: Series): DialectRow {
  const at = (p: number) => percentile(series, p);
  return { name, unit, values: [mean(series), at(0), at(100), at(99), at(90), at(75)], n: series.length };
}
