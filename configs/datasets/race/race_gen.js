// Both levels of RACE, as race_middle_gen_5_shot_chat and race_high_gen_5_shot_chat ask them.
import { race_datasets as high } from './race_high_gen_5_shot_chat.js';
import { race_datasets as middle } from './race_middle_gen_5_shot_chat.js';

export const race_datasets = [...middle, ...high];
