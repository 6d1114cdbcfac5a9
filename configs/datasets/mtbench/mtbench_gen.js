// Eighty dialogues of two turns, every turn asked with what the model itself answered before. For performance runs.
//
// The data is not shipped: put question.jsonl, rows {question_id, prompt: [..], reference?: [..]}, into
// $AIS_BENCH_DATASETS_CACHE/mtbench/ or ./datasets/mtbench/, or set `path` to the file.

export const mtbench_datasets = [
  {
    abbr: 'mtbench',
    type: 'MTBenchDataset',
    path: 'ais_bench/datasets/mtbench',
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
