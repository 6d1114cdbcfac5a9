// Questions of your own: set `path` to a .jsonl or .csv file with the columns question, answer (optional) and max_tokens (optional), e.g.
// --set datasets.0.path=my.jsonl; or leave this config out and give --custom-dataset-path. docs/datasets.md.

export const custom_datasets = [
  {
    abbr: 'custom_qa',
    type: 'CustomDataset',
    path: '',
    data_type: 'qa',
    reader_cfg: { input_columns: ['question', 'max_out_len'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: 'Question: {question}\nAnswer: {answer}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccEvaluator' } },
  },
];
