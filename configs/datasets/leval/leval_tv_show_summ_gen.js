// L-Eval: summaries of scripts, for chat models. Score: ROUGE.
//
// The data is not shipped: put LEval/Generation/tv_show_summ.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Generation/ or ./datasets/LEval/LEval/Generation/. Format unseen.
import { entries } from './_leval.js';

export const LEval_tv_show_summ_datasets = entries('tv_show_summ');
