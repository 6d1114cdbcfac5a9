import { defined } from '../basics/defined.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { Arrivals } from './arrivals.ts';
import { ANSWERED, CANCELLED, FAILED, RETRIED, type RequestTable } from './request-table.ts';
import { Series, type Stats } from './stats.ts';

/** The rule by which a window counts as steady; `docs/metrics.md` shows this table. */
export const STEADY_RULE = {
  /** The loaded part of the run is cut into so many cells. */
  cells: 50,
  /** Fewer cells, where the run is short, do not show a trend. */
  fewestCells: 20,
  /** Share of the loaded part that the window must keep. */
  smallestShare: 0.5,
  /** Requests that were scheduled inside the window. */
  fewestRequests: 30,
  /** Length of the window in median E2ELs. */
  shortestInE2els: 3,
  /** Relative change over the window that is not steady … */
  largestDrift: 0.1,
  /** … when the t statistic of its slope (10 batches, 8 degrees of freedom) is above this: 99 %. */
  significantT: 3.355,
} as const;

/** The numbers of one part of a run. Times in milliseconds, rates a second. */
interface WindowMetrics {
  /** Milliseconds from the start of the run. */
  readonly from: number;
  readonly to: number;
  /** Requests that were scheduled inside, failed ones included. */
  readonly requests: number;
  readonly failed: number;
  /** Answers that ended inside / length. */
  readonly requestThroughput: number;
  /** Tokens that arrived inside / length; absent where no source counted. */
  readonly outputTokenThroughput?: number;
  /** Time-weighted number in flight. */
  readonly concurrency: number;
  /** Of the requests that were scheduled inside and needed no retry. */
  readonly ttft?: Stats;
  readonly e2el?: Stats;
  readonly tpot?: Stats;
}

export interface SteadyState {
  readonly steady: boolean;
  /** Why the run was not steady. */
  readonly reasons: readonly Finding[];
  /** Present when a window was found, steady or not. */
  readonly window?: WindowMetrics;
  readonly trends: readonly Trend[];
}

/** Looks for the steady part of a run: the rule is in `docs/metrics.md`. */
export function steadyState(table: RequestTable, arrivals: Arrivals): SteadyState {
  const { fewestRequests } = STEADY_RULE;
  if (table.length < fewestRequests) {
    return notSteady(finding('TOO-FEW-REQUESTS', { requests: table.length, least: fewestRequests }));
  }
  const loaded = loadedPart(table);
  if (loaded === undefined) return notSteady(finding('SENT-AT-ONCE', {}));
  const cells = new Cells(table, arrivals, loaded.from, loaded.to);
  if (cells.count < STEADY_RULE.fewestCells) {
    return notSteady(finding('TOO-SHORT', { span: loaded.to - loaded.from }));
  }
  const [from, to] = cut(cells);
  if (to - from < STEADY_RULE.smallestShare * cells.count) {
    return neverSteady(cells, to - from);
  }
  const window = windowMetrics(table, arrivals, cells.start(from), cells.start(to));
  const trends = cells.signals().map(({ name, values }) => trendOf(name, values.slice(from, to)));
  const reasons = [...tooLittle(window), ...trends.flatMap((trend) => drift(trend, 'window'))];
  return { steady: reasons.length === 0, reasons, window, trends };
}

function notSteady(reason: Finding): SteadyState {
  return { steady: false, reasons: [reason], trends: [] };
}

/** Nothing but ramps and drifts: what drifts over the whole of the time under load says more than how little was left. */
function neverSteady(cells: Cells, left: number): SteadyState {
  const trends = cells.signals().map(({ name, values }) => trendOf(name, values));
  const drifts = trends.flatMap((trend) => drift(trend, 'load'));
  const share = Math.max(0, left / cells.count);
  return {
    steady: false,
    reasons: [...drifts, finding('MOSTLY-RAMPS', { share })],
    trends,
  };
}

/** From the first request to the last one that was sent: after it the load only drains. */
function loadedPart(table: RequestTable): { from: number; to: number } | undefined {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < table.length; row++) {
    from = Math.min(from, table.get(row, 'sent'));
    to = Math.max(to, table.get(row, 'sent'));
  }
  return to > from ? { from, to } : undefined;
}

