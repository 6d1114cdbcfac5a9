// AISBench's short name of SuperGLUE_BoolQ_gen_0_shot_str.
export { BoolQ_datasets } from './SuperGLUE_BoolQ_gen_0_shot_str.js';
