// What the RealWorldQA configs share.

export const entry = {
  abbr: 'realworldqa',
  type: 'RealworldQADataset',
  path: 'ais_bench/datasets/RealworldQA/data/test-00000-of-00002.parquet',
  reader_cfg: { input_columns: ['content'], output_column: 'answer' },
  infer_cfg: {
    prompt_template: {
      type: 'MMPromptTemplate',
      template: {
        round: [
          {
            role: 'HUMAN',
            prompt_mm: {
              text: { type: 'text', text: '{question}' },
              image: { type: 'image_url', image_url: { url: '{image}' } },
            },
          },
        ],
      },
    },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: { evaluator: { type: 'RealworldQAEvaluator' } },
};
