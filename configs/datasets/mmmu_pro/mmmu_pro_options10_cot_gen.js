// MMMU-Pro (1,730 questions of MMMU that need their images, ten options each), no worked examples, for chat models that see. The model reasons first; by AISBench's rule
// the last of the letters A to J of its reply counts.
//
// The data is not shipped: put VLMEvalKit's MMMU_Pro_10c.tsv (opencompass.openxlab.space/utils/VLMEval/MMMU_Pro_10c.tsv) into
// $AIS_BENCH_DATASETS_CACHE/mmmu_pro/ or ./datasets/mmmu_pro/. Format unseen.
import { entry } from './_mmmu_pro.js';

export const mmmu_pro_datasets = [entry('options10', true)];
