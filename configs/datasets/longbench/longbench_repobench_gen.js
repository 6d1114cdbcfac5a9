// LongBench: RepoBench-P, 500 next lines of code over several files, for chat models. Scored by the likeness of the line.
//
// The data is not shipped: put the folder data of data.zip, Hugging Face, zai-org/LongBench (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/LongBench/ or ./datasets/LongBench/. Format unseen.
import { entries } from './_longbench.js';

export const LongBench_repobench_datasets = entries('repobench-p');
