// LongBench: PassageRetrieval in English, 200 summaries, of which paragraph, for chat models. Scored by the share of the
// numbers in the reply that are right.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries } from './_longbench.js';

export const LongBench_passage_retrieval_en_datasets = entries('passage_retrieval_en');
