// RACE, middle schools (1,436 questions about articles), five worked examples, for chat models. The first capital letter of
// the reply is the answer.
//
// The data is not shipped: put the folders test and dev of RACE.tar.gz, www.cs.cmu.edu/~glai1/data/race (for non-commercial
// research), or OpenCompass's test/*.jsonl and validation/*.jsonl, into $AIS_BENCH_DATASETS_CACHE/race/ or ./datasets/race/.
// Format unseen.
import { entry, fiveShot, letterOnly } from './_race.js';

export const race_datasets = [
  entry('middle', fiveShot(`${letterOnly}\nAnswer:`), {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'first-capital' },
  }),
];
