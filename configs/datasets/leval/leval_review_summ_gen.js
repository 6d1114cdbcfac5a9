// L-Eval: summaries of reviews, for chat models. Score: ROUGE.
//
// The data is not shipped: put LEval/Generation/review_summ.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Generation/ or ./datasets/LEval/LEval/Generation/. Format unseen.
import { entries } from './_leval.js';

export const LEval_review_summ_datasets = entries('review_summ');
