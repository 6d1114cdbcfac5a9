// LongBench: TriviaQA, 200 questions about a passage, after examples, for chat models. Scored by F1 of words.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries } from './_longbench.js';

export const LongBench_triviaqa_datasets = entries('triviaqa');
