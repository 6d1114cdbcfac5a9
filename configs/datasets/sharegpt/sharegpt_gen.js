// Dialogues of people with a model, every turn asked with what the model itself answered before. For performance runs.
//
// The data is not shipped: put ShareGPT_V3_unfiltered_cleaned_split.json into $AIS_BENCH_DATASETS_CACHE/sharegpt/ or
// ./datasets/sharegpt/, or set `path` to the file.

export const sharegpt_datasets = [
  {
    abbr: 'sharegpt',
    type: 'ShareGPTDataset',
    path: 'ais_bench/datasets/sharegpt',
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'MultiTurnPromptTemplate',
        template: {
          round: [
            { role: 'HUMAN', prompt: '{question}' },
            { role: 'BOT', prompt: '{answer}' },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'MultiTurnGenInferencer', infer_mode: 'every' }, // or last, every_with_gt
    },
  },
];