/** The same cut for every signal: the latest beginning and the earliest end that any of them needs. */
function cut(cells: Cells): [from: number, to: number] {
  const cuts = cells.signals().map(({ values }) => ({
    from: steadyCut(values),
    back: steadyCut([...values].reverse()),
  }));
  const from = Math.max(...cuts.map((one) => one.from));
  return [from, cells.count - Math.max(...cuts.map(({ back }) => back))];
}

function* tooLittle({ from, to, requests, failed, e2el }: WindowMetrics): Iterable<Finding> {
  const { fewestRequests, shortestInE2els } = STEADY_RULE;
  if (requests < fewestRequests) yield finding('WINDOW-TOO-FEW', { requests, least: fewestRequests });
  if (requests > 0 && failed === requests) yield finding('WINDOW-FAILED', {});
  const median = e2el?.median ?? 0;
  if (to - from < shortestInE2els * median)
    yield finding('WINDOW-TOO-SHORT', {
      span: to - from,
      times: (to - from) / median,
      least: shortestInE2els,
    });
}

function drift({ signal, change, t }: Trend, over: 'window' | 'load'): Finding[] {
  if (Math.abs(change) <= STEADY_RULE.largestDrift || Math.abs(t) <= STEADY_RULE.significantT) return [];
  const direction = change > 0 ? 'rose' : 'fell';
  return [finding('DRIFT', { signal, direction, change: Math.abs(change), over })];
}

interface Signal {
  readonly name: Trend['signal'];
  readonly values: readonly number[];
}

/** A run in equal cells of whole arrival bins: number in flight, TTFT and throughput of each. */
class Cells {
  readonly count: number;
  readonly #from: number;
  readonly #width: number;
  readonly #signals: readonly Signal[];

