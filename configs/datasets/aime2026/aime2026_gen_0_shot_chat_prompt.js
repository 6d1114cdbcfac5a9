// AIME 2026 (30 problems, whole numbers from 0 to 999), each asked as a chat message.
//
// The data is not shipped: put aime2026.jsonl (rows question, answer) into $AIS_BENCH_DATASETS_CACHE/aime2026/ or
// ./datasets/aime2026/. Format unseen: taken to be that of 2025.
//
// One problem is 3.3 points: read the interval, or ask each problem several times (`n`, `k`).

export const aime2026_datasets = [
  {
    abbr: 'aime2026',
    type: 'Aime2026Dataset',
    path: 'ais_bench/datasets/aime2026',
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
