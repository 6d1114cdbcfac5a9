// L-Eval: questions about several documents, for chat models. Score: ROUGE.
//
// The data is not shipped: put LEval/Generation/multidoc_qa.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Generation/ or ./datasets/LEval/LEval/Generation/. Format unseen.
import { entries } from './_leval.js';

export const LEval_multidoc_qa_datasets = entries('multidoc_qa');
