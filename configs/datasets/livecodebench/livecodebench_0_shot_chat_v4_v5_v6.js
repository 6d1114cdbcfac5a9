// LiveCodeBench, problems of contests from August 2024 to May 2025, for chat models. Score: pass@1, and that of easy, medium and hard ones.
//
// The data is not shipped: put test4.jsonl, test5.jsonl and test6.jsonl of Hugging Face, livecodebench/code_generation_lite (CC), into
// $AIS_BENCH_DATASETS_CACHE/code_generation_lite/ or ./datasets/code_generation_lite/. Format unseen.
//
// Answers are programs. They are run in a sandbox on this machine, with python3, and only where they can be contained:
// docs/scoring-code.md.
import { entries } from './_livecodebench.js';

export const LCB_datasets = entries('v4_v6');
