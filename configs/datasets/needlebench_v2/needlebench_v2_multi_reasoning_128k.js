// NeedleBench V2 up to 128,000 tokens: a family told in facts in a long text, English and Chinese, for chat models.
//
// The data is not shipped: put the files of opencompass/NeedleBench on Hugging Face into $AIS_BENCH_DATASETS_CACHE/NeedleBench/ or
// ./datasets/NeedleBench/. Format unseen.
import { multi_reasoning } from './_needlebench.js';

export const needlebench_datasets = multi_reasoning('128k');
