// RACE, both levels (4,934 questions about articles), by perplexity: the letter that the model expects most after the question.
// For completion services that tell the log probabilities of a prompt's tokens.
//
// The data is not shipped: put the folders test and dev of RACE.tar.gz, www.cs.cmu.edu/~glai1/data/race (for non-commercial
// research), or OpenCompass's test/*.jsonl and validation/*.jsonl, into $AIS_BENCH_DATASETS_CACHE/race/ or ./datasets/race/.
// Format unseen.
import { entry, letterOnly } from './_race.js';

const claim = (letter) => ({
  round: [
    { role: 'HUMAN', prompt: letterOnly },
    { role: 'BOT', prompt: `A: ${letter}` },
  ],
});

const infer_cfg = {
  prompt_template: {
    type: 'PromptTemplate',
    template: { A: claim('A'), B: claim('B'), C: claim('C'), D: claim('D') },
  },
  retriever: { type: 'ZeroRetriever' },
  inferencer: { type: 'PPLInferencer' },
};

export const race_datasets = ['middle', 'high'].map((level) =>
  entry(level, infer_cfg, { evaluator: { type: 'AccEvaluator' } }),
);
