import { finding } from '../../contract/finding.ts';
import type { OkRecord, RunRecord } from '../../contract/record.ts';
import type { Slos } from '../goodput.ts';
import { Series } from '../stats.ts';
import { deviation, instants, kindSet, known, mean, percentile } from './common.ts';
import type { Dialect, DialectOptions, DialectReport, DialectRow } from './types.ts';

/** A chunk with `choices`, also one with a role or a finish reason only. The usage chunk has none. */
const CHUNKS = kindSet('role', 'content', 'reasoning', 'tool-call', 'finish', 'other');

/** What `vllm bench serve` prints. */
export class VllmDialect implements Dialect {
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
          row('TTFT', this.#ttft),
          row('TPOT (excl. 1st token)', this.#tpot),
          row('ITL', this.#itl),
          row('E2EL', this.#e2el),
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

function row(name: string, series: Series): DialectRow {
  return {
    name,
    unit: 'ms',
    values: [mean(series), percentile(series, 50), deviation(series), percentile(series, 99)],
  };
}
