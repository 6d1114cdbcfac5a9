// LongBench: DuReader, 200 Chinese questions about several articles, for chat models. Scored by ROUGE-L of characters,
// where AISBench counts jieba's words: not comparable.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries } from './_longbench.js';

export const LongBench_dureader_datasets = entries('dureader');
