// RefCOCO+ (things in photographs that are to be found by what is said of them), no worked examples, for chat models that see: right is a
// box that shares half of what it and the right one cover. The photographs lie inside of Parquet files and go into the requests.
//
// The data is not shipped: put the Parquet files of lmms-lab/RefCOCOplus on Hugging Face, folder data, into
// $AIS_BENCH_DATASETS_CACHE/RefCOCOplus/data/ or ./datasets/RefCOCOplus/data/. Format unseen.
import { entries } from '../refcoco/_refcoco.js';

export const refcoco_plus_datasets = entries('RefCOCOPlus', 'RefCOCOPlusDataset', 'RefCOCOplus', [
  'val',
  'testA',
  'testB',
]);
