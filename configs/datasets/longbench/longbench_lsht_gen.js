// LongBench: LSHT, 200 Chinese news to be classed after examples, for chat models. Scored by 1 over the number of classes
// named.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries } from './_longbench.js';

export const LongBench_lsht_datasets = entries('lsht');
