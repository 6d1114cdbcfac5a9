import { AisBenchError } from '../contract/errors.ts';
import { pythonShuffle } from './python-random.ts';

export interface Selection {
  /** `reader_cfg.test_range` or `train_range`: `"[a:b]"`, a number of rows, or a fraction of them (AISBench §4.1). */
  readonly range?: string | number | undefined;
  /** `--num-prompts`: the first so many of what the range gives. */
  readonly numPrompts?: number | undefined;
  /** Key path of the range, for errors. */
  readonly where: string;
}

/**
 * Which of `total` rows are used, as row numbers from 0, in the order in which they are used. Ranges are Python's slices;
 * a number or fraction takes a random subset seeded with its size, the same rows as AISBench. AISBench leaves
 * `--num-prompts` out where there is a range; here both hold. Throws UTILS-CFG-002 for a range that is malformed or
 * picks nothing, TMAN-CMD-002 for a bad `numPrompts`.
 */
export function selectIndexes(total: number, { range, numPrompts, where }: Selection): number[] {
  const selected = range === undefined ? upTo(total) : selectByRange(total, range, where);
  if (range !== undefined && selected.length === 0 && total > 0) {
    throw invalidRange(range, `it picks none of the ${total} rows`, where);
  }
  return numPrompts === undefined ? selected : selected.slice(0, checkedNumPrompts(numPrompts));
}

function selectByRange(total: number, range: string | number, where: string): number[] {
  if (typeof range === 'string') return sliceIndexes(total, parseSlice(range, where));
  const isFraction = range > 0 && range < 1;
  if (!isFraction && !(Number.isInteger(range) && range >= 1)) {
    throw invalidRange(range, 'a number must be an integer from 1 on, or a fraction between 0 and 1', where);
  }
  const size = isFraction ? Math.floor(range * total) : range;
  return size >= total ? upTo(total) : pythonShuffle(total, size).slice(0, size);
}

interface Slice {
  readonly start?: number | undefined;
  readonly stop?: number | undefined;
  readonly step: number;
}

const SLICE = /^\s*\[\s*([-+]?\d+)?\s*:\s*([-+]?\d+)?\s*(?::\s*([-+]?\d+)?\s*)?\]\s*$/;

function parseSlice(text: string, where: string): Slice {
  const match = SLICE.exec(text);
  if (match === null) throw invalidRange(text, 'it is not of the form "[start:stop]"', where);
  const [start, stop, step] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part)));
  if (step === 0) throw invalidRange(text, 'its step is 0', where);
  return { start, stop, step: step ?? 1 };
}

/** What Python's `list(range(total))[start:stop:step]` holds. */
function sliceIndexes(total: number, { start, stop, step }: Slice): number[] {
  const [lowest, highest] = step > 0 ? [0, total] : [-1, total - 1];
  const bound = (value: number | undefined, open: number) => {
    if (value === undefined) return open;
    return Math.min(Math.max(value < 0 ? value + total : value, lowest), highest);
  };
  const first = bound(start, step > 0 ? lowest : highest);
  const end = bound(stop, step > 0 ? highest : lowest);
  const indexes: number[] = [];
  for (let i = first; step > 0 ? i < end : i > end; i += step) indexes.push(i);
  return indexes;
}

function upTo(total: number): number[] {
  return Array.from({ length: total }, (_, i) => i);
}

function checkedNumPrompts(value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new AisBenchError('TMAN-CMD-002', `${value} is not a number of prompts`, {
    where: '--num-prompts',
    cure: 'give an integer from 1 on',
  });
}

function invalidRange(range: string | number, why: string, where: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `the range ${JSON.stringify(range)} selects no rows: ${why}`, {
    where,
    cure: 'write "[0:100]" for the first hundred rows, 100 for a random hundred, or leave the range out for all',
  });
}
