// L-Eval: summaries of patents, for chat models. Score: ROUGE.
//
// The data is not shipped: put LEval/Generation/patent_summ.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Generation/ or ./datasets/LEval/LEval/Generation/. Format unseen.
import { entries } from './_leval.js';

export const LEval_patent_summ_datasets = entries('patent_summ');
