// C-Eval (1,346 Chinese questions in 52 subjects), no worked examples, as plain text. The first capital letter of the reply is
// the answer.
//
// The data is not shipped: put the folders dev and val of ceval-exam.zip, github.com/hkust-nlp/ceval (CC BY-NC-SA 4.0), into
// $AIS_BENCH_DATASETS_CACHE/ceval/formal_ceval/ or ./datasets/ceval/formal_ceval/. Format unseen.
import { entries, question } from './_ceval.js';

export const ceval_datasets = entries((exam) => ({
  infer_cfg: {
    prompt_template: {
      type: 'PromptTemplate',
      template: `下面是${exam}考试的单项选择题，请给出正确选项的字母。\n${question}\n答案: `,
    },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'first-capital' },
  },
}));
