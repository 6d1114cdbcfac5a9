// MMLU (14,042 questions in 57 subjects), no worked examples, the model reasons first: for chat models. The last option letter
// of the reply is the answer.
//
// The data is not shipped: put the folders dev and test of data.tar, github.com/hendrycks/test (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/mmlu/ or ./datasets/mmlu/. A row has the columns input, A to D and target.
import { entries, question } from './_mmlu.js';

const how =
  'Think step by step, then end with a line "Answer: X" (without the quotes), where X is A, B, C or D.';

export const mmlu_datasets = entries((topic) => ({
  infer_cfg: {
    prompt_template: {
      type: 'PromptTemplate',
      template: {
        round: [
          {
            role: 'HUMAN',
            prompt: `A question about ${topic}; one option is right. ${how}\n\nQuestion: ${question}`,
          },
        ],
      },
    },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'last_option_postprocess', options: 'ABCD' },
  },
}));
