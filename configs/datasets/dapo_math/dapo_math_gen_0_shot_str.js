// DAPO-Math-17k (some 17,000 competition problems, answers are whole numbers), as plain text; the data itself asks for a last line
// "Answer: …".
//
// The data is not shipped: put dapo-math-17k.parquet of Hugging Face, BytedTsinghua-SIA/DAPO-Math-17k (Apache 2.0), into
// $AIS_BENCH_DATASETS_CACHE/dapo-math-17k/ or ./datasets/dapo-math-17k/. Format unseen.
import { entries } from './_dapo_math.js';

export const dapo_math_datasets = entries('{prompt}', {
  evaluator: { type: 'DAPOMathEvaluator' },
  pred_postprocessor: { type: 'dapo_math_postprocess' }, // compat: behind the last "Answer:"
});
