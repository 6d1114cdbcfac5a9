// RefCOCO as refcoco_gen asks it, whose photographs go into the requests too: AISBench's name of the config that does so there.
//
// The data is not shipped: put the Parquet files of lmms-lab/RefCOCO on Hugging Face, folder data, into
// $AIS_BENCH_DATASETS_CACHE/RefCOCO/data/ or ./datasets/RefCOCO/data/. Format unseen.
import { entries } from './_refcoco.js';

export const refcoco_datasets = entries('RefCOCO_base64', 'RefCOCODataset', 'RefCOCO', [
  'val',
  'test',
  'testA',
  'testB',
]);
