import type { FlagSpec } from './flag-spec.ts';

/** Flags about data of one's own; docs/datasets.md explains them. */
export const DATA_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--custom-dataset-path <file>',
    meaning: 'a .jsonl, .csv or .parquet file of your own, where --datasets is not given',
  },
  {
    flags: '--custom-dataset-meta-path <file>',
    meaning: 'its meta file (default: <file>.meta.json, if there is one)',
  },
  {
    flags: '--custom-dataset-data-type <type>',
    meaning: 'what it holds (default: mcq if it has options A and B, else qa)',
    choices: ['mcq', 'qa'],
  },
  {
    flags: '--custom-dataset-infer-method <method>',
    meaning: 'how it is asked',
    fallback: 'gen',
    choices: ['gen'],
  },
  {
    flags: '--nonce <text>',
    meaning: 'repeats the made-up prompts of another run (default: new ones, that no cache knows)',
  },
];
