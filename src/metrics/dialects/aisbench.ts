import { type Finding, finding } from '../../contract/finding.ts';
import { EVENT_KINDS, type OkRecord, type RunRecord } from '../../contract/record.ts';
import { Series } from '../stats.ts';
import { instants, kindSet, known, mean, percentile } from './common.ts';
import type { Dialect, DialectOptions, DialectReport, DialectRow } from './types.ts';

/** Every event but an error makes a time point, whatever it holds. */
const AISBENCH_POINTS = kindSet(
  'role',
  'content',
  'reasoning',
  'tool-call',
  'finish',
  'usage',
  'other',
  'unknown',
);

const STATISTICS = ['Average', 'Min', 'Max', 'Median', 'P75', 'P90', 'P99'];

/** One answered request, in seconds. */
interface AnsweredRequest extends RequestSpan {
  readonly ttft: number;
  readonly tpot: number;
  readonly itl: Float64Array;
  readonly input: number;
  readonly output: number;
  readonly streamed: boolean;
}

/** AISBench's `default_perf` and, as a stage of its own, its `stable_stage`. */
export class AisbenchDialect implements Dialect {
  readonly #answers: AnsweredRequest[] = [];
  readonly #concurrency: number;
  #failed = 0;
  #retried = 0;

  constructor({ concurrency }: DialectOptions) {
    this.#concurrency = concurrency;
  }

  add(record: RunRecord): void {
    if (record.attempt > 1) this.#retried++;
    if (record.outcome === 'failed') this.#failed++;
    else this.#answers.push(answerOf(record));
  }

