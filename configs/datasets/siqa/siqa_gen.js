// AISBench's short name of siqa_gen_0_shot_chat.
export { siqa_datasets } from './siqa_gen_0_shot_chat.js';
