// PIQA (1,838 goals with two ways to reach them) by perplexity: the way that the model expects more. For completion services
// that tell the log probabilities of a prompt's tokens.
//
// The data is not shipped: put dev.jsonl and dev-labels.lst of physicaliqa-train-dev.zip, yonatanbisk.com/piqa (Academic Free
// License 3.0), into $AIS_BENCH_DATASETS_CACHE/physicaliqa-train-dev/ or ./datasets/physicaliqa-train-dev/. Format unseen.

/** The goal and a way; labels are numbers from 0. */
const claim = (column) => `What follows makes sense:\nQ: {goal}\nA: {${column}}\n`;

export const piqa_datasets = [
  {
    abbr: 'piqa',
    type: 'PIQADataset',
    path: 'ais_bench/datasets/piqa',
    reader_cfg: {
      input_columns: ['goal', 'sol1', 'sol2'],
      output_column: 'label',
      test_split: 'validation',
    },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: { 0: claim('sol1'), 1: claim('sol2') } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'PPLInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccEvaluator' } },
  },
];
