// ARC Challenge, science questions of schools, 25 worked examples, for chat models. The last capital letter of the reply is the answer.
//
// The data is not shipped: put ARC-Challenge-Test.jsonl and ARC-Challenge-Dev.jsonl of ARC-V1-Feb2018-2.zip, allenai.org/data/arc
// (CC BY-SA 4.0), into $AIS_BENCH_DATASETS_CACHE/ARC/ARC-c/ or ./datasets/ARC/ARC-c/. Questions that have not four choices are
// left out, as in AISBench. Format unseen.
import { ask, entries } from './_arc_c.js';

export const ARC_c_datasets = entries(
  {
    ice_template: {
      type: 'PromptTemplate',
      template: { round: [ask, { role: 'BOT', prompt: '{answerKey}' }] },
    },
    prompt_template: {
      type: 'PromptTemplate',
      template: { begin: '</E>', round: [ask] },
      ice_token: '</E>', // the examples go here
    },
    retriever: { type: 'FixKRetriever', fix_id_list: Array.from({ length: 25 }, (_, i) => i) },
    inferencer: { type: 'GenInferencer' },
  },
  {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'last-capital' },
  },
);
