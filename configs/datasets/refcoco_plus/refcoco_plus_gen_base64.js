// RefCOCO+ as refcoco_plus_gen asks it, whose photographs go into the requests too: AISBench's name of the config that does so there.
//
// The data is not shipped: put the Parquet files of lmms-lab/RefCOCOplus on Hugging Face, folder data, into
// $AIS_BENCH_DATASETS_CACHE/RefCOCOplus/data/ or ./datasets/RefCOCOplus/data/. Format unseen.
import { entries } from '../refcoco/_refcoco.js';

export const refcoco_plus_datasets = entries('RefCOCOPlus_base64', 'RefCOCOPlusDataset', 'RefCOCOplus', [
  'val',
  'testA',
  'testB',
]);
