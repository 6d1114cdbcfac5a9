// MMMU-Pro (1,730 questions of MMMU as screenshots that hold the question too), no worked examples, for chat models that see. The letter alone.
//
// The data is not shipped: put VLMEvalKit's MMMU_Pro_V.tsv (opencompass.openxlab.space/utils/VLMEval/MMMU_Pro_V.tsv) into
// $AIS_BENCH_DATASETS_CACHE/mmmu_pro/ or ./datasets/mmmu_pro/. Format unseen.
import { entry } from './_mmmu_pro.js';

export const mmmu_pro_datasets = [entry('vision', false)];
