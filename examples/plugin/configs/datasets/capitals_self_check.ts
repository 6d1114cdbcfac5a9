/** Found by name: `--plugin ./examples/plugin --datasets capitals_self_check`. */
export const capitals_datasets = [
  {
    abbr: 'capitals',
    type: 'CapitalsDataset',
    reader_cfg: { input_columns: ['country'], output_column: 'capital' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: 'What is the capital of {country}?' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'SelfCheckInferencer' },
    },
    eval_cfg: { evaluator: { type: 'NameEvaluator' } },
  },
];
