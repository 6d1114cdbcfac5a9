// LongBench: SAMSum, 200 summaries of dialogues, after examples, for chat models. Scored by ROUGE-L.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries } from './_longbench.js';

export const LongBench_samsum_datasets = entries('samsum');
