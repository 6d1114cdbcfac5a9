// BoolQ (3,270 questions about passages, yes or no), no worked examples, as plain text. The first capital letter of the reply is
// the answer.
//
// The data is not shipped: put val.jsonl of BoolQ.zip, super.gluebenchmark.com (CC BY-SA 3.0), into
// $AIS_BENCH_DATASETS_CACHE/SuperGLUE/BoolQ/ or ./datasets/SuperGLUE/BoolQ/. Format unseen.
import { entries, question, zeroShot } from './_boolq.js';

export const BoolQ_datasets = entries(zeroShot(question), { type: 'first-capital' });
