/** Lengths of prompts and answers: AISBench's `{Method, Params}` (§4.9), in whole tokens. */

import { nearest } from '../../basics/nearest.ts';
import { between, type Random, standardNormal } from '../../basics/random.ts';
import { AisBenchError } from '../../contract/errors.ts';

const LARGEST = 2 ** 20;

/** Draws one length after the other. */
export type LengthSource = (random: Random) => number;

interface LengthLimits {
  readonly min: number;
  readonly max: number;
}

/**
 * Reads `{Method: 'uniform' | 'gaussian' | 'zipf', Params}`. `uniform` draws whole numbers with both ends included;
 * `gaussian` has mean `Mean` and variance `Var`, `zipf` the probability k^-Alpha of k = 1, 2, …; both are then clipped to
 * MinValue…MaxValue. Throws UTILS-CFG-002 naming the key.
 */
export function readLengths(config: unknown, where: string): LengthSource {
  const lengths = record(config, where);
  refuseOthers(lengths, where, ['Method', 'Params']);
  const { Method, Params } = lengths;
  const params = record(Params, `${where}.Params`);
  refuseOthers(params, `${where}.Params`, ['MinValue', 'MaxValue', 'Mean', 'Var', 'Alpha']);
  const number = (key: string, min: number, max: number) => {
    const value = params[key];
    if (typeof value === 'number' && value >= min && value <= max) return value;
    throw invalid(`${where}.Params.${key}`, value, `a number ${min}…${max}`);
  };
  const limits = readLimits(params, where);
  const clip = (value: number) => Math.min(Math.max(value, limits.min), limits.max);
  switch (String(Method).toLowerCase()) {
    case 'uniform':
      return (random) => between(random, limits.min, limits.max);
    case 'gaussian': {
      const mean = number('Mean', -3e38, 3e38);
      const deviation = Math.sqrt(number('Var', 0, 3e38));
      return (random) => clip(Math.round(mean + deviation * standardNormal(random)));
    }
    case 'zipf': {
      const alpha = number('Alpha', 1 + Number.EPSILON, 10);
      return (random) => clip(zipf(alpha, limits.max, random));
    }
    default:
      throw invalid(`${where}.Method`, Method, 'uniform, gaussian or zipf');
  }
}

function readLimits(params: Record<string, unknown>, where: string): LengthLimits {
  const whole = (key: string) => {
    const value = params[key];
    if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= LARGEST)
      return value as number;
    throw invalid(`${where}.Params.${key}`, value, `a whole number 1…${LARGEST}`);
  };
  const limits = { min: whole('MinValue'), max: whole('MaxValue') };
  if (limits.min > limits.max) throw invalid(`${where}.Params.MinValue`, limits.min, `at most MaxValue`);
  return limits;
}

/** Devroye's rejection method for the zeta distribution; what lies beyond `max` is given as `max`. */
function zipf(alpha: number, max: number, random: Random): number {
  const exponent = alpha - 1;
  const b = 2 ** exponent;
  for (;;) {
    const x = Math.min(Math.floor((1 - random()) ** (-1 / exponent)), Number.MAX_SAFE_INTEGER);
    // t - 1, exact for large x too.
    const growth = Math.expm1(exponent * Math.log1p(1 / x));
    if ((random() * x * growth) / (b - 1) <= (1 + growth) / b) return Math.min(x, max);
  }
}

/** A table of keys. Throws UTILS-CFG-002. */
export function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw invalid(where, value, 'a table of keys');
}

/** Throws UTILS-CFG-002 that names a key which the table has and should not have. */
export function refuseOthers(
  table: Readonly<Record<string, unknown>>,
  where: string,
  known: readonly string[],
): void {
  const key = Object.keys(table).find((one) => !known.includes(one));
  if (key === undefined) return;
  const near = nearest(key, known);
  throw new AisBenchError('UTILS-CFG-002', `${where} has no key "${key}"`, {
    where: `${where}.${key}`,
    cure: near === undefined ? `use: ${known.join(', ')}` : `did you mean "${near}"?`,
  });
}

/** A whole number within limits, or the fallback where there is none. Throws UTILS-CFG-002. */
export function wholeNumber(
  value: unknown,
  where: string,
  { min, max = LARGEST, fallback }: { min: number; max?: number; fallback?: number },
): number {
  if (value === undefined && fallback !== undefined) return fallback;
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw invalid(where, value, `a whole number ${min}…${max}`);
}

/** One of a few words, the first where none is given. Throws UTILS-CFG-002. */
export function oneOf<const Word extends string>(
  value: unknown,
  where: string,
  words: readonly [Word, ...Word[]],
): Word {
  if (value === undefined) return words[0];
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw invalid(where, value, words.join(', '));
}

/** UTILS-CFG-002 for a key of a dataset config. */
export function invalid(where: string, value: unknown, expected: string): AisBenchError {
  const what = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return new AisBenchError('UTILS-CFG-002', `${where} ${what}`, { where, cure: `give ${expected}` });
}
