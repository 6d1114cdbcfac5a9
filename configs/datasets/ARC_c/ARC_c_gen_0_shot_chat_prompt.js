// ARC Challenge, science questions of schools, no worked examples, for chat models. The last option letter of the reply is the answer.
//
// The data is not shipped: put ARC-Challenge-Test.jsonl and ARC-Challenge-Dev.jsonl of ARC-V1-Feb2018-2.zip, allenai.org/data/arc
// (CC BY-SA 4.0), into $AIS_BENCH_DATASETS_CACHE/ARC/ARC-c/ or ./datasets/ARC/ARC-c/. Questions that have not four choices are
// left out, as in AISBench. Format unseen.
import { ask, entries } from './_arc_c.js';

export const ARC_c_datasets = entries(
  {
    prompt_template: { type: 'PromptTemplate', template: { round: [ask] } },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'last_option_postprocess', options: 'ABCD' },
  },
);
