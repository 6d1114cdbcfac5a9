// The same as dapo_math_gen_0_shot_str.
export { dapo_math_datasets } from './dapo_math_gen_0_shot_str.js';
