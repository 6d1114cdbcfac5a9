// NeedleBench V2's Ancestral Trace Challenge (9 tasks of 40 questions): who is related to whom in families of 3 to 513, for chat models.
//
// The data is not shipped: put names.json of opencompass/NeedleBench on Hugging Face into $AIS_BENCH_DATASETS_CACHE/NeedleBench/ or
// ./datasets/NeedleBench/. Format unseen.
import { atc } from './_needlebench.js';

export const needlebench_datasets = atc();
