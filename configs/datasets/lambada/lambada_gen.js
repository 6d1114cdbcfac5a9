// AISBench's short name of lambada_gen_0_shot_chat.
export { lambada_datasets } from './lambada_gen_0_shot_chat.js';
