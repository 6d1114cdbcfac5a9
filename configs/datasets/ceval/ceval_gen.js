// AISBench's short name of ceval_gen_5_shot_str.
export { ceval_datasets } from './ceval_gen_5_shot_str.js';
