// HellaSwag (10,042 beginnings with four endings) by perplexity: the ending that the model expects most. For completion services
// that tell the log probabilities of a prompt's tokens.
//
// The data is not shipped: put hellaswag_val.jsonl of github.com/rowanz/hellaswag (MIT licence), or the hellaswag.jsonl that
// OpenCompass made of it, into $AIS_BENCH_DATASETS_CACHE/hellaswag/ or ./datasets/hellaswag/. Format unseen.

/** The beginning and an ending; labels are numbers from 0. */
const claim = (letter) => ({
  round: [
    { role: 'HUMAN', prompt: '{ctx}' },
    { role: 'BOT', prompt: `{${letter}}` },
  ],
});

export const hellaswag_datasets = [
  {
    abbr: 'hellaswag',
    type: 'HellaswagDataset',
    path: 'ais_bench/datasets/hellaswag/hellaswag.jsonl',
    reader_cfg: { input_columns: ['ctx', 'A', 'B', 'C', 'D'], output_column: 'label' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: { 0: claim('A'), 1: claim('B'), 2: claim('C'), 3: claim('D') },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'PPLInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccEvaluator' } },
  },
];
