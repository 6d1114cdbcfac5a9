// GPQA Diamond (198 questions that experts find hard) by perplexity: the letter that the model expects most after the question.
// For completion services that tell the log probabilities of a prompt's tokens.
//
// The data is not shipped: put gpqa_diamond.csv of dataset.zip, github.com/idavidrein/gpqa (CC BY 4.0), into
// $AIS_BENCH_DATASETS_CACHE/gpqa/ or ./datasets/gpqa/; name: 'gpqa_main.csv' asks the main set. Format unseen.
import { entries } from './_gpqa.js';

const question = 'Question: {question}\n(A){A}\n(B){B}\n(C){C}\n(D){D}\nAnswer:';

export const gpqa_datasets = entries(
  {
    prompt_template: {
      type: 'PromptTemplate',
      template: { A: `${question} A`, B: `${question} B`, C: `${question} C`, D: `${question} D` },
    },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'PPLInferencer' },
  },
  { evaluator: { type: 'AccwithDetailsEvaluator' } },
);
