// L-Eval: multiple choice about lectures, for chat models. Score: accuracy; a question may have several right options.
//
// The data is not shipped: put LEval/Exam/coursera.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Exam/ or ./datasets/LEval/LEval/Exam/. Format unseen.
import { entries } from './_leval.js';

export const LEval_coursera_datasets = entries('coursera');
