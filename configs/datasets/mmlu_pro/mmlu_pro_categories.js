// The names of MMLU-Pro's categories, for configs that import them from here as from AISBench's module of this name; named by
// itself it is mmlu_pro_gen_0_shot_str.
export { categories } from './_mmlu_pro.js';
export { mmlu_pro_datasets } from './mmlu_pro_gen_0_shot_str.js';
