// Which task of BIG-Bench Hard is of which kind, for configs that import it from here as from AISBench's module of this name;
// named by itself it is bbh_gen_3_shot_cot_chat.
import { freeForm, multipleChoice } from './_bbh.js';

export { bbh_datasets } from './bbh_gen_3_shot_cot_chat.js';
export const settings = [
  ...multipleChoice.map((name) => [name, 'mcq']),
  ...freeForm.map((name) => [name, 'free_form']),
];
