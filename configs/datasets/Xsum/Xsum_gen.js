// AISBench's short name of Xsum_gen_0_shot_chat.
export { Xsum_datasets } from './Xsum_gen_0_shot_chat.js';
