/** Synthetic prompts: their lengths, their shared beginnings, and a nonce before each of them. */
import { plural } from '../../basics/plural.ts';
import { between, type Random, seededRandom } from '../../basics/random.ts';
import type { Row, Tokenizer } from '../../contract/dataset.ts';
import type { SyntheticConfig } from './config.ts';
import { exactText, type Measure } from './exact-text.ts';
import { materialOf, noTokenizer, type Source } from './material.ts';
import { readSharedPrefix, type SharedPrefix } from './prefix.ts';

export interface SyntheticRows {
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
 * `input_len`, `prefix_group`, `prefix_len` for whoever wants to look. `nonce` is a text that no other run has.
 * Throws UTILS-CFG-002 and UTILS-FILE-003.
 */
export function syntheticRows(
  config: SyntheticConfig,
  tokenizer: Tokenizer | undefined,
  nonce: string,
): SyntheticRows {
  if (tokenizer === undefined && (config.needsTokenizer || config.length === 'templated'))
    throw noTokenizer(config.needsTokenizer ? 'random tokens' : 'prompts of a templated length');
  const count: Measure = tokenizer === undefined ? countWords : (text) => tokenizer.encode(text).length;
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

function nonceMaker(secret: string | false, count: Measure): Nonces {
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
  readonly count: Measure;
  readonly sizeOf: Measure;
  readonly nonces: Nonces;
  readonly sourceAt: (part: string, group: number) => Source;
}

function prefixes({ groups, tokens }: SharedPrefix, { count, sizeOf, nonces, sourceAt }: Making): string[] {
  return Array.from({ length: groups }, (_, group) => {
    const start = nonces.before(tokens, `group ${group}`);
    return exactText(tokens, start, { measure: count, sizeOf, ...sourceAt('group', group) });
  });
}

function remembered(measure: Measure): Measure {
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
