// MATH-500 (500 problems of American competitions), for chat models; AISBench compares the answers as texts, version v2.
//
// The data is not shipped: put test.jsonl of github.com/openai/prm800k (folder prm800k/math_splits, MIT licence) into
// $AIS_BENCH_DATASETS_CACHE/math/ (or math500/) or ./datasets/math/.

export const math_datasets = [
  {
    abbr: 'math_prm800k_500',
    type: 'MATHDataset',
    path: 'ais_bench/datasets/math',
    reader_cfg: { input_columns: ['problem'], output_column: 'solution' }, // the gold answer alone
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt: '{problem}\nReason step by step, and put your final answer within \\boxed{}.',
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'MATHEvaluator', version: 'v2' },
      pred_postprocessor: { type: 'math_postprocess_v2' },
      rules: 'fixed', // 'compat' makes AISBench's comparison of texts the headline; both are always computed
    },
  },
];
