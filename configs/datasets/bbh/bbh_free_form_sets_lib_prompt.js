// The 10 free-form tasks of BIG-Bench Hard, three worked examples that reason, for chat models. In AISBench a part of
// bbh_gen_3_shot_cot_chat.
//
// The data is not shipped: put the folders bbh and cot-prompts of github.com/suzgunmirac/BIG-Bench-Hard (MIT licence) side by
// side into $AIS_BENCH_DATASETS_CACHE or ./datasets. The worked examples are the texts of cot-prompts (or of lib_prompt, in
// AISBench's layout BBH/data and BBH/lib_prompt); where they are not there, the run says so and asks without them.
import { entries, freeForm } from './_bbh.js';

export const bbh_datasets = entries(freeForm, {
  evaluator: { type: 'BBHEvaluator' },
  pred_postprocessor: { type: 'bbh-freeform' },
});
