// Prompts of plain English, made up, each of an exact number of tokens of the model's tokenizer: set the model config's `path` to the
// folder of its tokenizer.json. Without one, lengths are counted in words. Keys: docs/datasets.md.

export const synthetic_datasets = [
  {
    abbr: 'synthetic',
    type: 'SyntheticDataset',
    synthetic_config: {
      Type: 'string',
      RequestCount: 10,
      StringConfig: {
        Input: { Method: 'uniform', Params: { MinValue: 1, MaxValue: 200 } },
        Output: { Method: 'gaussian', Params: { Mean: 100, Var: 200, MinValue: 1, MaxValue: 100 } },
      },
    },
    reader_cfg: { input_columns: ['question', 'max_out_len'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
  },
];
