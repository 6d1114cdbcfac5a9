// C-Eval for performance runs: each prompt is the bare question, as plain text.
//
// The data is not shipped: put the folders dev and val of ceval-exam.zip, github.com/hkust-nlp/ceval (CC BY-NC-SA 4.0), into
// $AIS_BENCH_DATASETS_CACHE/ceval/formal_ceval/ or ./datasets/ceval/formal_ceval/. Format unseen.
import { entries } from './_ceval.js';

export const ceval_datasets = entries(() => ({
  infer_cfg: {
    prompt_template: { type: 'PromptTemplate', template: '{question}\n' },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'first-capital' },
  },
}));
