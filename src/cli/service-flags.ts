import { InvalidArgumentError } from 'commander';
import { PROTOCOL_NAMES, type ProtocolName } from '../engine/protocol-names.ts';
import { type FlagSpec, share, whole } from './flags.ts';

const ENGINE_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--engine <engine>',
    meaning: 'sim: made-up answers and times; llama: a real GGUF model',
    fallback: 'sim',
    choices: ['sim', 'llama'],
  },
  { flags: '--gguf <file>', meaning: 'model file of the llama engine' },
  { flags: '--accuracy <share>', meaning: 'sim: share of known questions answered right', parse: share },
  { flags: '--max-batch <n>', meaning: 'most sequences that run at once', parse: whole(1) },
  { flags: '--seed <n>', meaning: 'sim: seed of answers and times', parse: whole(0) },
];

export const SERVE_FLAGS: readonly FlagSpec[] = [
  { flags: '--host <host>', meaning: 'address to listen on', fallback: '127.0.0.1' },
  {
    flags: '--port <port>',
    meaning: 'port to listen on; 0 picks a free one',
    fallback: 8080,
    parse: whole(0, 65_535),
  },
  {
    flags: '--protocols <names>',
    meaning: `what it speaks: all, or a list of ${PROTOCOL_NAMES.join(', ')}`,
    fallback: 'all',
    parse: protocols,
  },
  { flags: '--model-name <name>', meaning: 'name that requests use' },
  { flags: '--api-key <key>', meaning: 'refuse requests without this key' },
  ...ENGINE_FLAGS,
];

export const DEMO_FLAGS: readonly FlagSpec[] = [
  ...ENGINE_FLAGS,
  { flags: '-w, --work-dir <dir>', meaning: 'folder of the results (default: outputs/default)' },
];

/** `all`, or names with commas between them. */
function protocols(text: string): readonly ProtocolName[] | 'all' {
  if (text === 'all') return text;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !PROTOCOL_NAMES.includes(name as ProtocolName));
  if (unknown === undefined) return names as ProtocolName[];
  throw new InvalidArgumentError(
    `There is no protocol "${unknown}". Give all, or a list of ${PROTOCOL_NAMES.join(', ')}.`,
  );
}
