// L-Eval: sections of scientific papers, for chat models. Score: ROUGE.
//
// The data is not shipped: put LEval/Generation/paper_assistant.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Generation/ or ./datasets/LEval/LEval/Generation/. Format unseen.
import { entries } from './_leval.js';

export const LEval_paper_assistant_datasets = entries('paper_assistant');
