import { plural } from '../../basics/plural.ts';
import { between, type Random, seededRandom } from '../../basics/random.ts';
import type { DatasetType, Row, Tokenizer } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { type CountsTokens, exactText } from '../synthetic/exact-text.ts';
import {
  invalid,
  type LengthSource,
  oneOf,
  readLengths,
  record,
  refuseOthers,
  wholeNumber,
} from '../synthetic/lengths.ts';
import { materialOf, noTokenizer, TEXTS, type TextKind, type TextSource } from '../synthetic/words.ts';

// Prompts in groups that share their beginning, so that a prefix cache serves a known share of the tokens.

interface SharedPrefix {
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
function readSharedPrefix(
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

// AISBench's `synthetic_config` (§4.9), and our own keys beside it.

interface SyntheticConfig {
  readonly count: number;
  readonly input: LengthSource;
  /** Absent: the model's `max_out_len`. */
  readonly output: LengthSource | undefined;
  readonly text: TextKind;
  /** What `n` tokens are counted of: the text alone, or the prompt that the service makes of it. */
  readonly length: 'content' | 'templated';
  readonly seed: string;
  /** false: none; a text: always this one. */
  readonly nonce: boolean | string;
  readonly sharedPrefix: unknown;
  /** Answers are not to end before their limit. */
  readonly ignoreEos: boolean;
  readonly tokenizerPath: string | undefined;
  /** Prompts of AISBench's `string` are made without a tokenizer too, counted in words. */
  readonly needsTokenizer: boolean;
}

const OWN_KEYS = [
  'synthetic_config',
  'config',
  'text',
  'length',
  'seed',
  'nonce',
  'shared_prefix',
  'ignore_eos',
  'tokenizer_path',
  'model_path',
  'trust_remote_code',
];

/** Keys that AISBench fills in from the model, and a config may hold. */
const FILLED_IN = ['model_path', 'trust_remote_code'];

/** What AISBench's `ais_bench/datasets/synthetic/synthetic_config.py` holds as it ships. */
const AISBENCH_DEFAULT = { Type: 'tokenid', RequestCount: 10, TokenIdConfig: { RequestSize: 10 } };

/** The config, and the key that it has: `synthetic_config`, or `config` as AISBench's files write it. Throws UTILS-CFG-002. */
function configIn(params: Readonly<Record<string, unknown>>): {
  config: Record<string, unknown>;
  where: string;
} {
  const { synthetic_config: own, config } = params;
  if (own !== undefined && config !== undefined)
    throw invalid('config', config, 'one of config and synthetic_config, which mean the same');
  const where = own === undefined && config !== undefined ? 'config' : 'synthetic_config';
  const given = own ?? config;
  // What a Python config imports from there is read where AISBench's checkout is at hand; elsewhere only its name is known.
  return { config: given === IMPORTED_NAME ? AISBENCH_DEFAULT : record(given, where), where };
}

const IMPORTED_NAME = 'synthetic_config';

/** Reads a dataset config's own keys. Throws UTILS-CFG-002 naming the key. */
export function readSyntheticConfig(params: Readonly<Record<string, unknown>>): SyntheticConfig {
  const unknown = Object.keys(params).find((key) => !OWN_KEYS.includes(key));
  if (unknown !== undefined) {
    throw new AisBenchError('UTILS-CFG-002', `SyntheticDataset has no key "${unknown}"`, {
      where: unknown,
      cure: `use one of: ${OWN_KEYS.filter((key) => !FILLED_IN.includes(key)).join(', ')}`,
    });
  }
  const { config, where } = configIn(params);
  refuseOthers(config, where, ['Type', 'RequestCount', 'TrustRemoteCode', 'StringConfig', 'TokenIdConfig']);
  const type = String(config['Type']).toLowerCase();
  if (type !== 'string' && type !== 'tokenid')
    throw invalid(`${where}.Type`, config['Type'], 'string or tokenid');
  const common = {
    count: wholeNumber(config['RequestCount'], `${where}.RequestCount`, { min: 1 }),
    length: oneOf(params['length'], 'length', ['content', 'templated']),
    seed: String(params['seed'] ?? 0),
    nonce: readNonce(params['nonce']),
    ignoreEos: readBoolean(params['ignore_eos'], 'ignore_eos'),
    tokenizerPath: readPath(params['tokenizer_path']),
  };
  const own = type === 'string' ? ofStrings(config, where) : ofTokens(config, where);
  return {
    ...common,
    ...own,
    text: oneOf(params['text'] ?? own.text, 'text', TEXTS),
    sharedPrefix: params['shared_prefix'] ?? own.sharedPrefix,
  };
}

function ofStrings(config: Record<string, unknown>, where: string) {
  const strings = record(config['StringConfig'], `${where}.StringConfig`);
  refuseOthers(strings, `${where}.StringConfig`, ['Input', 'Output']);
  const { Input, Output } = strings;
  return {
    input: readLengths(Input, `${where}.StringConfig.Input`),
    output: Output === undefined ? undefined : readLengths(Output, `${where}.StringConfig.Output`),
    text: 'natural' as TextKind,
    sharedPrefix: undefined,
    needsTokenizer: false,
  };
}

function ofTokens(config: Record<string, unknown>, where: string) {
  const tokens = record(config['TokenIdConfig'], `${where}.TokenIdConfig`);
  refuseOthers(tokens, `${where}.TokenIdConfig`, ['RequestSize', 'PrefixLen', 'VocabSize']);
  const { RequestSize, PrefixLen } = tokens;
  const size = wholeNumber(RequestSize, `${where}.TokenIdConfig.RequestSize`, { min: 1 });
  const prefix = wholeNumber(PrefixLen, `${where}.TokenIdConfig.PrefixLen`, {
    min: 0,
    max: size,
    fallback: 0,
  });
  return {
    input: () => size,
    output: undefined,
    text: 'tokens' as TextKind,
    sharedPrefix: prefix === 0 ? undefined : { groups: 1, length: prefix },
    needsTokenizer: true,
  };
}

function readNonce(value: unknown): boolean | string {
  if (value === undefined) return true;
  if (typeof value === 'boolean' || (typeof value === 'string' && /^\S+$/.test(value))) return value;
  throw invalid('nonce', value, 'true, false, or a text without blanks');
}

function readBoolean(value: unknown, where: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true;
  throw invalid(where, value, 'true or false');
}

function readPath(value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw invalid('tokenizer_path', value, 'the folder of tokenizer.json');
}

// Synthetic prompts: their lengths, their shared beginnings, and a nonce before each of them.

interface SyntheticRows {
  readonly rows: readonly Row[];
  /** Of the same kind, and sharing nothing with the rows. */
  readonly warmup: readonly Row[];
  readonly notes: readonly string[];
}

/** More warm-ups than these ask the same again. */
const WARMUPS = 8;
/** A nonce takes at most this share of a prompt. */
const NONCE_SHARE = 0.5;

/**
 * The rows of a config: `question` of exactly the drawn length, `max_out_len` where answers have a length of their own, and
 * `input_len`, `prefix_group`, `prefix_len` for inspection. `nonce` is a text that no other run has.
 * Throws UTILS-CFG-002 and UTILS-FILE-003.
 */
export function syntheticRows(
  config: SyntheticConfig,
  tokenizer: Tokenizer | undefined,
  nonce: string,
): SyntheticRows {
  if (tokenizer === undefined && (config.needsTokenizer || config.length === 'templated'))
    throw noTokenizer(config.needsTokenizer ? 'random tokens' : 'prompts of a templated length');
  const count: CountsTokens = tokenizer === undefined ? countWords : (text) => tokenizer.encode(text).length;
  const measure = config.length === 'templated' && tokenizer ? tokenizer.countServed : count;
  const sizeOf = remembered(count);
  const sourceOf = materialOf(config.text, tokenizer);
  const random = (...parts: readonly (string | number)[]) => seededRandom([config.seed, ...parts].join(':'));
  const lengths = drawn(config.count, config.input, random('input'));
  const outputs = config.output && drawn(config.count, config.output, random('output'));
  const answerOf = (index: number) => ({
    ...(outputs && { max_out_len: outputs[index] }),
    ...(config.ignoreEos && { ignore_eos: true }),
  });
  const prefix = readSharedPrefix(config.sharedPrefix, lengths);
  const nonces = nonceMaker(config.nonce === true ? nonce : config.nonce, count);
  const sourceAt = (...parts: readonly (string | number)[]) => sourceOf(random(...parts));
  const beginnings = prefix && prefixes(prefix, { count, sizeOf, nonces, sourceAt });
  const rows = lengths.map((length, index) => {
    const source = sourceAt('prompt', index);
    const group = prefix && index % prefix.groups;
    // A word behind the shared part, so that its last token is the same for all.
    const start = group === undefined ? nonces.before(length, index) : beginnings![group]! + source.next();
    return {
      question: exactText(length, start, { measure, sizeOf, ...source }),
      answer: 'aaa',
      ...answerOf(index),
      input_len: length,
      ...(prefix && { prefix_group: group, prefix_len: prefix.tokens }),
    };
  });
  const notes = notesOn(prefix, tokenizer, nonces.left());
  const warmup = lengths.slice(0, WARMUPS).map((length, i) => {
    const start = nonces.before(length, `warm-up ${i}`);
    const question = exactText(length, start, { measure, sizeOf, ...sourceAt('warm-up', i) });
    return { question, answer: 'aaa', ...answerOf(i) };
  });
  return { rows, warmup, notes };
}

function drawn(count: number, source: SyntheticConfig['input'], random: Random): number[] {
  return Array.from({ length: count }, () => source(random));
}

interface Nonces {
  /** The nonce of prompt or group `index`, a blank behind it; '' where it would take too much of `length` tokens. */
  before(length: number, index: number | string): string;
  /** Prompts that were too short for one. */
  left(): number;
}

function nonceMaker(secret: string | false, count: CountsTokens): Nonces {
  let left = 0;
  return {
    left: () => left,
    before: (length, index) => {
      if (secret === false) return '';
      const nonce = nonceOf(secret, index);
      if (count(nonce) <= length * NONCE_SHARE) return nonce;
      left += 1;
      return '';
    },
  };
}

/** Five letters and digits: sixty million of them, another for every prompt and every run. */
function nonceOf(secret: string, index: number | string): string {
  const drawn = between(seededRandom(`nonce:${secret}:${index}`), 0, 36 ** 5 - 1);
  return `${drawn.toString(36).padStart(5, '0')}:`;
}

interface Making {
  readonly count: CountsTokens;
  readonly sizeOf: CountsTokens;
  readonly nonces: Nonces;
  readonly sourceAt: (part: string, group: number) => TextSource;
}

function prefixes({ groups, tokens }: SharedPrefix, { count, sizeOf, nonces, sourceAt }: Making): string[] {
  return Array.from({ length: groups }, (_, group) => {
    const start = nonces.before(tokens, `group ${group}`);
    return exactText(tokens, start, { measure: count, sizeOf, ...sourceAt('group', group) });
  });
}

function remembered(measure: CountsTokens): CountsTokens {
  const known = new Map<string, number>();
  return (text) => {
    let size = known.get(text);
    if (size === undefined) {
      size = measure(text);
      known.set(text, size);
    }
    return size;
  };
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

function notesOn(prefix: SharedPrefix | undefined, tokenizer: Tokenizer | undefined, left: number): string[] {
  return [
    ...(tokenizer === undefined
      ? ["the model's config names no tokenizer (path): prompt lengths are counted in words, not in tokens"]
      : []),
    ...(prefix === undefined
      ? []
      : [
          `prompts share ${prefix.tokens} tokens in ${plural(prefix.groups, 'group')}: a prefix cache with blocks of ` +
            `${prefix.blockSize} can serve ${(prefix.hitRate * 100).toFixed(1)} % of the prompt tokens`,
        ]),
    ...(left === 0
      ? []
      : [
          `${plural(left, 'prompt is', 'prompts are')} too short for a nonce: a prefix cache may know them from an earlier run`,
        ]),
  ];
}

/** Prompts of an exact length in the tokens of the model that is asked (AISBench §4.9; docs/datasets.md). */
export const SyntheticDataset: DatasetType = {
  name: 'SyntheticDataset',
  usesTokenizer: true,
  async load({ params, tokenizer, nonce = 'none', count = 0 }) {
    const own = readSyntheticConfig(params);
    const config = { ...own, count: Math.max(own.count, count) };
    const { rows, warmup, notes } = syntheticRows(config, await tokenizer?.(config.tokenizerPath), nonce);
    const note =
      "config names AISBench's synthetic_config.py, which is not here: 10 prompts of 10 tokens, as it ships";
    return {
      train: [],
      test: rows,
      warmup,
      notes: [...notes, ...(params['config'] === IMPORTED_NAME ? [note] : [])],
    };
  },
};
