// BoolQ (3,270 questions about passages, yes or no), no worked examples, answered at once, as plain text.
//
// The data is not shipped: put val.jsonl of BoolQ.zip, super.gluebenchmark.com (CC BY-SA 3.0), into
// $AIS_BENCH_DATASETS_CACHE/SuperGLUE/BoolQ/ or ./datasets/SuperGLUE/BoolQ/. Format unseen.
import { entries, zeroShot } from './_boolq.js';

const template = `Answer the question about the passage. End with a line 'ANSWER: X' (without the
quotes), where X is A or B.

Passage: {passage}

Question: {question}

A. Yes
B. No`;

export const BoolQ_datasets = entries(zeroShot(template), {
  type: 'first_option_postprocess',
  options: 'AB',
});
