// The same as aime2026_gen_0_shot_str.
export { aime2026_datasets } from './aime2026_gen_0_shot_str.js';
