import { MODEL_OVERRIDES } from '../config/flags.ts';
import { type FlagSpec, RUN_FLAGS, toOption } from './flags.ts';

const CONFIG_DIR = RUN_FLAGS.filter(({ flags }) => flags.startsWith('--config-dir '));

export const NEW_FLAGS: readonly FlagSpec[] = [
  ...CONFIG_DIR,
  { flags: '--force', meaning: 'overwrite files that are there' },
];

/** What changes a model in a run changes it in a check. */
const OF_A_MODEL = new Set([...Object.keys(MODEL_OVERRIDES), 'header', 'set', 'configDir']);

export const CHECK_FLAGS: readonly FlagSpec[] = RUN_FLAGS.filter((spec) =>
  OF_A_MODEL.has(toOption(spec).attributeName()),
);
