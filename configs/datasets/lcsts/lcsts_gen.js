// AISBench's short name of lcsts_gen_0_shot_chat.
export { lcsts_datasets } from './lcsts_gen_0_shot_chat.js';
