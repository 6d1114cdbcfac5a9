// GPQA Diamond (198 questions that experts find hard), no worked examples, the model reasons first: for chat models. The letter
// after the last "Answer:" is the answer. With type: 'GPQASimpleEvalDataset' every question is asked four times, its choices in
// the orders of OpenAI's simple-evals.
//
// The data is not shipped: put gpqa_diamond.csv of dataset.zip, github.com/idavidrein/gpqa (CC BY 4.0), into
// $AIS_BENCH_DATASETS_CACHE/gpqa/ or ./datasets/gpqa/; name: 'gpqa_main.csv' asks the main set. Format unseen.
import { entries } from './_gpqa.js';

const prompt = `Answer this question, of whose choices one is right. Think step by step, then end with a line
'Answer: X' (without the quotes), where X is A, B, C or D.

{question}

A) {A}
B) {B}
C) {C}
D) {D}`;

export const gpqa_datasets = entries(
  {
    prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt }] } },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  {
    evaluator: { type: 'AccwithDetailsEvaluator' },
    pred_postprocessor: { type: 'GPQA_Simple_Eval_postprocess' },
  },
);
