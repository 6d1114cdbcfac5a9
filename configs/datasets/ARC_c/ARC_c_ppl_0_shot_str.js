// ARC Challenge, science questions of schools, by perplexity: the choice whose text the model expects most. For completion services
// that tell the log probabilities of a prompt's tokens.
//
// The data is not shipped: put ARC-Challenge-Test.jsonl and ARC-Challenge-Dev.jsonl of ARC-V1-Feb2018-2.zip, allenai.org/data/arc
// (CC BY-SA 4.0), into $AIS_BENCH_DATASETS_CACHE/ARC/ARC-c/ or ./datasets/ARC/ARC-c/. Questions that have not four choices are
// left out, as in AISBench. Format unseen.
import { entries } from './_arc_c.js';

/** The whole text that claims a choice. */
const claim = (letter) => `Question: {question}\nAnswer: {text${letter}}`;

export const ARC_c_datasets = entries(
  {
    prompt_template: {
      type: 'PromptTemplate',
      template: { A: claim('A'), B: claim('B'), C: claim('C'), D: claim('D') },
    },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'PPLInferencer' },
  },
  { evaluator: { type: 'AccEvaluator' } },
);
