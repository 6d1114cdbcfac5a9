/** Prompts in groups that share their beginning, so that a prefix cache serves a known share of the tokens. */
import { AisBenchError } from '../../contract/errors.ts';
import { invalid, record, wholeNumber } from './lengths.ts';

export interface SharedPrefix {
  readonly groups: number;
  /** Tokens that all prompts of a group begin with. */
  readonly tokens: number;
  /** Share of all prompt tokens, 0…1, that a cache with blocks of `blockSize` tokens can serve. */
  readonly hitRate: number;
  readonly blockSize: number;
}

/** vLLM's block on GPUs. */
const BLOCK_SIZE = 16;
/** Tokens of its own that every prompt has behind the shared ones. */
const OWN_TOKENS = 8;

/**
 * Reads `{groups, length}` or `{groups, hit_rate, block_size}` for prompts of these lengths, prompt i being in group
 * i mod groups. Throws UTILS-CFG-002, for a hit rate that these lengths cannot reach too.
 */
export function readSharedPrefix(
  config: unknown,
  lengths: readonly number[],
  where = 'shared_prefix',
): SharedPrefix | undefined {
  if (config === undefined || config === null) return undefined;
  const given = record(config, where);
  const groups = wholeNumber(given['groups'], `${where}.groups`, { min: 1, fallback: 1 });
  const blockSize = wholeNumber(given['block_size'], `${where}.block_size`, { min: 1, fallback: BLOCK_SIZE });
  const longest = lengths.reduce((least, length) => Math.min(least, length), Infinity) - OWN_TOKENS;
  const rateOf = (tokens: number) => theoreticalHitRate(lengths, { groups, tokens, blockSize });
  const tokens =
    given['hit_rate'] === undefined
      ? wholeNumber(given['length'], `${where}.length`, { min: 0 })
      : tokensFor(given['hit_rate'], Math.floor(longest / blockSize) * blockSize, {
          blockSize,
          rateOf,
          where,
        });
  if (tokens > longest) throw tooLong(tokens, longest, where);
  return tokens === 0 ? undefined : { groups, tokens, blockSize, hitRate: rateOf(tokens) };
}

/** The multiple of a block whose hit rate is nearest. */
function tokensFor(
  asked: unknown,
  most: number,
  { blockSize, rateOf, where }: { blockSize: number; rateOf: (tokens: number) => number; where: string },
): number {
  if (typeof asked !== 'number' || !(asked >= 0 && asked < 1))
    throw invalid(`${where}.hit_rate`, asked, 'a number from 0 to below 1');
  const best = rateOf(Math.max(most, 0));
  const step = most < blockSize ? 1 : best / (most / blockSize);
  if (asked > best + step / 2) {
    throw new AisBenchError('UTILS-CFG-002', `a hit rate of ${asked} cannot be reached with these prompts`, {
      where: `${where}.hit_rate`,
      cure: `ask for at most ${best.toFixed(3)}, or for longer prompts, more requests or fewer groups`,
    });
  }
  let nearest = 0;
  for (let tokens = 0; tokens <= most; tokens += blockSize) {
    if (Math.abs(rateOf(tokens) - asked) < Math.abs(rateOf(nearest) - asked)) nearest = tokens;
  }
  return nearest;
}

/**
 * Share of the prompt tokens that a cache serves which keeps every whole block: the first prompt of a group misses, the
 * others hit the whole blocks of what they share.
 */
function theoreticalHitRate(
  lengths: readonly number[],
  { groups, tokens, blockSize }: Pick<SharedPrefix, 'groups' | 'tokens' | 'blockSize'>,
): number {
  const shared = Math.floor(tokens / blockSize) * blockSize;
  const all = lengths.reduce((sum, length) => sum + length, 0);
  return all === 0 ? 0 : (Math.max(0, lengths.length - groups) * shared) / all;
}

function tooLong(tokens: number, longest: number, where: string): AisBenchError {
  return new AisBenchError(
    'UTILS-CFG-002',
    `a shared prefix of ${tokens} tokens is longer than some prompt`,
    {
      where,
      cure: `ask for at most ${Math.max(0, longest)}: each prompt has at least ${OWN_TOKENS} tokens of its own`,
    },
  );
}
