// LongBench, all 21 tasks (4,750 questions on long texts in English, Chinese and code), for chat models, each scored in its own way. The
// scores of three Chinese tasks are of characters, where AISBench counts jieba's words: not comparable.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries, tasks } from './_longbench.js';

export const longbench_datasets = Object.keys(tasks).flatMap(entries);
