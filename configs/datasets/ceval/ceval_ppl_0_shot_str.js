// C-Eval (1,346 Chinese questions in 52 subjects) by perplexity: the letter that the model expects most after the question. For
// completion services that tell the log probabilities of a prompt's tokens. As in AISBench, the prompts are dialogues, and five
// worked examples stand in front, whatever the name says.
//
// The data is not shipped: put the folders dev and val of ceval-exam.zip, github.com/hkust-nlp/ceval (CC BY-NC-SA 4.0), into
// $AIS_BENCH_DATASETS_CACHE/ceval/formal_ceval/ or ./datasets/ceval/formal_ceval/. Format unseen.
import { entries, examples, question } from './_ceval.js';

const letters = ['A', 'B', 'C', 'D'];

export const ceval_datasets = entries((exam) => {
  const ask = {
    role: 'HUMAN',
    prompt: `下面是${exam}考试的单项选择题，请给出正确选项的字母。\n${question}\n答案: `,
  };
  const claims = letters.map((letter) => [
    letter,
    { begin: '</E>', round: [ask, { role: 'BOT', prompt: letter }] },
  ]);
  return {
    infer_cfg: {
      ice_template: {
        type: 'PromptTemplate',
        template: { round: [ask, { role: 'BOT', prompt: '{answer}' }] },
      },
      prompt_template: { type: 'PromptTemplate', template: Object.fromEntries(claims), ice_token: '</E>' },
      retriever: examples,
      inferencer: { type: 'PPLInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccEvaluator' } },
  };
});
