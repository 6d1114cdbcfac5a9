// RefCOCOg as refcocog_gen asks it, whose photographs go into the requests too: AISBench's name of the config that does so there.
//
// The data is not shipped: put the Parquet files of lmms-lab/RefCOCOg on Hugging Face, folder data, into
// $AIS_BENCH_DATASETS_CACHE/RefCOCOg/data/ or ./datasets/RefCOCOg/data/. Format unseen.
import { entries } from '../refcoco/_refcoco.js';

export const refcocog_datasets = entries('RefCOCOg_base64', 'RefCOCOgDataset', 'RefCOCOg', ['val', 'test']);
