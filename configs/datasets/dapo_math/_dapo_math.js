// What the DAPO-Math configs share.

/** The one entry: how it is asked, beyond what the data itself says, and how it is scored. */
export function entries(template, eval_cfg) {
  return [
    {
      abbr: 'dapo-math-17k',
      type: 'DAPOMathDataset',
      path: 'ais_bench/datasets/dapo-math-17k',
      unique: true, // each problem once; false asks the rows of the file, of which a hundred are the same
      reader_cfg: { input_columns: ['prompt'], output_column: 'answer' },
      infer_cfg: {
        prompt_template: { type: 'PromptTemplate', template },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
      eval_cfg,
    },
  ];
}
