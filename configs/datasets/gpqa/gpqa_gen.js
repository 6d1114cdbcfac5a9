// AISBench's short name of gpqa_gen_0_shot_str.
export { gpqa_datasets } from './gpqa_gen_0_shot_str.js';
