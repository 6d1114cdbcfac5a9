/** The meta file of a custom dataset (AISBench §4.8): how many requests, in which order, with answers of which length. */

import { between, pick, type Random, shuffledOrder } from '../../basics/random.ts';
import type { Row } from '../../contract/dataset.ts';
import { invalid, record, wholeNumber } from '../synthetic/lengths.ts';

export interface Meta {
  /** Absent: as many as there are rows. */
  readonly requestCount: number | undefined;
  /** `default`: in order, again from the start where more are asked for; `shuffle`: those, shuffled; `random`: drawn. */
  readonly sampling: 'default' | 'random' | 'shuffle';
  /** Takes the place of the rows' own limits. */
  readonly output: OutputLengths | undefined;
}

type OutputLengths =
  | { readonly method: 'uniform'; readonly min: number; readonly max: number }
  | { readonly method: 'percentage'; readonly shares: readonly (readonly [tokens: number, share: number])[] };

const KEYS = ['request_count', 'sampling_mode', 'output_config'];
const SAMPLING = ['default', 'random', 'shuffle'] as const;
const LARGEST = 2 ** 31;

/** Reads a meta file's content. Throws UTILS-CFG-002 naming file and key. */
export function readMeta(value: unknown, file: string): Meta {
  const meta = record(value, file);
  const unknown = Object.keys(meta).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw invalid(`${file}: ${unknown}`, meta[unknown], `only: ${KEYS.join(', ')}`);
  const { request_count: count, sampling_mode: sampling = 'default', output_config: output } = meta;
  const mode = SAMPLING.find((one) => one === sampling);
  if (mode === undefined) throw invalid(`${file}: sampling_mode`, sampling, SAMPLING.join(', '));
  return {
    requestCount:
      count === undefined
        ? undefined
        : wholeNumber(numberIn(count), `${file}: request_count`, { min: 1, max: LARGEST }),
    sampling: mode,
    output: output === undefined ? undefined : readOutput(output, `${file}: output_config`),
  };
}

/** AISBench takes numbers as texts too. */
function numberIn(value: unknown): unknown {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

function readOutput(value: unknown, where: string): OutputLengths {
  const { method, params: given } = record(value, where);
  const params = record(given, `${where}.params`);
  if (method === 'uniform') {
    const limit = (key: string) =>
      wholeNumber(numberIn(params[key]), `${where}.params.${key}`, { min: 1, max: LARGEST });
    const [min, max] = [limit('min_value'), limit('max_value')];
    if (min > max) throw invalid(`${where}.params.min_value`, min, 'at most max_value');
    return { method, min, max };
  }
  if (method !== 'percentage') throw invalid(`${where}.method`, method, 'uniform or percentage');
  return {
    method,
    shares: readShares(params['percentage_distribute'], `${where}.params.percentage_distribute`),
  };
}

function readShares(value: unknown, where: string): (readonly [number, number])[] {
  const isShare = (one: unknown): one is [number, number] =>
    Array.isArray(one) &&
    one.length === 2 &&
    Number.isInteger(one[0]) &&
    one[0] >= 1 &&
    one[1] > 0 &&
    one[1] <= 1;
  if (!Array.isArray(value) || value.length === 0 || !value.every(isShare))
    throw invalid(where, value, 'a list of [max_tokens, share], shares above 0 and at most 1');
  const sum = value.reduce((total, [, share]) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-9) throw invalid(where, value, `shares that sum up to 1, not ${sum}`);
  return value;
}

/** The rows that are asked. `rows` must not be empty. */
export function sampled(
  rows: readonly Row[],
  { requestCount = rows.length, sampling }: Meta,
  random: Random,
): Row[] {
  if (sampling === 'random') return Array.from({ length: requestCount }, () => pick(random, rows));
  const cyclic = Array.from({ length: requestCount }, (_, i) => rows[i % rows.length]!);
  return sampling === 'shuffle' ? shuffledOrder(requestCount, random).map((i) => cyclic[i]!) : cyclic;
}

/**
 * `count` limits. Of a percentage each share has exactly ⌊share · count⌋ requests and the last what is left over, in an order that
 * mixes them.
 */
export function outputLengths(output: OutputLengths, count: number, random: Random): number[] {
  if (output.method === 'uniform')
    return Array.from({ length: count }, () => between(random, output.min, output.max));
  const { shares } = output;
  // 0.29 · 100 is a little less than 29.
  const lengths = shares
    .slice(0, -1)
    .flatMap(([tokens, share]) => filled(tokens, Math.floor(share * count + 1e-9)));
  lengths.push(...filled(shares.at(-1)![0], count - lengths.length));
  return shuffledOrder(count, random).map((i) => lengths[i]!);
}

function filled(tokens: number, times: number): number[] {
  return new Array<number>(times).fill(tokens);
}
