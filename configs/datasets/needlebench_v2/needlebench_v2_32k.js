// NeedleBench V2 up to 32,000 tokens: all three tasks, English and Chinese, for chat models.
//
// The data is not shipped: put the files of opencompass/NeedleBench on Hugging Face into $AIS_BENCH_DATASETS_CACHE/NeedleBench/ or
// ./datasets/NeedleBench/. Format unseen.
import { all } from './_needlebench.js';

export const needlebench_datasets = all('32k');
