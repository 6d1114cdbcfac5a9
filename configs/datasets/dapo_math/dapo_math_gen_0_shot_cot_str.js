// DAPO-Math-17k (some 17,000 competition problems, answers are whole numbers), as plain text; the answer is asked for in a box.
//
// The data is not shipped: put dapo-math-17k.parquet of Hugging Face, BytedTsinghua-SIA/DAPO-Math-17k (Apache 2.0), into
// $AIS_BENCH_DATASETS_CACHE/dapo-math-17k/ or ./datasets/dapo-math-17k/. Format unseen.
import { entries } from './_dapo_math.js';

export const dapo_math_datasets = entries(
  '{prompt}\nReason step by step, and put your final answer within \\boxed{}.',
  {
    evaluator: { type: 'DAPOMathEvaluatorV2' },
    pred_postprocessor: { type: 'dapo_math_postprocess_v2' }, // compat: a box in the last hundred characters
  },
);
