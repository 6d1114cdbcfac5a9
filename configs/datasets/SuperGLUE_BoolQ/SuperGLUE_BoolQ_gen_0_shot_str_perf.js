// BoolQ for performance runs: each prompt is the passage and the bare question, as plain text.
//
// The data is not shipped: put val.jsonl of BoolQ.zip, super.gluebenchmark.com (CC BY-SA 3.0), into
// $AIS_BENCH_DATASETS_CACHE/SuperGLUE/BoolQ/ or ./datasets/SuperGLUE/BoolQ/. Format unseen.
import { entries, zeroShot } from './_boolq.js';

export const BoolQ_datasets = entries(zeroShot('{passage}{question}'), { type: 'first-capital' });
