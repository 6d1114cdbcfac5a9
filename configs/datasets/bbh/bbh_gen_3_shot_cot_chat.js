// BIG-Bench Hard (6,511 questions in 27 tasks), three worked examples that reason, for chat models. BBH is the mean of the tasks.
//
// The data is not shipped: put the folders bbh and cot-prompts of github.com/suzgunmirac/BIG-Bench-Hard (MIT licence) side by
// side into $AIS_BENCH_DATASETS_CACHE or ./datasets. The worked examples are the texts of cot-prompts (or of lib_prompt, in
// AISBench's layout BBH/data and BBH/lib_prompt); where they are not there, the run says so and asks without them.
import { bbh_datasets as freeForm } from './bbh_free_form_sets_lib_prompt.js';
import { bbh_datasets as multipleChoice } from './bbh_multiple_choice_sets_lib_prompt.js';

export const bbh_datasets = [...multipleChoice, ...freeForm];
