// MMLU (14,042 questions in 57 subjects), five worked examples, for chat models.
//
// The data is not shipped: put the folders dev and test of data.tar, github.com/hendrycks/test (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/mmlu/ or ./datasets/mmlu/. A row has the columns input, A to D and target.
import { entries, examples, question } from './_mmlu.js';

export const mmlu_datasets = entries((topic) => {
  const ask = {
    role: 'HUMAN',
    prompt: `A question about ${topic}. Reply with the letter of the right option: A, B, C or D.\nQuestion: ${question}\nAnswer: `,
  };
  return {
    infer_cfg: {
      ice_template: {
        type: 'PromptTemplate',
        template: { round: [ask, { role: 'BOT', prompt: '{target}\n' }] },
      },
      prompt_template: {
        type: 'PromptTemplate',
        template: { begin: '</E>', round: [ask] },
        ice_token: '</E>', // the examples go here
      },
      retriever: examples,
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'AccwithDetailsEvaluator' },
      pred_postprocessor: { type: 'first_option_postprocess', options: 'ABCD' },
    },
  };
});
