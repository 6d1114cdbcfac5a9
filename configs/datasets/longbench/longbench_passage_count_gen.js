// LongBench: PassageCount, 200 times how many paragraphs differ, for chat models. Scored by the share of the numbers in
// the reply that are right.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries } from './_longbench.js';

export const LongBench_passage_count_datasets = entries('passage_count');
