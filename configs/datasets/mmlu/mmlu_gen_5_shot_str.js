// MMLU (14,042 questions in 57 subjects), five worked examples, as plain text: for base models. The first capital letter of
// the reply is the answer.
//
// The data is not shipped: put the folders dev and test of data.tar, github.com/hendrycks/test (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/mmlu/ or ./datasets/mmlu/. A row has the columns input, A to D and target.
import { entries, examples, question } from './_mmlu.js';

export const mmlu_datasets = entries((topic) => ({
  infer_cfg: {
    ice_template: { type: 'PromptTemplate', template: `${question}\nAnswer: {target}\n` },
    prompt_template: {
      type: 'PromptTemplate',
      template: `Questions about ${topic}, each with four options and its answer.\n\n</E>${question}\nAnswer:`,
      ice_token: '</E>', // the examples go here
    },
    retriever: examples,
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'first-capital' },
  },
}));
