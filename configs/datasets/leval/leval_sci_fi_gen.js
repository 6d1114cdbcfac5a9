// L-Eval: statements about stories of science fiction, for chat models. Score: accuracy.
//
// The data is not shipped: put LEval/Exam/sci_fi.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Exam/ or ./datasets/LEval/LEval/Exam/. Format unseen.
import { entries } from './_leval.js';

export const LEval_sci_fi_datasets = entries('sci_fi');
