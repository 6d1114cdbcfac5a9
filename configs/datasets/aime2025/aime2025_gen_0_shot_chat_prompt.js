// AIME 2025 (30 problems, whole numbers from 0 to 999), each asked as a chat message.
//
// The data is not shipped: put aime2025.jsonl, or the two files of the data set opencompass/AIME2025 (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/aime2025/ or ./datasets/aime2025/. Format unseen: read from a description.
//
// One problem is 3.3 points: read the interval, or ask each problem several times (`n`, `k`).

export const aime2025_datasets = [
  {
    abbr: 'aime2025',
    type: 'Aime2025Dataset',
    path: 'ais_bench/datasets/aime2025',
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt: '{question}\nReason step by step, and put your final answer within \\boxed{}.',
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
