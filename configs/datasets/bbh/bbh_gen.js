// AISBench's short name of bbh_gen_3_shot_cot_chat.
export { bbh_datasets } from './bbh_gen_3_shot_cot_chat.js';
