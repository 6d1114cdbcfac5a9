// CMMLU (11,582 Chinese questions in 67 subjects) by perplexity: the letter that the model expects most after the question. For
// completion services that tell the log probabilities of a prompt's tokens. As in AISBench, nothing is reasoned, and five worked
// examples stand in front, whatever the name says.
//
// The data is not shipped: put the folders dev and test of cmmlu_v1_0_1.zip, github.com/haonan-li/CMMLU (CC BY-NC 4.0), into
// $AIS_BENCH_DATASETS_CACHE/cmmlu/ or ./datasets/cmmlu/. Format unseen.
import { entries, examples } from './_cmmlu.js';

const letters = ['A', 'B', 'C', 'D'];

export const cmmlu_datasets = entries((topic) => {
  const ask = {
    role: 'HUMAN',
    prompt: `下面是关于${topic}的单项选择题，请直接给出正确选项的字母。\n题目：{question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}`,
  };
  const claims = letters.map((letter) => [
    letter,
    { begin: '</E>', round: [ask, { role: 'BOT', prompt: `答案是: ${letter}` }] },
  ]);
  return {
    infer_cfg: {
      ice_template: {
        type: 'PromptTemplate',
        template: { round: [ask, { role: 'BOT', prompt: '答案是: {answer}' }] },
      },
      prompt_template: { type: 'PromptTemplate', template: Object.fromEntries(claims), ice_token: '</E>' },
      retriever: examples,
      inferencer: { type: 'PPLInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccEvaluator' } },
  };
});
