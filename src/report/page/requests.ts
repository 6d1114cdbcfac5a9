/** The requests of a task as columns: what the page draws, from records that are read once. */
import { type OkRecord, type RunRecord, requestKey } from '../../contract/record.ts';
import { Arrivals } from '../../metrics/arrivals.ts';
import { IS_PAYLOAD, TokenScratch, tokensOfEvents } from '../../metrics/event-tokens.ts';
import { StreamTally } from '../../metrics/payload.ts';
import { type RequestMetrics, requestMetrics } from '../../metrics/request.ts';
import { Sketch } from '../../metrics/sketch.ts';
import { Column } from './codec.ts';

/** A row a request that was sent, in the order of sending. Times in ms; NaN where a request has none. */
interface RequestColumns {
  /** When it should have left, from the start of the run. */
  readonly scheduled: Column;
  readonly sent: Column;
  /** From sent to the end of the reply, or to what was last seen of it. */
  readonly took: Column;
  readonly ttft: Column;
  readonly e2el: Column;
  readonly tpot: Column;
  readonly inputTokens: Column;
  readonly outputTokens: Column;
  /** Index into `outcomes`. */
  readonly outcome: Column;
}

export interface RequestsPart {
  readonly columns: RequestColumns;
  /** `ok`, `retried`, then kinds of failure. */
  readonly outcomes: readonly string[];
  /** Output tokens that arrived in each of equal cells; `width` in ms, the first begins at 0. */
  readonly tokens: { readonly width: number; readonly perCell: Column };
  /** Gaps between payload events (ITL), ms: the value at each of `shares`, 0..1. Absent where nothing was streamed. */
  readonly gaps?: { readonly n: number; readonly shares: Column; readonly values: Column };
  readonly byPosition?: PositionCurve;
}

/** Cells of curves over time: more than a screen shows. */
const CELLS = 600;
/** Gaps are drawn to 0.1 % of themselves. */
const GAP_BITS = 9;

/** The tails have points of their own: 0, 0.5 %, …, 99 %, 99.02 %, …, 100 %. */
const SHARES = [
  ...Array.from({ length: 198 }, (_, n) => n / 200),
  ...Array.from({ length: 51 }, (_, n) => 0.99 + n / 5000),
];

const NAMES = [
  'scheduled',
  'sent',
  'took',
  'ttft',
  'e2el',
  'tpot',
  'inputTokens',
  'outputTokens',
  'outcome',
] as const;

