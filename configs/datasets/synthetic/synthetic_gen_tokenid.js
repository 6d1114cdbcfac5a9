// Prompts of random tokens of the model's vocabulary, each of an exact number of tokens: set the model config's `path` to the folder of
// its tokenizer.json. Answers are as long as the model config's max_out_len. Keys: docs/datasets.md.

export const synthetic_datasets = [
  {
    abbr: 'synthetic',
    type: 'SyntheticDataset',
    synthetic_config: {
      Type: 'tokenid',
      RequestCount: 10,
      TokenIdConfig: { RequestSize: 10, PrefixLen: 0 },
    },
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
  },
];
