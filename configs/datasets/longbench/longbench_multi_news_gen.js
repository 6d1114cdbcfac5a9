// LongBench: MultiNews, 200 summaries of several articles, for chat models. Scored by ROUGE-L.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries } from './_longbench.js';

export const LongBench_multi_news_datasets = entries('multi_news');
