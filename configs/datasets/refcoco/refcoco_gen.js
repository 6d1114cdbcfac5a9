// RefCOCO (things in photographs that are to be found by what is said of them), no worked examples, for chat models that see: right is a
// box that shares half of what it and the right one cover. The photographs lie inside of Parquet files and go into the requests.
//
// The data is not shipped: put the Parquet files of lmms-lab/RefCOCO on Hugging Face, folder data, into
// $AIS_BENCH_DATASETS_CACHE/RefCOCO/data/ or ./datasets/RefCOCO/data/. Format unseen.
import { entries } from './_refcoco.js';

export const refcoco_datasets = entries('RefCOCO', 'RefCOCODataset', 'RefCOCO', [
  'val',
  'test',
  'testA',
  'testB',
]);