/** Takes records as they come. */
export class PageRequests {
  readonly #values: Record<(typeof NAMES)[number], number[]> = Object.fromEntries(
    NAMES.map((name) => [name, []]),
  ) as unknown as Record<(typeof NAMES)[number], number[]>;
  readonly #outcomes: string[] = ['ok', 'retried'];
  readonly #arrivals = new Arrivals();
  readonly #scratch = new TokenScratch();
  readonly #gaps = new Sketch(GAP_BITS);
  readonly #byPosition = new GapsByPosition();
  readonly #streams = new StreamTally();
  readonly #rows: Map<string, number> | undefined;
  #end = 0;

  /** `withKeys`: remember which request is which, for samples that name theirs. */
  constructor({ withKeys = false }: { readonly withKeys?: boolean } = {}) {
    this.#rows = withKeys ? new Map() : undefined;
  }

  add(record: RunRecord): void {
    const { sent, scheduled = Number.NaN, done, events, headers } = record.times;
    if (sent === undefined) return;
    const end = Math.max(sent, done ?? events?.at.at(-1) ?? headers ?? sent);
    const metrics = record.outcome === 'ok' ? requestMetrics(record) : undefined;
    const values = this.#values;
    this.#rows?.set(requestKey(record.call), values.sent.length);
    values.scheduled.push(scheduled);
    values.sent.push(sent);
    values.took.push(end - sent);
    values.ttft.push(numberOr(metrics?.TTFT));
    values.e2el.push(numberOr(metrics?.E2EL));
    values.tpot.push(numberOr(metrics?.TPOT));
    values.inputTokens.push(numberOr(metrics?.InputTokens));
    values.outputTokens.push(numberOr(metrics?.OutputTokens));
    values.outcome.push(this.#outcome(record));
    this.#end = Math.max(this.#end, end);
    if (record.outcome === 'ok') this.#addReply(record, metrics!);
  }

  get length(): number {
    return this.#values.sent.length;
  }

  finish(): RequestsPart {
    const order = this.#order();
    const column = (name: (typeof NAMES)[number]) =>
      Float64Array.from(order, (row) => this.#values[name][row]!);
    // As the rows of the report: where most answers came at one instant, the few others say nothing.
    const hasFirstTokens = this.#streams.mostly === undefined;
    const none = new Float64Array(order.length).fill(Number.NaN);
    const fromFirstToken = (name: 'ttft' | 'tpot') => Column.precise(hasFirstTokens ? column(name) : none);
    const instants = (name: 'scheduled' | 'sent') => new Column(column(name), this.#end > 1e5 ? 0.1 : 0.001);
    return {
      columns: {
        scheduled: instants('scheduled'),
        sent: instants('sent'),
        took: Column.precise(column('took')),
        ttft: fromFirstToken('ttft'),
        e2el: Column.precise(column('e2el')),
        tpot: fromFirstToken('tpot'),
        inputTokens: new Column(column('inputTokens')),
        outputTokens: new Column(column('outputTokens')),
        outcome: new Column(column('outcome')),
      },
      outcomes: this.#outcomes,
      tokens: this.#tokens(),
      ...(this.#gaps.length === 0 || !hasFirstTokens
        ? {}
        : {
            gaps: {
              n: this.#gaps.length,
              shares: new Column(SHARES, 0.0001),
              values: Column.precise(SHARES.map((share) => this.#gaps.percentile(share * 100)!)),
            },
            byPosition: this.#byPosition.curve(),
          }),
    };
  }

  /** Row of a request in the finished columns, by its key. */
  rowsByKey(): ReadonlyMap<string, number> {
    const place = new Float64Array(this.length);
    this.#order().forEach((row, n) => {
      place[row] = n;
    });
    return new Map([...(this.#rows ?? [])].map(([key, row]) => [key, place[row]!]));
  }

  #order(): Uint32Array {
    const { sent } = this.#values;
    return Uint32Array.from(sent, (_, row) => row).sort((a, b) => sent[a]! - sent[b]!);
  }

  #outcome(record: RunRecord): number {
    if (record.outcome === 'ok') return record.attempt > 1 ? 1 : 0;
    const known = this.#outcomes.indexOf(record.failure.kind, 2);
    return known === -1 ? this.#outcomes.push(record.failure.kind) - 1 : known;
  }

  /** Tokens count when they arrive; those that no event told, when the reply ends. */
  #addReply(record: OkRecord, { payloadEvents, atOnce }: RequestMetrics): void {
    const { times, streamed, outputTokens, attempt } = record;
    if (streamed) this.#streams.add(atOnce);
    const { at, kind } = times.events;
    const tokens = this.#scratch.for(times.events);
    const known = streamed && tokensOfEvents(times.events, outputTokens?.value, tokens) !== 'unknown';
    let arrived = 0;
    let previous = Number.NaN;
    let position = 0;
    for (let i = 0; streamed && i < kind.length; i++) {
      if (IS_PAYLOAD[kind[i]!] === 0) continue;
      const brought = known ? tokens[i]! : 0;
      if (brought > 0) this.#arrivals.add(at[i]!, brought);
      arrived += brought;
      position += known ? brought : 1;
      // As the row ITL: answers that needed a retry, or came at one instant, have no gaps.
      if (attempt === 1 && atOnce === undefined && payloadEvents > 1 && i > 0 && !Number.isNaN(previous)) {
        const gap = at[i]! - previous;
        this.#gaps.add(gap);
        this.#byPosition.push(position, gap);
      }
      previous = at[i]!;
    }
    const rest = (outputTokens?.value ?? 0) - arrived;
    if (rest > 0) this.#arrivals.add(times.done, rest);
  }

  #tokens(): RequestsPart['tokens'] {
    const bins = Math.max(1, Math.ceil(this.#end / CELLS / this.#arrivals.width));
    const width = bins * this.#arrivals.width;
    const cells = Math.ceil((this.#end + 1e-9) / width) + 1;
    const perCell = Array.from({ length: cells }, (_, n) =>
      this.#arrivals.between(n * width, (n + 1) * width),
    );
    return { width, perCell: new Column(perCell) };
  }
}

function numberOr(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** ITL over the place in the answer: quantiles of the gaps that ended there, ms. */
interface PositionCurve {
  /** Token at which each bucket begins, counted from 1. */
  readonly position: Column;
  /** Gaps in the bucket. */
  readonly n: Column;
  readonly p50: Column;
  readonly p90: Column;
  readonly p99: Column;
}

/** Up to here every token has a bucket of its own; then eight a doubling. */
const EXACT = 32;
const PER_DOUBLING = 8;

/** Gaps between payload events, pooled by the place of the later one. */
class GapsByPosition {
  readonly #buckets: Sketch[] = [];

  /** `position`: of the last token that the event brought, from 1; `gap` in ms. */
  push(position: number, gap: number): void {
    const bucket = bucketOf(position);
    this.#buckets[bucket] ??= new Sketch();
    this.#buckets[bucket].add(gap);
  }

  curve(): PositionCurve {
    const rows = this.#buckets.flatMap((gaps, bucket) => {
      if (gaps === undefined) return [];
      const [p50, p90, p99] = [50, 90, 99].map((p) => gaps.percentile(p)!);
      return [{ position: beginningOf(bucket), n: gaps.length, p50: p50!, p90: p90!, p99: p99! }];
    });
    const column = (name: 'p50' | 'p90' | 'p99') => Column.precise(rows.map((row) => row[name]));
    return {
      position: new Column(rows.map(({ position }) => position)),
      n: new Column(rows.map(({ n }) => n)),
      p50: column('p50'),
      p90: column('p90'),
      p99: column('p99'),
    };
  }
}

function bucketOf(position: number): number {
  if (position <= EXACT) return position;
  return EXACT + 1 + Math.floor(Math.log2(position / (EXACT + 1)) * PER_DOUBLING);
}

function beginningOf(bucket: number): number {
  if (bucket <= EXACT) return bucket;
  return Math.ceil((EXACT + 1) * 2 ** ((bucket - EXACT - 1) / PER_DOUBLING));
}
