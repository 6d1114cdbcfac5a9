// MMLU (14,042 questions in 57 subjects) by perplexity: the letter that the model expects most after the question. For
// completion services that tell the log probabilities of a prompt's tokens. As in AISBench, five worked examples stand in
// front, whatever the name says.
//
// The data is not shipped: put the folders dev and test of data.tar, github.com/hendrycks/test (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/mmlu/ or ./datasets/mmlu/. A row has the columns input, A to D and target.
import { entries, examples, question } from './_mmlu.js';

const letters = ['A', 'B', 'C', 'D'];

export const mmlu_datasets = entries((topic) => {
  const before = `Questions about ${topic}, each with four options and its answer.\n\n</E>`;
  const claims = letters.map((letter) => [letter, `${before}${question}\nAnswer: ${letter}`]);
  return {
    infer_cfg: {
      ice_template: { type: 'PromptTemplate', template: `${question}\nAnswer: {target}\n` },
      prompt_template: { type: 'PromptTemplate', template: Object.fromEntries(claims), ice_token: '</E>' },
      retriever: examples,
      inferencer: { type: 'PPLInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccwithDetailsEvaluator' } },
  };
});
