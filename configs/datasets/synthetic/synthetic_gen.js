// The same as synthetic_gen_tokenid: ten prompts of ten random tokens. Change it with --set, or write your own: docs/datasets.md.

export { synthetic_datasets } from './synthetic_gen_tokenid.js';
