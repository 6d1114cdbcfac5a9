// CMMLU (11,582 Chinese questions in 67 subjects), five worked examples that give the letter alone, the model reasons first: for
// chat models. The letter after "答案:" is the answer.
//
// The data is not shipped: put the folders dev and test of cmmlu_v1_0_1.zip, github.com/haonan-li/CMMLU (CC BY-NC 4.0), into
// $AIS_BENCH_DATASETS_CACHE/cmmlu/ or ./datasets/cmmlu/. Format unseen.
import { entries, examples, reasoning, stated } from './_cmmlu.js';

export const cmmlu_datasets = entries((topic) => ({
  infer_cfg: {
    ice_template: {
      type: 'PromptTemplate',
      template: { round: [reasoning(topic), { role: 'BOT', prompt: '答案: {answer}\n' }] },
    },
    prompt_template: {
      type: 'PromptTemplate',
      template: { begin: '</E>', round: [reasoning(topic)] },
      ice_token: '</E>', // the examples go here
    },
    retriever: examples,
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: stated,
}));
