// The same as aime2024_gen_0_shot_str.
export { aime2024_datasets } from './aime2024_gen_0_shot_str.js';
