// NeedleBench V2: one, five, ten, fifteen and twenty facts in texts of 5,000 to 8,000 tokens, English and Chinese, for chat models.
//
// The data is not shipped: put the files of opencompass/NeedleBench on Hugging Face into $AIS_BENCH_DATASETS_CACHE/NeedleBench/ or
// ./datasets/NeedleBench/. Format unseen.
import { compare_batch } from './_needlebench.js';

export const needlebench_datasets = compare_batch();
