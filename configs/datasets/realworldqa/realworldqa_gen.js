// RealWorldQA (765 questions about photographs of streets and the like), no worked examples, for chat models that see. The model reasons
// first; the line "ANSWER: …" of its reply counts. The images lie inside of Parquet files and go into the requests.
//
// The data is not shipped: put the two files of huggingface.co/datasets/xai-org/RealworldQA, folder data, (CC BY-ND 4.0) into
// $AIS_BENCH_DATASETS_CACHE/RealworldQA/data/ or ./datasets/RealworldQA/data/. Format unseen.
import { entry } from './_realworldqa.js';

export const realworldqa_datasets = [entry];
