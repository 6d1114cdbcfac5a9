// GSM8K (1,319 grade-school word problems), no examples, worked out step by step, for chat models.
//
// The data is not shipped: put test.jsonl of github.com/openai/grade-school-math (MIT licence) into
// $AIS_BENCH_DATASETS_CACHE/gsm8k/ or ./datasets/gsm8k/.

export const gsm8k_datasets = [
  {
    abbr: 'gsm8k',
    type: 'GSM8KDataset',
    path: 'ais_bench/datasets/gsm8k',
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt: '{question}\nWork it out step by step, and end with the final number in \\boxed{}.',
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'Gsm8kEvaluator' },
      pred_postprocessor: { type: 'gsm8k_postprocess' },
      dataset_postprocessor: { type: 'gsm8k_dataset_postprocess' },
    },
  },
];
