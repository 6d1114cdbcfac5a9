// AISBench's short name of mmlu_gen_5_shot_str.
export { mmlu_datasets } from './mmlu_gen_5_shot_str.js';
