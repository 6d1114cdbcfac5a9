// LAMBADA (5,153 passages without their last word), no worked examples, for chat models. The first word of the reply counts.
//
// The data is not shipped: put OpenCompass's test.jsonl, or lambada_test_plain_text.txt of lambada-dataset.tar.gz,
// zenodo.org/record/2630551 (CC BY 4.0), into $AIS_BENCH_DATASETS_CACHE/lambada/ or ./datasets/lambada/. Format unseen.
import { ask, entry } from './_lambada.js';

export const lambada_datasets = [entry({ round: [{ role: 'HUMAN', prompt: ask }] })];
