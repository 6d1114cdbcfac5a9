// L-Eval: questions about contracts, for chat models. Score: ROUGE.
//
// The data is not shipped: put LEval/Generation/legal_contract_qa.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Generation/ or ./datasets/LEval/LEval/Generation/. Format unseen.
import { entries } from './_leval.js';

export const LEval_legal_contract_qa_datasets = entries('legal_contract_qa');
