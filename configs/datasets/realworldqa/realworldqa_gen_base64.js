// RealWorldQA as realworldqa_gen asks it, whose images go into the requests too: AISBench's name of the config that does so there.
//
// The data is not shipped: put the two files of huggingface.co/datasets/xai-org/RealworldQA, folder data, (CC BY-ND 4.0) into
// $AIS_BENCH_DATASETS_CACHE/RealworldQA/data/ or ./datasets/RealworldQA/data/. Format unseen.
export { realworldqa_datasets } from './realworldqa_gen.js';
