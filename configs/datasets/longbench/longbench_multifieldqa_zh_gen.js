// LongBench: MultiFieldQA in Chinese, 200 questions about long articles, for chat models. Scored by F1 of characters,
// where AISBench counts jieba's words: not comparable.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries } from './_longbench.js';

export const LongBench_multifieldqa_zh_datasets = entries('multifieldqa_zh');
