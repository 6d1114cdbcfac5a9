// L-Eval: topics of a long conversation, for chat models. Score: score, the share of topics that are named.
//
// The data is not shipped: put LEval/Exam/topic_retrieval_longchat.jsonl of Hugging Face, L4NLP/LEval (GPL 3.0), into
// $AIS_BENCH_DATASETS_CACHE/LEval/LEval/Exam/ or ./datasets/LEval/LEval/Exam/. Format unseen.
import { entries } from './_leval.js';

export const LEval_topic_retrieval_datasets = entries('topic_retrieval');
