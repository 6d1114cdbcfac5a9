/** AISBench's `synthetic_config` (§4.9), and our own keys beside it. */
import { AisBenchError } from '../../contract/errors.ts';
import { invalid, type LengthSource, oneOf, readLengths, record, wholeNumber } from './lengths.ts';
import { TEXTS, type TextKind } from './material.ts';

export interface SyntheticConfig {
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
  'text',
  'length',
  'seed',
  'nonce',
  'shared_prefix',
  'ignore_eos',
  'tokenizer_path',
];

/** Reads a dataset config's own keys. Throws UTILS-CFG-002 naming the key. */
export function readSyntheticConfig(params: Readonly<Record<string, unknown>>): SyntheticConfig {
  const unknown = Object.keys(params).find((key) => !OWN_KEYS.includes(key));
  if (unknown !== undefined) {
    throw new AisBenchError('UTILS-CFG-002', `SyntheticDataset has no key "${unknown}"`, {
      where: unknown,
      cure: `use one of: ${OWN_KEYS.join(', ')}`,
    });
  }
  const where = 'synthetic_config';
  const config = record(params['synthetic_config'], where);
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
  const { Input, Output } = record(config['StringConfig'], `${where}.StringConfig`);
  return {
    input: readLengths(Input, `${where}.StringConfig.Input`),
    output: Output === undefined ? undefined : readLengths(Output, `${where}.StringConfig.Output`),
    text: 'natural' as TextKind,
    sharedPrefix: undefined,
    needsTokenizer: false,
  };
}

function ofTokens(config: Record<string, unknown>, where: string) {
  const { RequestSize, PrefixLen } = record(config['TokenIdConfig'], `${where}.TokenIdConfig`);
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
