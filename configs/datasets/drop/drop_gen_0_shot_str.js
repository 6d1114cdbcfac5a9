// DROP (9,536 questions that take counting and reckoning over a passage), no worked examples, as plain text. accuracy is that of whole
// words, as AISBench's kind of it; the authors' own numbers, exact_match and f1, stand beside it.
//
// The data is not shipped: put dev.jsonl of OpenCompass's drop_simple_eval.zip, or drop_dataset_dev.json of drop_dataset.zip,
// allenai.org/data/drop (CC BY-SA 4.0), into $AIS_BENCH_DATASETS_CACHE/drop_simple_eval/ or ./datasets/drop_simple_eval/. Format
// unseen.
import { entry } from './_drop.js';

export const drop_datasets = [entry('')];