  constructor(table: RequestTable, arrivals: Arrivals, from: number, to: number) {
    const bin = arrivals.width;
    this.#from = Math.ceil(from / bin) * bin;
    this.#width = Math.max(1, Math.ceil((to - this.#from) / STEADY_RULE.cells / bin)) * bin;
    this.count = Math.max(0, Math.floor((to - this.#from) / this.#width));
    const concurrency = new Array<number>(this.count).fill(0);
    const ended = new Array<number>(this.count).fill(0);
    const ttft = { sum: new Array<number>(this.count).fill(0), n: new Array<number>(this.count).fill(0) };
    for (let row = 0; row < table.length; row++) {
      this.#cover(concurrency, table.get(row, 'sent'), table.get(row, 'done'));
      this.#addTo(ended, table.get(row, 'done'), 1);
      const first = Number.isNaN(table.get(row, 'ttft')) ? table.get(row, 'e2el') : table.get(row, 'ttft');
      if (Number.isNaN(first)) continue;
      this.#addTo(ttft.sum, table.get(row, 'sent'), first);
      this.#addTo(ttft.n, table.get(row, 'sent'), 1);
    }
    const tokens = ended.map((_, cell) => arrivals.between(this.start(cell), this.start(cell + 1)));
    this.#signals = [
      { name: 'concurrency', values: concurrency },
      { name: 'TTFT', values: carried(ttft.sum.map((sum, cell) => sum / ttft.n[cell]!)) },
      { name: 'throughput', values: arrivals.total > 0 ? tokens : ended },
    ];
  }

  start(cell: number): number {
    return this.#from + cell * this.#width;
  }

  signals(): readonly Signal[] {
    return this.#signals;
  }

  #addTo(cells: number[], at: number, amount: number): void {
    const cell = Math.floor((at - this.#from) / this.#width);
    if (cell >= 0 && cell < this.count) cells[cell] = cells[cell]! + amount;
  }

  /** Adds the share of each cell that lies between two instants. */
  #cover(cells: number[], from: number, to: number): void {
    const first = Math.max(0, Math.floor((from - this.#from) / this.#width));
    for (let cell = first; cell < this.count && this.start(cell) < to; cell++) {
      const inside = Math.min(to, this.start(cell + 1)) - Math.max(from, this.start(cell));
      cells[cell] = cells[cell]! + Math.max(0, inside) / this.#width;
    }
  }
}

/** A cell in which nothing was sent shows what the one before it showed. */
function carried(values: readonly number[]): number[] {
  let known = values.find((value) => !Number.isNaN(value)) ?? 0;
  return values.map((value) => {
    if (!Number.isNaN(value)) known = value;
    return known;
  });
}

/** What arrived between two instants, which must be ends of arrival bins, and how the requests scheduled there fared. */
function windowMetrics(table: RequestTable, arrivals: Arrivals, from: number, to: number): WindowMetrics {
  const rows = { ttft: new Series(), e2el: new Series(), tpot: new Series() };
  const latencies =
    table.streams.mostly === undefined ? (['ttft', 'e2el', 'tpot'] as const) : (['e2el'] as const);
  const sums = { inFlight: 0, answered: 0, requests: 0, failed: 0 };
  for (let row = 0; row < table.length; row++) {
    const [sent, done] = [table.get(row, 'sent'), table.get(row, 'done')];
    const outcome = table.get(row, 'outcome');
    sums.inFlight += Math.max(0, Math.min(done, to) - Math.max(sent, from));
    if (outcome <= RETRIED && done >= from && done < to) sums.answered++;
    const scheduled = table.get(row, 'scheduled');
    if (scheduled < from || scheduled >= to || outcome === CANCELLED) continue;
    sums.requests++;
    if (outcome === FAILED) sums.failed++;
    if (outcome !== ANSWERED) continue;
    for (const name of latencies) {
      const value = table.get(row, name);
      if (!Number.isNaN(value)) rows[name].push(value);
    }
  }
  const perSecond = (amount: number) => (amount * 1000) / (to - from);
  return defined({
    from,
    to,
    requests: sums.requests,
    failed: sums.failed,
    requestThroughput: perSecond(sums.answered),
    outputTokenThroughput: arrivals.total > 0 ? perSecond(arrivals.between(from, to)) : undefined,
    concurrency: sums.inFlight / (to - from),
    ttft: rows.ttft.stats(),
    e2el: rows.e2el.stats(),
    tpot: rows.tpot.stats(),
  });
}

/** How a signal of a run moves: where its ramp ends, and whether it drifts. */

/** Batches whose means are laid on a line. */
const BATCHES = 10;
/** The earliest cut whose error is within 10 % of the smallest: noise alone must not cost half of a run. */
const TOLERANCE = 1.1;

export interface Trend {
  readonly signal: 'concurrency' | 'TTFT' | 'throughput';
  /** Change over the whole stretch as a share of the mean: slope × length / mean. */
  readonly change: number;
  /** Slope / its standard error. */
  readonly t: number;
}

/**
 * How many values to leave out at the beginning: the cut that makes the standard error of the mean of the rest smallest (MSER,
 * White 1997), looked for in the first half.
 */
export function steadyCut(values: readonly number[]): number {
  const n = values.length;
  const errors: number[] = [];
  let sum = 0;
  let squares = 0;
  for (let from = n - 1; from >= 0; from--) {
    sum += values[from]!;
    squares += values[from]! ** 2;
    const length = n - from;
    // A sum of squares loses its last digits to the mean's square: what is left below them is no variance.
    const spread = squares - (sum * sum) / length;
    if (from <= n / 2) errors[from] = spread < 1e-12 * squares ? 0 : spread / length ** 2;
  }
  const smallest = Math.min(...errors);
  return Math.max(
    0,
    errors.findIndex((error) => error <= TOLERANCE * smallest),
  );
}

/** Least squares through the means of ten equal batches. */
export function trendOf(signal: Trend['signal'], values: readonly number[]): Trend {
  const batches = batchMeans(values);
  const n = batches.length;
  const mean = batches.reduce((sum, value) => sum + value, 0) / n;
  const middle = (n - 1) / 2;
  const spread = batches.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope = batches.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0) / spread;
  const residual = batches.reduce((sum, value, i) => sum + (value - mean - slope * (i - middle)) ** 2, 0);
  const error = Math.sqrt(residual / (n - 2) / spread);
  if (mean === 0 || slope === 0) return { signal, change: 0, t: 0 };
  return { signal, change: (slope * n) / mean, t: slope / Math.max(error, 1e-12 * Math.abs(slope)) };
}

function batchMeans(values: readonly number[]): number[] {
  return Array.from({ length: BATCHES }, (_, batch) => {
    const [from, to] = [batch, batch + 1].map((edge) => Math.floor((edge * values.length) / BATCHES));
    const part = values.slice(from, to);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
