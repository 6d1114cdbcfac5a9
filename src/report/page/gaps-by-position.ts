import { Sketch } from '../../metrics/sketch.ts';
import { Column } from './codec.ts';

/** ITL over the place in the answer: quantiles of the gaps that ended there, ms. */
export interface PositionCurve {
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
export class GapsByPosition {
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
