// CMMLU (11,582 Chinese questions in 67 subjects), no worked examples, the model reasons first: for chat models. The letter after
// "答案:" is the answer.
//
// The data is not shipped: put the folders dev and test of cmmlu_v1_0_1.zip, github.com/haonan-li/CMMLU (CC BY-NC 4.0), into
// $AIS_BENCH_DATASETS_CACHE/cmmlu/ or ./datasets/cmmlu/. Format unseen.
import { entries, reasoning, stated } from './_cmmlu.js';

export const cmmlu_datasets = entries((topic) => ({
  infer_cfg: {
    prompt_template: { type: 'PromptTemplate', template: { round: [reasoning(topic)] } },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: stated,
}));
