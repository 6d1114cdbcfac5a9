// Multiple choice of your own: set `path` to a .jsonl or .csv file with the columns question, A, B, …, answer (a letter) and max_tokens
// (optional). docs/datasets.md.

export const custom_datasets = [
  {
    abbr: 'custom_mcq',
    type: 'CustomDataset',
    path: '',
    data_type: 'mcq',
    reader_cfg: { input_columns: ['question', 'choices', 'max_out_len'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: 'Question: {question}\n{choices}Answer: {answer}',
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: 'OptionSimAccEvaluator' } }, // options: the letters; those of each row unless told
  },
];
