// Twenty questions of our own with two to four choices, answered by perplexity: the choice whose text the model expects most.
// For completion services that tell the log probabilities of a prompt's tokens. Nothing to download: they ship with the package.

/** The whole text that claims an option. A label whose column is null in a row is not one of that row's choices. */
const claim = (letter) => `Question: {question}\nAnswer: {${letter}}`;

export const mcq_datasets = [
  {
    abbr: 'demo_mcq',
    type: 'DemoMcqDataset',
    reader_cfg: { input_columns: ['question', 'A', 'B', 'C', 'D'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: { A: claim('A'), B: claim('B'), C: claim('C'), D: claim('D') },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'PPLInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccEvaluator' } },
  },
];
