// GSM8K as AISBench's short name has it: four worked examples, as plain text.
export { gsm8k_datasets } from './gsm8k_gen_4_shot_cot_str.js';
