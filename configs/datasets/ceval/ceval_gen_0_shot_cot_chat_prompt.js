// C-Eval (1,346 Chinese questions in 52 subjects), no worked examples, the model reasons first: for chat models. The last option
// letter of the reply is the answer.
//
// The data is not shipped: put the folders dev and val of ceval-exam.zip, github.com/hkust-nlp/ceval (CC BY-NC-SA 4.0), into
// $AIS_BENCH_DATASETS_CACHE/ceval/formal_ceval/ or ./datasets/ceval/formal_ceval/. Format unseen.
import { entries, question } from './_ceval.js';

const how = '请先一步一步地思考，最后一行写成“answer: X”（不带引号），X 是 A、B、C、D 中的一个字母。';

export const ceval_datasets = entries((exam) => ({
  infer_cfg: {
    prompt_template: {
      type: 'PromptTemplate',
      template: {
        round: [{ role: 'HUMAN', prompt: `下面是${exam}考试的一道单项选择题。${how}\n\n${question}` }],
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