  finish(): DialectReport[] {
    const findings = this.#retried > 0 ? [finding('AISBENCH-RETRIES', {})] : [];
    const total = this.#answers.length + this.#failed;
    const begin = this.#answers.reduce(
      (least, answer) => Math.min(least, answer.begin),
      Number.POSITIVE_INFINITY,
    );
    const end = this.#answers.reduce((most, answer) => Math.max(most, answer.end), Number.NEGATIVE_INFINITY);
    if (this.#answers.length === 0) {
      return [this.#report('total', [], 0, total, [finding('AISBENCH-NO-SUCCESS', {})])];
    }
    const whole = this.#report('total', this.#answers, end - begin, total, findings);
    const stage = stableStage(this.#answers, this.#concurrency);
    if (stage === undefined) {
      const why = finding('AISBENCH-NOT-STABLE', { slots: this.#concurrency });
      return [whole, this.#report('stable', [], 0, 0, [why])];
    }
    const selected = stage.selected.map((i) => this.#answers[i]!);
    return [whole, this.#report('stable', selected, stage.end - stage.begin, selected.length, findings)];
  }

  #report(
    stage: string,
    answers: readonly AnsweredRequest[],
    duration: number,
    total: number,
    findings: readonly Finding[],
  ): DialectReport {
    const rows = rowsOf(answers);
    const value = (name: string, statistic: number) =>
      rows.find((row) => row.name === name)?.values[statistic];
    const common = commonOf(answers, duration, total, this.#concurrency);
    const named = (wanted: string) => common.find(({ name }) => name === wanted)?.value;
    return {
      dialect: 'aisbench',
      stage,
      statistics: STATISTICS,
      rows,
      common,
      compared: known({
        'TTFT mean': value('TTFT', 0),
        'TTFT P99': value('TTFT', 6),
        'TPOT mean': value('TPOT', 0),
        'ITL mean': value('ITL', 0),
        'ITL P99': value('ITL', 6),
        'E2EL mean': value('E2EL', 0),
        'E2EL P99': value('E2EL', 6),
        'Requests counted': answers.length,
        Duration: named('Benchmark Duration'),
        'Request throughput': named('Request Throughput'),
        'Output throughput': named('Output Token Throughput'),
      }),
      findings,
    };
  }
}

function answerOf({ times, streamed, inputTokens, outputTokens }: OkRecord): AnsweredRequest {
  const points = streamed
    ? instants(times.events, AISBENCH_POINTS).map(seconds)
    : Float64Array.of(seconds(times.done));
  const begin = seconds(times.sent);
  const end = points.at(-1) ?? begin;
  const output = outputTokens?.value ?? 0;
  const ttft = streamed && points.length > 0 ? points[0]! - begin : 0;
  return {
    begin,
    end,
    ttft,
    tpot: streamed && output > 1 ? (end - begin - ttft) / (output - 1) : 0,
    itl: streamed ? points.slice(1).map((at, i) => at - points[i]!) : new Float64Array(),
    input: inputTokens?.value ?? 0,
    output,
    streamed,
  };
}

/** The rows that AISBench would print: those that are all zero are left out. */
function rowsOf(answers: readonly AnsweredRequest[]): DialectRow[] {
  if (answers.length === 0) return [];
  const withGaps = answers.filter(({ itl }) => itl.some((gap) => gap !== 0)).length;
  const column = (of: (answer: AnsweredRequest) => number) => seriesOf(answers.map(of));
  const gaps = new Series();
  for (const { itl } of answers) for (const gap of itl) gaps.push(gap);
  const ttft = column((answer) => answer.ttft);
  const tpot = column((answer) => answer.tpot);
  const prefill = column(({ input, ttft: time }) => (time === 0 ? 0 : input / time));
  const n = answers.length;
  const firstHasGap = answers[0]!.itl.some((gap) => gap !== 0);
  return [
    row(
      'E2EL',
      'ms',
      column(({ begin, end }) => end - begin),
      n,
    ),
    ...(ttft.sum === 0 ? [] : [row('TTFT', 'ms', ttft, n)]),
    ...(tpot.sum === 0 ? [] : [row('TPOT', 'ms', tpot, withGaps)]),
    ...(firstHasGap ? [row('ITL', 'ms', gaps, withGaps)] : []),
    row(
      'InputTokens',
      '',
      column(({ input }) => input),
      n,
    ),
    row(
      'OutputTokens',
      '',
      column(({ output }) => output),
      n,
    ),
    row(
      'OutputTokenThroughput',
      'token/s',
      column(({ begin, end, output }) => (end > begin ? output / (end - begin) : 0)),
      n,
    ),
    ...(ttft.sum === 0 ? [] : [row('PrefillTokenThroughput', 'token/s', prefill, n)]),
  ];
}

/** Rounded to four decimals, in seconds, before it becomes milliseconds. */
function row(name: string, unit: string, series: Series, n: number): DialectRow {
  const values = [mean(series), ...[0, 100, 50, 75, 90, 99].map((p) => percentile(series, p))];
  const scale = unit === 'ms' ? 1000 : 1;
  return { name, unit, values: values.map((value) => value && fourDecimals(value) * scale), n };
}

function commonOf(answers: readonly AnsweredRequest[], duration: number, total: number, concurrency: number) {
  const sum = (of: (answer: AnsweredRequest) => number) =>
    answers.reduce((all, answer) => all + of(answer), 0);
  const [input, output] = [sum((answer) => answer.input), sum((answer) => answer.output)];
  const rate = (amount: number) => (duration > 0 ? fourDecimals(amount / duration) : 0);
  const busy = rate(sum(({ begin, end }) => end - begin));
  return [
    { name: 'Benchmark Duration', value: fourDecimals(duration * 1000), unit: 'ms' },
    { name: 'Total Requests', value: total, unit: '' },
    { name: 'Failed Requests', value: total - answers.length, unit: '' },
    { name: 'Success Requests', value: answers.length, unit: '' },
    { name: 'Concurrency', value: Math.min(busy, concurrency), unit: '' },
    { name: 'Max Concurrency', value: concurrency, unit: '' },
    { name: 'Request Throughput', value: rate(answers.length), unit: 'req/s' },
    { name: 'Total Input Tokens', value: input, unit: '' },
    ...prefillOf(answers, input),
    { name: 'Total Generated Tokens', value: output, unit: '' },
    { name: 'Input Token Throughput', value: rate(input), unit: 'token/s' },
    { name: 'Output Token Throughput', value: rate(output), unit: 'token/s' },
    { name: 'Total Token Throughput', value: rate(input + output), unit: 'token/s' },
  ];
}

/** All input tokens over the time to all first events; AISBench leaves it out where nothing was streamed. */
function prefillOf(answers: readonly AnsweredRequest[], input: number) {
  const waited = answers.reduce((all, { ttft }) => all + ttft, 0);
  if (waited === 0) return [];
  return [{ name: 'Prefill Token Throughput', value: fourDecimals(input / waited), unit: 'token/s' }];
}

function seriesOf(values: readonly number[]): Series {
  const series = new Series();
  for (const value of values) series.push(value);
  return series;
}

/** numpy's `round(x, 4)`: scaled, to the nearest, halves to even. */
export function fourDecimals(value: number): number {
  const scaled = value * 1e4;
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const rounded = rest === 0.5 ? below + (below % 2) : Math.round(scaled);
  return rounded / 1e4;
}

function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

/** A request by its begin and end, in any one unit of time. */
export interface RequestSpan {
  readonly begin: number;
  readonly end: number;
}

export interface StableStage {
  readonly begin: number;
  readonly end: number;
  /** Positions of the requests that begin inside. */
  readonly selected: readonly number[];
}

/**
 * AISBench's `stable_stage`: from the second request that begins when the number in flight comes to exactly `concurrency`, to the
 * last begin or end that leaves it there. Undefined when that never happens. Of events at one instant the order of the list
 * counts.
 */
export function stableStage(spans: readonly RequestSpan[], concurrency: number): StableStage | undefined {
  const events = spans
    .flatMap(({ begin, end }) => [
      { at: begin, step: 1 },
      { at: end, step: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  let inFlight = 0;
  let begins = 0;
  let begin: number | undefined;
  let end: number | undefined;
  for (const { at, step } of events) {
    inFlight += step;
    if (inFlight !== concurrency) continue;
    if (step === 1) begins++;
    if (step === 1 && begins === 2) begin = at;
    end = at;
  }
  if (begin === undefined || end === undefined) return undefined;
  const [from, to] = [begin, end];
  const selected = spans.flatMap((span, i) => (span.begin >= from && span.begin <= to ? [i] : []));
  return { begin: from, end: to, selected };
}

const CONTENT = EVENT_KINDS.indexOf('content');

/**
 * The record as AISBench saw it: every event but an error brought something. Our formulas then give its TTFT, TPOT, ITL and E2EL,
 * so that a run of ours and one that was imported are measured alike.
 */
export function everyEventCounts(record: RunRecord): RunRecord {
  if (record.outcome === 'failed' || !record.streamed) return record;
  const at = instants(record.times.events, AISBENCH_POINTS);
  const events = {
    at,
    kind: new Uint8Array(at.length).fill(CONTENT),
    tokens: new Uint16Array(at.length).fill(1),
    sharedRead: new Uint8Array(at.length),
  };
  return { ...record, times: { ...record.times, events } };
}
