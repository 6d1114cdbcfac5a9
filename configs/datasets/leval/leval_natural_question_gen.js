// L-Eval: questions about articles of an encyclopedia, for chat models. Score: ROUGE.
//
// The data is not shipped: put LEval/Generation/natural_question.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Generation/ or ./datasets/LEval/LEval/Generation/. Format unseen.
import { entries } from './_leval.js';

export const LEval_natural_question_datasets = entries('natural_question');
