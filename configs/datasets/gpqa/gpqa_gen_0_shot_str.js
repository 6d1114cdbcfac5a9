// GPQA Diamond (198 questions that experts find hard), no worked examples, as plain text.
//
// The data is not shipped: put gpqa_diamond.csv of dataset.zip, github.com/idavidrein/gpqa (CC BY 4.0), into
// $AIS_BENCH_DATASETS_CACHE/gpqa/ or ./datasets/gpqa/; name: 'gpqa_main.csv' asks the main set. Format unseen.
import { entries } from './_gpqa.js';

const template = `Which choice answers this question rightly? {question}
Choices:
(A){A}
(B){B}
(C){C}
(D){D}
Reply in the form "The correct answer is (letter)"`;

export const gpqa_datasets = entries(
  {
    prompt_template: { type: 'PromptTemplate', template },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  {
    evaluator: { type: 'AccwithDetailsEvaluator' },
    pred_postprocessor: { type: 'first_option_postprocess', options: 'ABCD' },
  },
);
